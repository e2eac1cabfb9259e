using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace ChainCheckout.Standalone;

/// <summary>One IPv4 address of a network interface.</summary>
/// <param name="HasGateway">Its interface leads somewhere else.</param>
public readonly record struct InterfaceAddress(IPAddress Address, bool HasGateway);

/// <summary>The address by which other machines reach this one: a container knows its own only once it runs.</summary>
public static class OwnAddress
{
    /// <summary>Null where the machine has none but loopback.</summary>
    public static IPAddress? Find() => Choose(
        from one in NetworkInterface.GetAllNetworkInterfaces()
        where one.OperationalStatus == OperationalStatus.Up && one.NetworkInterfaceType != NetworkInterfaceType.Loopback
        let properties = one.GetIPProperties()
        let hasGateway = properties.GatewayAddresses.Any(gateway => gateway.Address.AddressFamily == AddressFamily.InterNetwork)
        from address in properties.UnicastAddresses
        select new InterfaceAddress(address.Address, hasGateway));

    /// <summary>The first IPv4 address that is neither loopback nor link-local; one whose interface has a gateway before the others.</summary>
    public static IPAddress? Choose(IEnumerable<InterfaceAddress> known) => known
        .Where(one => one.Address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(one.Address) && !IsLinkLocal(one.Address))
        .OrderByDescending(one => one.HasGateway)
        .Select(one => one.Address)
        .FirstOrDefault();

    private static bool IsLinkLocal(IPAddress address) => address.GetAddressBytes() is [169, 254, ..];
}
