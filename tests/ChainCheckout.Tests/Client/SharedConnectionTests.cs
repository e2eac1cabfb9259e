using ChainCheckout.Client;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Tests.Client;

[Collection(nameof(Timing))]
public sealed class SharedConnectionTests : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly FakeGateway _gateway = new();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task TwentyScanners_ShareOneConnection_AndEachKeepsItsOwnNumbers()
    {
        await using var pool = NewPool(channelsMax: 64);
        var tills = NewTills(pool, 20);
        await Task.WhenAll(tills.Select(till => till.StartAsync())).WaitAsync(Soon);

        for (uint number = 1; number <= 10; number++)
        {
            var sent = tills.Select(till => till.SendAsync(new TillCommand.Scan("x")));
            var replies = await Task.WhenAll(sent).WaitAsync(Soon);
            Assert.All(replies, reply => Assert.Equal($"Done{number}", reply.Code));
        }

        Assert.Equal(1, _gateway.Connections);
        foreach (var till in tills) await till.DisposeAsync();
    }

    [Fact]
    public async Task FullConnection_IsFollowedByAnother()
    {
        await using var pool = NewPool(channelsMax: 4);
        var tills = NewTills(pool, 10);

        await Task.WhenAll(tills.Select(till => till.StartAsync())).WaitAsync(Soon);

        Assert.Equal(3, _gateway.Connections);
        foreach (var till in tills) await till.DisposeAsync();
    }

    [Fact]
    public async Task CutConnection_BringsAllItsTillsBackOverOneNewOne()
    {
        await using var pool = NewPool(channelsMax: 64);
        var tills = NewTills(pool, 20);
        await Task.WhenAll(tills.Select(till => till.StartAsync())).WaitAsync(Soon);
        await Task.WhenAll(tills.Select(till => till.SendAsync(new TillCommand.Scan("x")))).WaitAsync(Soon);
        _gateway.Script.Enqueue(Act.CutApplied);

        var replies = await Task.WhenAll(tills.Select(till => till.SendAsync(new TillCommand.Close()))).WaitAsync(Soon);

        Assert.All(replies, reply => Assert.Equal("Done2", reply.Code));
        Assert.Equal(2, _gateway.Connections);
        for (var number = 1; number <= 20; number++)
            Assert.Equal(["scan", "close"], _gateway.Till(number, TillRoles.Scanner).Applied);
        foreach (var till in tills) await till.DisposeAsync();
    }

    [Fact]
    public async Task GoodbyeToTheConnection_MovesEveryTillOfIt()
    {
        await using var other = new FakeGateway();
        await using var pool = NewPool(channelsMax: 64);
        var tills = NewTills(pool, 5);
        await Task.WhenAll(tills.Select(till => till.StartAsync())).WaitAsync(Soon);

        var whole = new FakeChannel(0, _gateway.Welcomed.First().Output, _gateway.Welcomed.First().Stream);
        var goodbye = new Goodbye(GoodbyeReasons.Shutdown, 1, other.EndPoint.ToString());
        await whole.SendAsync(FrameType.Goodbye, goodbye, ProtocolJson.Default.Goodbye);
        for (var i = 0; other.Welcomed.Count < 5 && i < 500; i++) await Task.Delay(10);

        Assert.Equal(5, other.Welcomed.Count);
        Assert.Equal(1, other.Connections);
        foreach (var till in tills) await till.DisposeAsync();
    }

    [Fact]
    public async Task TillThatLeaves_DoesNotDisturbItsNeighbours()
    {
        await using var pool = NewPool(channelsMax: 64);
        var tills = NewTills(pool, 2);
        await Task.WhenAll(tills.Select(till => till.StartAsync())).WaitAsync(Soon);

        await tills[0].DisposeAsync();
        var reply = await tills[1].SendAsync(new TillCommand.Close()).WaitAsync(Soon);

        Assert.True(reply.IsDone);
        Assert.Equal(1, _gateway.Connections);
        await tills[1].DisposeAsync();
    }

    private static Till[] NewTills(TillConnectionPool pool, int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(1, count).Select(number => new Till(
            new TillIdentity(1, number, TillRoles.Scanner, FakeGateway.Secret),
            pool,
            new TillOptions(),
            TimeProvider.System,
            random))];
    }

    private TillConnectionPool NewPool(int channelsMax) => new(
        [_gateway.EndPoint],
        new TillConnectionOptions { ChannelsMax = channelsMax },
        TimeProvider.System,
        new Random(1));
}
