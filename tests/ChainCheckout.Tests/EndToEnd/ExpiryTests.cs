using System.Text.Json.Nodes;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Simulator;
using ChainCheckout.Simulator.Customers;

namespace ChainCheckout.Tests.EndToEnd;

[Collection(nameof(Timing))]
public sealed class ExpiryTests
{
    private static readonly SimulatorOptions TenMinutesInTwoSeconds = new() { TimeFactor = 300, TokenLifeSeconds = 100_000 };

    private static void Scale(JsonObject settings) => settings["Timing"] = new JsonObject
    {
        ["Window"] = "00:00:02", ["NotFoundFinal"] = "00:00:03", ["FirstPoll"] = "00:00:00.2", ["NextPoll"] = "00:00:00.1",
        ["FirstRetry"] = "00:00:00.1", ["MutationWindow"] = "00:00:00.2",
    };

    [Fact]
    public async Task ACustomerWhoDoesNothing_LetsThePaymentExpire_AndTheNextAttemptIsPaid()
    {
        await using var shop = await Shop.OpenAsync(TenMinutesInTwoSeconds, Scale);
        shop.Vipps.World.Tell(Shop.Customer, CustomerAnswer.Ignore);
        var till = await shop.TillAsync();

        var first = await till.AsksForPaymentAsync(shop, "sale-1");
        await till.SeesAsync("ready", "PaymentExpired");
        shop.Vipps.World.Tell(Shop.Customer, CustomerAnswer.LastSecond);
        var second = (await till.GetsDoneAsync(new TillCommand.Pay("sale-1", 20_000, "NOK"))).Reference!;
        await till.SeesAsync("paid");

        Assert.Single(shop.Ledger(first, "expired"));
        Assert.Empty(shop.Ledger(first, "captured"));
        Assert.Single(shop.Ledger(second, "captured"));
    }
}
