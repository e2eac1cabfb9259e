using ChainCheckout.Client;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Ledgers;
using Microsoft.Extensions.DependencyInjection;

namespace ChainCheckout.Tests.EndToEnd;

/// <summary>The members of a shop: how tests bring them, ask them, and read what Vipps was told of them.</summary>
internal static class Members
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    public static Task<CustomerReply> ImportAsync(this Shop shop, string phone, string memberId, long points = 0) =>
        shop.Actors.SendAsync(shop.IdOf(phone), new CustomerMessage.Import(PhoneOf(phone), memberId, DateTimeOffset.UnixEpoch, points, default)).AsTask();

    public static async Task<CustomerState> StateOfAsync(this Shop shop, string phone) =>
        Assert.IsType<CustomerReply.Story>(await shop.Actors.SendAsync(shop.IdOf(phone), new CustomerMessage.Tell())).State;

    /// <summary>Scans the customer, who is no member, and asks them to join.</summary>
    public static async Task EnrolsAsync(this Till till, Shop shop, string phone, string? saleId = null)
    {
        await till.GetsDoneAsync(new TillCommand.Scan(shop.Vipps.World.MintQr(phone), saleId));
        await till.WhenAsync(view => view.Customer?.Membership == Memberships.None).WaitAsync(Soon);
        await till.GetsDoneAsync(new TillCommand.Enrol(saleId));
    }

    /// <summary>What the Loyalty API has taken.</summary>
    public static IReadOnlyList<LedgerLine> EventsOf(this Shop shop, string phone) => shop.LinesOf(phone, "loyalty");

    public static IReadOnlyList<LedgerLine> LinesOf(this Shop shop, string phone, string kind)
    {
        var handle = CustomerHandle.Of(phone);
        return [.. shop.Vipps.Ledger.Lines().Where(line => line.Kind == kind && line.Customer == handle)];
    }

    private static CustomerId IdOf(this Shop shop, string phone) => shop.Services.GetRequiredService<ChainSecret>().Pseudonym(PhoneOf(phone));

    private static Msisdn PhoneOf(string phone) => Msisdn.TryParse(phone, out var parsed) ? parsed : throw new ArgumentException("no phone", nameof(phone));
}
