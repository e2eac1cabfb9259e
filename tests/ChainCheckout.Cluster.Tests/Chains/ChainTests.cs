using System.Collections.Concurrent;
using ChainCheckout.Client;
using ChainCheckout.Gateway.Tills;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Tests;
using ChainCheckout.Tests.EndToEnd;

namespace ChainCheckout.Cluster.Tests.Chains;

/// <summary>The members of a chain and the tills between them.</summary>
[Collection(nameof(Timing))]
public sealed class ChainTests
{
    [Fact]
    public async Task ThreeSilosThatStartAtOnce_RegisterTheWebhooksOnce()
    {
        await using var chain = await Chain.OpenAsync(members: 3, start: false);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(member => chain.StartAsync(member)));
        await Wait.UntilAsync(() => Lines("webhookRegistered") > 0, "a registration");
        var till = await chain.TillAsync(1, 0, 1, 2);
        var reference = await till.SellsAsync(chain, "sale-1");
        await Wait.UntilAsync(() => chain.Ledger(reference, "webhookSent").Any(line => line.Status == 200), "a webhook that is taken");

        Assert.Equal((1, 0), (Lines("webhookRegistered"), Lines("webhookDeleted")));

        int Lines(string kind) => chain.Vipps.Ledger.Lines().Count(line => line.Kind == kind);
    }

    [Fact]
    public async Task ATillWhoseGatewayStops_IsToldGoodbye_AndGoesOnWithItsSaleAtAnother()
    {
        await using var chain = await Chain.OpenAsync();
        chain.Vipps.World.Tell(ShopSettings.Customer, CustomerAnswer.Manual);
        var ends = new Ends();
        var till = chain.Observed(1, ends, 0, 1);
        await till.StartAsync();
        var reference = await till.AsksForPaymentAsync(chain, "sale-1");
        await till.SeesAsync("paying", "WaitingForCustomer");
        var gateway = chain.Of<TillSessions>(0).SessionCount == 1 ? 0 : 1;

        await chain.StopAsync(gateway);
        await chain.ApprovedAsync(reference);
        await till.SeesAsync("paid");

        Assert.Equal(1, chain.Of<TillSessions>(1 - gateway).SessionCount);
        Assert.Contains(ends.All, end => end is SessionEnd.Dismissed { Goodbye.Reason: GoodbyeReasons.Shutdown });
        Assert.Single(chain.Ledger(reference, "created"));
        Assert.Single(chain.Ledger(reference, "captured"));
    }

    [Fact]
    public async Task ATillWhoseActorMovesWhileItIsIdle_IsShownWhatItsScannerBringsAtAnotherGateway()
    {
        await using var chain = await Chain.OpenAsync(members: 3);
        await chain.CloseAsync(await chain.TillAsync(1, gateways: 2));
        var pos = await chain.TillAsync(1, gateways: 0);
        var scanner = await chain.ScannerAsync(1, gateways: 1);

        // The actor lives where it was first spoken to. Its next home hears of the scanner alone, unless the gateway of the POS asks.
        await chain.StopAsync(2);
        await scanner.SendAsync(new TillCommand.Scan(chain.Vipps.World.MintQr(ShopSettings.Customer)));
        await pos.SeesAsync("ready");
    }

    [Fact]
    public async Task ATillThatNobodySpokeToForLong_StillKnowsWhoIsShownIt()
    {
        await using var chain = await Chain.OpenAsync();
        await chain.CloseAsync(await chain.TillAsync(1, gateways: 1));
        var pos = await chain.TillAsync(1, gateways: 0);
        var scanner = await chain.ScannerAsync(1, gateways: 1);

        await chain.Of<IGrainFactory>(0).GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        await scanner.SendAsync(new TillCommand.Scan(chain.Vipps.World.MintQr(ShopSettings.Customer)));
        await pos.SeesAsync("ready");
    }

    [Fact]
    public async Task ATillThatComesToAnotherGateway_IsClosedAtTheFirst()
    {
        await using var chain = await Chain.OpenAsync();
        var ends = new Ends();
        var first = chain.Observed(1, ends, 0);
        await first.StartAsync();

        var second = await chain.TillAsync(1, gateways: 1);
        await Wait.UntilAsync(() => ends.All.Any(end => end is SessionEnd.Dismissed { Goodbye.Reason: GoodbyeReasons.Replaced }), "the first is told");
        await chain.CloseAsync(first);
        var reference = await second.SellsAsync(chain, "sale-1");

        Assert.Single(chain.Ledger(reference, "captured"));
        Assert.Equal((0, 1), (chain.Of<TillSessions>(0).SessionCount, chain.Of<TillSessions>(1).SessionCount));
    }

    /// <summary>Why a till's sessions ended.</summary>
    private sealed class Ends : ITillObserver
    {
        public ConcurrentQueue<SessionEnd> All { get; } = [];

        public void OnDisconnected(Till till, SessionEnd end) => All.Enqueue(end);
    }
}
