using ChainCheckout.Client;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Tests.Client;

public sealed class ViewTests : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly FakeGateway _gateway = new();
    private readonly Recorder _recorder = new();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task Waiter_IsShownEveryView_HoweverShortItStood()
    {
        await using var till = await StartAsync();
        var waits = Enumerable.Range(1, 200).Select(i => till.WhenAsync(view => view.Stage == $"s{i}")).ToArray();

        for (var i = 1; i <= 200; i++) await _gateway.Welcomed.Single().ShowAsync(i, $"s{i}");
        var seen = await Task.WhenAll(waits).WaitAsync(Soon);

        Assert.Equal(Enumerable.Range(1, 200), seen.Select(view => (int)view.Version));
        Assert.Equal("s200", till.View!.Stage);
    }

    [Fact]
    public async Task ViewThatStands_CountsForWhoeverAsksLater()
    {
        await using var till = await StartAsync();

        var seen = await till.WhenAsync(view => view.Stage == "idle").WaitAsync(Soon);

        Assert.Equal(0, seen.Version);
    }

    [Fact]
    public async Task View_ThatIsNotNewer_IsDropped()
    {
        await using var till = await StartAsync();
        var channel = _gateway.Welcomed.Single();

        await channel.ShowAsync(5, "five");
        await channel.ShowAsync(4, "four");
        await channel.ShowAsync(5, "five again");
        await channel.ShowAsync(6, "six");
        await till.WhenAsync(view => view.Version == 6).WaitAsync(Soon);

        // Whoever waits is told before whoever watches.
        for (var tries = 0; tries < 200 && !_recorder.Stages.Contains("six"); tries++) await Task.Delay(10);
        Assert.Equal(["idle", "five", "six"], _recorder.Stages);
    }

    [Fact]
    public async Task View_OfAWelcome_HoldsWhateverItsVersion()
    {
        await using var till = await StartAsync();
        await _gateway.Welcomed.Single().ShowAsync(9, "before");
        await till.WhenAsync(view => view.Version == 9).WaitAsync(Soon);

        _gateway.Till().View = FakeChannel.NewView(3, "after");
        await _gateway.Welcomed.Single().Stream.DisposeAsync();

        var seen = await till.WhenAsync(view => view.Stage == "after").WaitAsync(Soon);
        Assert.Equal(3, seen.Version);
    }

    [Fact]
    public async Task Waiter_WhoseConditionThrows_FailsAlone()
    {
        await using var till = await StartAsync();
        var broken = till.WhenAsync(view => view.Version > 0 ? throw new FormatException() : false);
        var sound = till.WhenAsync(view => view.Version == 1);

        await _gateway.Welcomed.Single().ShowAsync(1, "one");

        await Assert.ThrowsAsync<FormatException>(() => broken.WaitAsync(Soon));
        await sound.WaitAsync(Soon);
        Assert.Empty(_recorder.Ends);
    }

    [Fact]
    public async Task Waiter_ThatGivesUp_IsForgotten()
    {
        await using var till = await StartAsync();
        using var impatience = new CancellationTokenSource();
        var asked = 0;
        var wait = till.WhenAsync(_ => ++asked < 0, impatience.Token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);

        await _gateway.Welcomed.Single().ShowAsync(1, "one");
        await till.WhenAsync(view => view.Version == 1).WaitAsync(Soon);

        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Frame_OutOfPlace_CostsTheSession_NotTheTill()
    {
        await using var till = await StartAsync();

        await _gateway.Welcomed.Single().ChallengeAsync();
        var reply = await till.SendAsync(new ChainCheckout.Protocol.Commands.TillCommand.Close()).WaitAsync(Soon);

        Assert.True(reply.IsDone);
        Assert.IsType<SessionEnd.Cut>(Assert.Single(_recorder.Ends));
    }

    private async Task<Till> StartAsync()
    {
        var till = new Till(
            new TillIdentity(1, 1, TillRoles.Pos, FakeGateway.Secret),
            [_gateway.EndPoint],
            new TillOptions { Observer = _recorder },
            TimeProvider.System,
            new Random(1));
        await till.StartAsync().WaitAsync(Soon);
        return till;
    }
}
