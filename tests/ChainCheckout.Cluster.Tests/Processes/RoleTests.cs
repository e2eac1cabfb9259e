using System.Collections.Concurrent;
using System.Diagnostics;
using ChainCheckout.Client;
using ChainCheckout.Cluster.Tests.Chains;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Tests;
using ChainCheckout.Tests.EndToEnd;

namespace ChainCheckout.Cluster.Tests.Processes;

/// <summary>A process that carries actors, another that carries tills; health, and a supervisor's stop.</summary>
[Collection(nameof(Timing))]
public sealed class RoleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task ASiloAndAGatewayWithoutOne_Sell_SayWhatIsMissing_AndStopInTime()
    {
        await using var chain = await Chain.OpenAsync(start: false);
        await using var silo = new ChainProcess(chain, 0, "--role", "silo");
        await using var gateway = new ChainProcess(chain, 1, "--role", "gateway");
        await silo.StartAsync();
        await gateway.StartAsync();
        var ends = new ConcurrentQueue<SessionEnd>();
        var till = chain.Observed(1, new Ends(ends), 1);
        await till.StartAsync();

        await till.SellsAsync(chain, "sale-1");

        await chain.Redis.KillAsync();
        await HealthBecomesAsync(silo, 503, "redis: does not answer durably\n");
        await HealthBecomesAsync(gateway, 503, "redis: does not answer durably\n");
        await chain.Redis.StartAgainAsync();
        await HealthBecomesAsync(silo, 200, "");
        await HealthBecomesAsync(gateway, 200, "");

        await silo.KillAsync();
        await HealthBecomesAsync(gateway, 503, "cluster: not joined\n");
        await silo.StartAsync();
        await HealthBecomesAsync(gateway, 200, "");
        await till.SellsAsync(chain, "sale-2");
        Assert.Equal(2, chain.Vipps.Ledger.Lines().Count(line => line.Kind == "captured"));

        Assert.True(await gateway.TerminateAsync(StopWithin), "The gateway did not stop by itself in time.");
        await Wait.UntilAsync(() => ends.Any(end => end is SessionEnd.Dismissed { Goodbye.Reason: GoodbyeReasons.Shutdown }), "the till is told");
        Assert.True(await silo.TerminateAsync(StopWithin), "The silo did not stop by itself in time.");
    }

    private static async Task HealthBecomesAsync(ChainProcess process, int status, string body)
    {
        var health = await process.HealthAsync();
        var begun = Stopwatch.GetTimestamp();
        for (; health != (status, body) && Stopwatch.GetElapsedTime(begun) < Patience; health = await process.HealthAsync()) await Task.Delay(100);

        Assert.Equal((status, body), health);
    }

    private sealed class Ends(ConcurrentQueue<SessionEnd> ends) : ITillObserver
    {
        public void OnDisconnected(Till till, SessionEnd end) => ends.Enqueue(end);
    }
}
