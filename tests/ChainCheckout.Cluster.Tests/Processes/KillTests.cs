using System.Globalization;
using ChainCheckout.Cluster.Tests.Chains;
using ChainCheckout.Core.Actors;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Tests;
using ChainCheckout.Tests.EndToEnd;

namespace ChainCheckout.Cluster.Tests.Processes;

/// <summary>Members of a chain in processes of their own, killed without a word.</summary>
[Collection(nameof(Timing))]
public sealed class KillTests
{
    [Fact]
    public async Task AMemberKilledWhileTillsSell_AndOneTakenForDeadThatComesBack_EverySaleIsPaidOnce()
    {
        // A till whose gateway stands still finds out by its silence.
        await using var chain = await Chain.OpenAsync(start: false, change: (_, settings) =>
            (settings["Gateway"]!["Tills"]!["Heartbeat"], settings["Gateway"]!["Tills"]!["IdleTimeout"]) = ("00:00:01", "00:00:03"));
        await using var first = new ChainProcess(chain, 0);
        await using var second = new ChainProcess(chain, 1);
        await first.StartAsync();
        await second.StartAsync();
        var sellers = await Sellers.StartAsync(chain, 4, 0, 1);
        await sellers.SellAsync(more: 4);

        await first.KillAsync();
        await sellers.SellAsync(more: 4, seconds: 25);
        await first.StartAsync();

        // Long enough for the first to take it for dead; then it goes on where it stood, with the actors that others have by now.
        second.Pause();
        await sellers.SellAsync(more: 4, seconds: 25);
        second.Resume();
        await sellers.SellAsync(more: 4, seconds: 25);
        await sellers.StopAsync();
        await Wait.UntilAsync(() => second.HasExited, "the one that was taken for dead ends by itself", seconds: 20);
    }

    [Fact]
    public async Task AllKilled_WhoeverOwesAnythingIsWokenSoonAfterItsTime()
    {
        await using var chain = await Chain.OpenAsync(start: false, change: (_, settings) => settings["Gateway"]!["Webhooks"]!["PublicAddress"] = "");
        await using var first = new ChainProcess(chain, 0);
        await using var second = new ChainProcess(chain, 1);
        await first.StartAsync();
        await second.StartAsync();
        chain.Vipps.World.Tell(ShopSettings.Customer, CustomerAnswer.Manual);
        var till = await chain.TillAsync(1, 0, 1);
        var reference = await till.AsksForPaymentAsync(chain, "sale-1");
        await till.SeesAsync("paying", "WaitingForCustomer");

        await Task.WhenAll(first.KillAsync(), second.KillAsync());
        await chain.CloseAsync(till);
        await chain.ApprovedAsync(reference);
        var wakeAt = await WakeOfAsync(chain, new ActorId(ActorKind.Payment, reference));
        var restarts = new[] { first, second }.Select(member => member.StartAsync()).ToArray();
        await Task.WhenAny(restarts);
        var readyAt = TimeProvider.System.GetUtcNow();
        await Task.WhenAll(restarts);
        await Wait.UntilAsync(() => chain.Ledger(reference, "captured").Count > 0, "a capture without a till", seconds: 15);

        var capturedAt = DateTimeOffset.Parse(Assert.Single(chain.Ledger(reference, "captured")).At, CultureInfo.InvariantCulture);
        var late = capturedAt - (wakeAt > readyAt ? wakeAt : readyAt);
        Assert.True(late < TimeSpan.FromSeconds(2), $"It was due {wakeAt:O}, ready {readyAt:O}, woken {late.TotalSeconds:F1} s late.\n{first.Complaints}\n{second.Complaints}");
        Assert.Single(chain.Ledger(reference, "created"));
    }

    private static async Task<DateTimeOffset> WakeOfAsync(Chain chain, ActorId actor)
    {
        await using var storage = await chain.Redis.OpenAsync();
        return (await storage.DueAsync(DateTimeOffset.MaxValue, 100)).Single(due => due.Id == actor).WakeAt;
    }
}
