using System.Net;
using ChainCheckout.Standalone;

namespace ChainCheckout.Tests.Standalone;

public sealed class OwnAddressTests
{
    [Theory]
    [InlineData("172.18.0.3", "172.18.0.3")]
    [InlineData("127.0.0.1 172.18.0.3", "172.18.0.3")]
    [InlineData("::1 fe80::1 2001:db8::7 10.0.0.7", "10.0.0.7")]
    [InlineData("169.254.7.7 10.0.0.7", "10.0.0.7")]
    [InlineData("10.0.0.7 192.168.1.7+", "192.168.1.7")]
    [InlineData("10.0.0.7+ 192.168.1.7+", "10.0.0.7")]
    [InlineData("169.254.7.7+ 10.0.0.7", "10.0.0.7")]
    [InlineData("127.0.0.1 ::1 2001:db8::7+", null)]
    [InlineData("", null)]
    public void TheFirstThatOthersCanReach_IsChosen_OneWithAGatewayBeforeTheOthers(string known, string? chosen)
    {
        var addresses = known.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => new InterfaceAddress(IPAddress.Parse(text.TrimEnd('+')), text.EndsWith('+')));

        Assert.Equal(chosen, OwnAddress.Choose(addresses)?.ToString());
    }
}
