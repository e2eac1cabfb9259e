using System.Net;
using System.Net.Http.Headers;
using ChainCheckout.Client;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Tests;
using ChainCheckout.Tests.EndToEnd;

namespace ChainCheckout.Cluster.Tests.Chains;

/// <summary>Redis comes back with files that are some sales old, as after a failover that lost what it had acknowledged.</summary>
[Collection(nameof(Timing))]
public sealed class RollbackTests : IDisposable
{
    private const int Alert = 2001;

    private readonly string _copy = Directory.CreateTempSubdirectory("chain-copy-").FullName;

    [Fact]
    public async Task AfterARollback_ActorsInMemoryStop_TillsThatKnowMoreAreHeld_AndNobodyPaysTwice()
    {
        await using var chain = await Chain.OpenAsync();
        var sells = await chain.TillAsync(1, 0, 1);
        var waits = await chain.TillAsync(2, 0, 1);
        var old = await sells.SellsAsync(chain, "sale-1", customer: "4791234701");
        await waits.SellsAsync(chain, "sale-1", customer: "4791234702");
        await SettledAsync(chain);
        chain.Redis.CopyFilesTo(_copy);

        var lost = await sells.SellsAsync(chain, "sale-2", customer: "4791234701");
        chain.Vipps.World.Tell("4791234702", CustomerAnswer.Manual);
        var open = await waits.AsksForPaymentAsync(chain, "sale-2", customer: "4791234702");
        await waits.SeesAsync("paying", "WaitingForCustomer");
        var fresh = await chain.TillAsync(3, 0, 1);
        var first = await fresh.SellsAsync(chain, "sale-1", customer: "4791234703");
        await GoBackAsync(chain);

        // What is in memory is newer than what is stored: it says so, and does nothing more.
        await chain.ApprovedAsync(open);
        await Wait.UntilAsync(() => IsStopped(chain, $"Payment/{open}"), "the open payment stops");
        var unanswered = sells.SendAsync(new TillCommand.Phone("91234701", "sale-3"));
        await Wait.UntilAsync(() => IsStopped(chain, "Till/0001-01"), "the till's actor stops");
        Assert.False(unanswered.IsCompleted);
        Assert.Empty(chain.Ledger(open, "captured"));

        // Its operator starts it anew; the tills remember.
        await chain.StopAllAsync();
        await chain.StartAllAsync();
        foreach (var till in new[] { sells, waits, fresh })
        {
            await till.IsRefusedAsync(new TillCommand.Pay("sale-9", 20_000, "NOK"), "Held");
        }

        Assert.IsType<TillReply.Unknown>(await unanswered);
        var held = await chain.Of<IActorStorage>(0).FlaggedAsync(ActorFlags.Held, 100);
        Assert.Equal(["0001-01", "0001-02", "0001-03"], held.Select(one => one.Id.Key));
        Assert.Empty(chain.Ledger(open, "captured"));

        // The operator has looked.
        var next = new List<string>();
        foreach (var (till, at) in new[] { sells, waits, fresh }.Select((till, at) => (till, at + 1)))
        {
            await ReleaseAsync(chain, at);
            chain.Vipps.World.Tell("4791234702", CustomerAnswer.Approve);
            next.Add(await till.SellsAsync(chain, $"sale-1{at}", customer: $"479123470{at}"));
        }

        Assert.Empty(next.Intersect([old, lost, open, first]));
        foreach (var reference in next.Concat([old, lost, first]))
        {
            Assert.Single(chain.Ledger(reference, "created"));
            Assert.Single(chain.Ledger(reference, "captured"));
        }
    }

    public void Dispose() => Directory.Delete(_copy, recursive: true);

    /// <summary>What sales have left in memory only is saved, or is not to be.</summary>
    private static async Task SettledAsync(Chain chain)
    {
        var saves = -1L;
        while (saves != (saves = new[] { 0, 1 }.Sum(member => chain.Of<Cluster.Storage.IChainStorage>(member).Counters.Saves))) await Task.Delay(300);
    }

    private async Task GoBackAsync(Chain chain)
    {
        await chain.Redis.KillAsync();
        chain.Redis.PutBack(_copy);
        await chain.Redis.StartAgainAsync();
        await Wait.UntilAsync(() => chain.Of<ClusterHealth>(0).IsDurable && chain.Of<ClusterHealth>(1).IsDurable, "Redis answers the silos again");
    }

    private static bool IsStopped(Chain chain, string actor) => chain.Logs.All.Any(line => line.Id.Id == Alert &&
        line.Text.Contains(actor, StringComparison.Ordinal) && line.Text.Contains("went back in time", StringComparison.Ordinal));

    private static async Task ReleaseAsync(Chain chain, int till)
    {
        using var http = new HttpClient { BaseAddress = chain.Ports(0).AdminAt };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ShopSettings.AdminToken);
        using var answer = await http.PostAsync($"/admin/tills/1/{till}/release", null);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }
}
