using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Standalone;
using ChainCheckout.Tests;
using ChainCheckout.Tests.EndToEnd;
using StackExchange.Redis;

namespace ChainCheckout.Cluster.Tests.Chains;

/// <summary>Redis is restarted, killed, or stands still, while tills sell.</summary>
[Collection(nameof(Timing))]
public sealed class RedisAwayTests
{
    private const int SaveFailed = 2002;
    private const int Alert = 2001;

    [Fact]
    public async Task ARedisRestartedAndKilledWhileTillsSell_LosesNothingThatWasAcknowledged()
    {
        await using var chain = await Chain.OpenAsync();
        var sellers = await Sellers.StartAsync(chain, 4, 0, 1);
        await sellers.SellAsync(more: 8);

        await chain.Redis.RestartAsync();
        await sellers.SellAsync(more: 8);
        await chain.Redis.KillAndStartAsync();
        await sellers.SellAsync(more: 8);
        await sellers.StopAsync();
        await chain.StopAllAsync();
        await chain.Redis.KillAndStartAsync();
        await chain.StartAllAsync();

        // From its files alone.
        foreach (var (till, reference) in sellers.Last())
        {
            var epoch = till.Epoch;
            await Wait.UntilAsync(() => till.Epoch > epoch || till.View?.Receipt?.Reference == reference, "the till is back");
            Assert.Equal(reference, till.View!.Receipt!.Reference);
        }

        var stored = new HashSet<string>();
        await foreach (var (id, _) in chain.Of<IActorStorage>(0).ReadAllAsync(ActorKind.Payment)) stored.Add(id.Key);
        Assert.Equal(sellers.Paid, stored.Count);
        Assert.DoesNotContain(chain.Logs.All, line => line.Id.Id == Alert);
    }

    [Fact]
    public async Task ARedisThatStandsStill_LeavesUnknownOutcomesThatAreReadAgain_AndEverySaleEndsRight()
    {
        await using var chain = await Chain.OpenAsync(change: (_, settings) => settings["Cluster"]!["Redis"]!["Timeout"] = "00:00:00.5");
        var sellers = await Sellers.StartAsync(chain, 4, 0, 1);
        await sellers.SellAsync(more: 4);

        await chain.Redis.StandStillAsync(TimeSpan.FromSeconds(1.5));
        await sellers.SellAsync(more: 8);
        await using (var admin = await ConnectionMultiplexer.ConnectAsync(chain.Redis.Options.Storage + ",allowAdmin=true"))
            await admin.GetDatabase().ExecuteAsync("CLIENT", "PAUSE", "1500", "ALL");
        await sellers.SellAsync(more: 8);
        await sellers.StopAsync();

        Assert.Contains(chain.Logs.All, line => line.Id.Id == SaveFailed);
        Assert.DoesNotContain(chain.Logs.All, line => line.Id.Id == Alert);
    }

    [Fact]
    public async Task ACommandWhoseSaveHasNoAnswer_IsReadAgain_AndItsRepeatIsAnsweredByWhatWasStored()
    {
        await using var chain = await Chain.OpenAsync(members: 1, (_, settings) => settings["Cluster"]!["Redis"]!["Timeout"] = "00:00:00.5");
        var (actors, storage, till) = (chain.Of<IActors>(0), chain.Of<IActorStorage>(0), new TillId(1, 1));
        var hello = new TillMessage.Hello(TillRole.Pos, 0, 0, chain.Of<Settings>(0).Stores[0].Profile);
        var session = Assert.IsType<TillReply.Welcome>(await actors.SendAsync(till, hello)).Session;
        var saved = await CounterAsync();

        var still = chain.Redis.StandStillAsync(TimeSpan.FromSeconds(1.5));
        await Assert.ThrowsAnyAsync<Exception>(() => actors.SendAsync(till, Scan("sale-1")).AsTask());
        await still;
        await Wait.UntilAsync(() => chain.Of<ClusterHealth>(0).IsDurable, "Redis answers again");

        // It came late, and all the same: what the till was not told is stored.
        Assert.Equal(saved + 1, await CounterAsync());
        Assert.Equal("SequenceReused", Assert.IsType<TillReply.NotApplied>(await actors.SendAsync(till, Scan("sale-2"))).Code);
        Assert.True(Assert.IsType<TillReply.Answer>(await actors.SendAsync(till, Scan("sale-1"))).Reply.Done);

        async Task<long> CounterAsync() => (await storage.LoadAsync(ActorId.Of(till)))!.Version.Counter;

        TillMessage.Command Scan(string saleId) =>
            new(TillRole.Pos, session, 1, saleId, "0123456789", new TillCommand.Phone("91234801", saleId));
    }
}
