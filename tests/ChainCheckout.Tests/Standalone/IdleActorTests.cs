using ChainCheckout.Protocol.Commands;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Standalone.Actors;
using ChainCheckout.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace ChainCheckout.Tests.Standalone;

[Collection(nameof(Timing))]
public sealed class IdleActorTests
{
    [Fact]
    public async Task ActorsThatHaveNothingToDo_LeaveMemoryAndComeBackWhenAsked()
    {
        await using var shop = await Shop.OpenAsync(
            change: settings => settings["Standalone"] = new System.Text.Json.Nodes.JsonObject { ["IdleFor"] = "00:00:01" }, tills: 11);
        var actors = shop.Services.GetRequiredService<InProcessActors>();
        var tills = await Task.WhenAll(Enumerable.Range(1, 10).Select(till => shop.TillAsync(till)));
        await Task.WhenAll(tills.Select(till => till.SellsAsync(shop, "sale-1")));
        shop.Vipps.World.Tell("4791234999", CustomerAnswer.Manual);
        var waiting = await shop.TillAsync(11);
        var open = await waiting.AsksForPaymentAsync(shop, "sale-1", customer: "4791234999");
        var most = actors.LiveCount;

        await Shop.UntilAsync(() => actors.LiveCount <= 11 + 4, "all but the tills leave memory", seconds: 20);
        await Task.WhenAll(tills.Select(till => till.SellsAsync(shop, "sale-2")));
        shop.Vipps.World.Approve(Shop.Msn, open);
        await waiting.SeesAsync("paid");

        Assert.True(most > 20, $"Only {most} actors were ever alive: nothing was tried.");
        Assert.Equal(21, shop.Vipps.Ledger.Lines().Count(line => line.Kind == "captured"));
        await tills[0].IsRefusedAsync(new TillCommand.Pay("sale-2", 20_000, "NOK"), "AlreadyPaid", "saleId");
    }
}
