using ChainCheckout.Client;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Tests.Client;

[Collection(nameof(Timing))]
public sealed class TillTests : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TillCommand Scan = new TillCommand.Scan("code");
    private static readonly TillCommand Cancel = new TillCommand.Cancel("S-1");

    private readonly FakeGateway _gateway = new();
    private readonly Recorder _recorder = new();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task Commands_AreNumberedFromWhereTheServerStands()
    {
        _gateway.Till().LastApplied = 41;
        await using var till = await StartAsync();

        var first = await till.SendAsync(Scan).WaitAsync(Soon);
        var second = await till.SendAsync(Cancel).WaitAsync(Soon);

        Assert.Equal(("Done42", "Done43"), (first.Code, second.Code));
        Assert.True(first.IsDone);
        Assert.Equal([(42u, "scan"), (43u, "cancel")], _gateway.Arrived);
        Assert.Equal((1u, 43u), (till.Epoch, till.LastAnswered));
        Assert.True(first.ReceivedAt > first.AskedAt);
    }

    [Fact]
    public async Task Commands_AskedAtOnce_GoOneAtATime()
    {
        await using var till = await StartAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => till.SendAsync(Scan))).WaitAsync(Soon);

        Assert.Equal(Enumerable.Range(1, 20), replies.Select(reply => (int)reply.Number).Order());
        Assert.Equal(20, _gateway.Till().Applied.Count);
    }

    [Theory]
    [InlineData(Act.CutApplied)]
    [InlineData(Act.CutUnapplied)]
    [InlineData(Act.StaySilent)]
    [InlineData(Act.Goodbye)]
    [InlineData(Act.Stale)]
    public async Task Command_WhoseSessionEndsBeforeItsAnswer_IsResentUnderItsNumber_AndTakesEffectOnce(Act trouble)
    {
        await using var till = await StartAsync(trouble == Act.StaySilent ? TimeSpan.FromMilliseconds(500) : Soon);
        await till.SendAsync(Scan).WaitAsync(Soon);
        _gateway.Script.Enqueue(trouble);

        var reply = await till.SendAsync(Cancel).WaitAsync(Soon);
        var next = await till.SendAsync(Scan).WaitAsync(Soon);

        Assert.Equal(("Done2", "Done3"), (reply.Code, next.Code));
        Assert.Equal(["scan", "cancel", "scan"], _gateway.Till().Applied);
        Assert.Equal([1u, 2u, 2u, 3u], _gateway.Arrived.Select(command => command.Number));
        var again = _gateway.Hellos.Last();
        Assert.Equal((1u, 1u), (again.LastEpoch, again.LastAnswered));
        Assert.Equal(2u, till.Epoch);
        Assert.Single(_recorder.Ends);
    }

    [Fact]
    public async Task Command_CutManyTimes_IsAnsweredInTheEnd()
    {
        await using var till = await StartAsync();
        foreach (var act in new[] { Act.CutUnapplied, Act.CutUnapplied, Act.CutApplied, Act.CutApplied, Act.Busy })
            _gateway.Script.Enqueue(act);

        var reply = await till.SendAsync(Scan).WaitAsync(Soon);

        Assert.Equal("Done1", reply.Code);
        Assert.Equal(["scan"], _gateway.Till().Applied);
    }

    [Fact]
    public async Task Busy_IsWaitedOut_AndTheSameNumberSentAgain()
    {
        _gateway.Script.Enqueue(Act.Busy);
        await using var till = await StartAsync();

        var reply = await till.SendAsync(Scan).WaitAsync(Soon);

        Assert.Equal([1u, 1u], _gateway.Arrived.Select(command => command.Number));
        Assert.Equal([TimeSpan.FromMilliseconds(30)], _recorder.Busies);
        var took = TimeProvider.System.GetElapsedTime(reply.AskedAt, reply.ReceivedAt);
        Assert.True(took >= TimeSpan.FromMilliseconds(30));
        Assert.Equal(1, _gateway.Connections);
    }

    [Fact]
    public async Task Error_EndsTheCommand_AndItsNumberIsUsedAgain()
    {
        _gateway.Script.Enqueue(Act.Malformed);
        await using var till = await StartAsync();

        var rejected = Assert.IsType<TillReply.Rejected>(await till.SendAsync(Cancel).WaitAsync(Soon));
        var reply = await till.SendAsync(Scan).WaitAsync(Soon);

        Assert.Equal(ErrorCodes.OutOfRange, rejected.Code);
        Assert.Equal("Done1", reply.Code);
        Assert.Equal([ErrorCodes.OutOfRange], _recorder.Errors);
    }

    [Theory]
    [InlineData(3u)]
    [InlineData(0u)]
    public async Task Command_WhosePlaceIsGoneAfterAReconnect_EndsUnknown(uint lastAppliedThen)
    {
        await using var till = await StartAsync();
        await till.SendAsync(Scan).WaitAsync(Soon);
        _gateway.Script.Enqueue(Act.StaySilent);
        var asked = till.SendAsync(Cancel);
        await Until(() => _gateway.Arrived.Count == 2);

        _gateway.Till().LastApplied = lastAppliedThen;
        await _gateway.Welcomed.Last().Stream.DisposeAsync();

        Assert.IsType<TillReply.Unknown>(await asked.WaitAsync(Soon));
        var next = await till.SendAsync(Scan).WaitAsync(Soon);
        Assert.Equal(lastAppliedThen + 1, next.Number);
        Assert.True(next.IsDone);
    }

    [Fact]
    public async Task Caller_ThatStopsWaiting_LeavesTheCommandToItsEnd()
    {
        await using var till = await StartAsync(answerTimeout: TimeSpan.FromMilliseconds(200));
        _gateway.Script.Enqueue(Act.StaySilent);
        using var impatience = new CancellationTokenSource();
        var asked = till.SendAsync(Cancel, impatience.Token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        var reply = await till.SendAsync(Scan).WaitAsync(Soon);

        Assert.Equal("Done2", reply.Code);
        Assert.Equal(["cancel", "scan"], _gateway.Till().Applied);
    }

    [Fact]
    public async Task Goodbye_WithAPlaceToGo_IsFollowedThere()
    {
        await using var other = new FakeGateway();
        _gateway.Farewell = new Goodbye(GoodbyeReasons.Shutdown, 1, other.EndPoint.ToString());
        _gateway.Script.Enqueue(Act.Goodbye);
        await using var till = await StartAsync();

        var reply = await till.SendAsync(Scan).WaitAsync(Soon);

        Assert.True(reply.IsDone);
        Assert.Equal(["scan"], other.Till().Applied);
        Assert.Empty(_gateway.Till().Applied);
    }

    [Theory]
    [InlineData(ErrorCodes.UnknownTill)]
    [InlineData(ErrorCodes.WrongCredential)]
    [InlineData(ErrorCodes.VersionNotSupported)]
    public async Task Start_OfATillThatIsNotWanted_FailsAndIsNotTriedAgain(string code)
    {
        _gateway.RefuseHelloWith = code;
        await using var till = NewTill(new TillIdentity(1, 1, TillRoles.Pos, FakeGateway.Secret));

        var refused = await Assert.ThrowsAsync<TillRefusedException>(() => till.StartAsync().WaitAsync(Soon));

        Assert.Equal(code, refused.Error.Code);
        Assert.Single(_gateway.Hellos);
        await Assert.ThrowsAsync<TillRefusedException>(() => till.SendAsync(Scan));
    }

    [Fact]
    public async Task Start_WhileNoServerIsThere_SucceedsWhenOneComes()
    {
        await _gateway.DisposeAsync();
        await using var late = new FakeGateway();
        await using var till = new Till(
            new TillIdentity(1, 1, TillRoles.Pos, FakeGateway.Secret),
            [_gateway.EndPoint, late.EndPoint],
            new TillOptions(),
            TimeProvider.System,
            new Random(1));

        await till.StartAsync().WaitAsync(Soon);

        Assert.Single(late.Hellos);
    }

    [Fact]
    public async Task Dispose_EndsWhatIsWaitedFor()
    {
        var till = await StartAsync();
        _gateway.Script.Enqueue(Act.StaySilent);
        var asked = till.SendAsync(Scan);
        var seen = till.WhenAsync(view => view.Stage == "never");

        await till.DisposeAsync().AsTask().WaitAsync(Soon);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => asked);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => seen);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => till.SendAsync(Scan));
    }

    private static async Task Until(Func<bool> holds)
    {
        for (var i = 0; !holds() && i < 1_000; i++) await Task.Delay(10);
        Assert.True(holds());
    }

    private Till NewTill(TillIdentity identity, TimeSpan? answerTimeout = null) => new(
        identity,
        [_gateway.EndPoint],
        new TillOptions { Observer = _recorder, AnswerTimeout = answerTimeout ?? TimeSpan.FromMilliseconds(500) },
        TimeProvider.System,
        new Random(1));

    private async Task<Till> StartAsync(TimeSpan? answerTimeout = null)
    {
        var till = NewTill(new TillIdentity(1, 1, TillRoles.Pos, FakeGateway.Secret), answerTimeout);
        await till.StartAsync().WaitAsync(Soon);
        return till;
    }
}
