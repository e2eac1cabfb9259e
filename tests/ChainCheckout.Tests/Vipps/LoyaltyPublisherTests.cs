using System.Collections.Concurrent;
using ChainCheckout.Core.Ports;
using ChainCheckout.Tests.Vipps.Support;
using static ChainCheckout.Tests.Vipps.Support.Publishing;

namespace ChainCheckout.Tests.Vipps;

/// <summary>When the Loyalty API is away, who tries it, and who is told that it is back.</summary>
[Collection(nameof(Timing))]
public sealed class LoyaltyPublisherTests
{
    [Theory]
    [InlineData(400)]
    [InlineData(409)]
    [InlineData(422)]
    public async Task Event_ThatVippsWillNeverTake_IsRefused(int status)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(status, "");

        Assert.IsType<VippsResult<bool>.Refused>(await PublishAsync(vipps));
        Assert.Equal((1, 1, false), (vipps.Figures.Posts, vipps.Figures.Refused, vipps.Figures.IsAway));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Api_ThatLetsNobodyIn_IsAway_AndTheEventIsNoDeadLetter(int status)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(status, "");

        var first = Assert.IsType<VippsResult<bool>.Later>(await PublishAsync(vipps));
        var calls = vipps.Stub.Calls.Count;
        var second = Assert.IsType<VippsResult<bool>.Later>(await PublishAsync(vipps, 2));

        Assert.Equal(calls, vipps.Stub.Calls.Count);
        Assert.InRange(first.RetryAfter!.Value.TotalSeconds, 5, 6);
        Assert.InRange(second.RetryAfter!.Value.TotalSeconds, 5, 6);
        Assert.Equal((true, 2), (vipps.Figures.IsAway, vipps.Figures.ToCallBack));
        Assert.Contains(vipps.Log.All, line => line.Id.Id == 3201);
    }

    [Fact]
    public async Task Api_ThatDoesNotAnswer_IsAwayAfterSoManyInARow_AndOneSuccessBeginsTheCountAnew()
    {
        await using var vipps = new VippsSetup();

        for (var round = 0; round < 2; round++)
        {
            vipps.Stub.AnswerWith(503, "");
            for (var i = 0; i < 4; i++) Assert.IsType<VippsResult<bool>.Unknown>(await PublishAsync(vipps));
            vipps.Stub.AnswerWith(200, "");
            if (round == 0) Assert.IsType<VippsResult<bool>.Ok>(await PublishAsync(vipps));
        }

        Assert.False(vipps.Figures.IsAway);
        vipps.Stub.AnswerWith(503, "");
        Assert.IsType<VippsResult<bool>.Unknown>(await PublishAsync(vipps));
        Assert.True(vipps.Figures.IsAway);
        Assert.IsType<VippsResult<bool>.Later>(await PublishAsync(vipps));
        Assert.Equal((10, 1, 9, 1), (vipps.Figures.Posts, vipps.Figures.Accepted, vipps.Figures.Failed, vipps.Figures.Held));
    }

    [Fact]
    public async Task Api_WithNothingThere_IsAwayAfterSoManyInARow_AndOneSuccessBeginsTheCountAnew()
    {
        await using var vipps = new VippsSetup();

        for (var round = 0; round < 2; round++)
        {
            vipps.Stub.AnswerWith(404, "");
            for (var i = 0; i < 4; i++)
            {
                var later = Assert.IsType<VippsResult<bool>.Later>(await PublishAsync(vipps));
                Assert.InRange(later.RetryAfter!.Value.TotalSeconds, 5, 6);
                Assert.Equal((404, false), (later.Fault.Status, vipps.Figures.IsAway));
            }

            vipps.Stub.AnswerWith(200, "");
            if (round == 0) Assert.IsType<VippsResult<bool>.Ok>(await PublishAsync(vipps));
        }

        vipps.Stub.AnswerWith(404, "");
        Assert.IsType<VippsResult<bool>.Later>(await PublishAsync(vipps));
        Assert.Equal((true, 10, 9, 1), (vipps.Figures.IsAway, vipps.Figures.Posts, vipps.Figures.Failed, vipps.Figures.ToCallBack));
    }

    [Fact]
    public async Task WhileAway_OneEventTriesNowAndThen_AndItsSuccessTellsThoseWhoWereSentAway()
    {
        var clock = new ShiftedTime();
        await using var vipps = new VippsSetup(clock: clock);
        var told = new ConcurrentQueue<string>();
        vipps.Resume = (customer, _) =>
        {
            told.Enqueue(customer.Text);
            return customer.Text == "c2" ? throw new OperationCanceledException("slow") : ValueTask.CompletedTask;
        };
        vipps.Stub.AnswerWith(403, "");
        for (var i = 1; i <= 3; i++) await PublishAsync(vipps, i);
        await PublishAsync(vipps, 3);

        clock.Advance(TimeSpan.FromSeconds(6));
        await PublishAsync(vipps, 4);
        await PublishAsync(vipps, 5);
        Assert.Equal(2, vipps.Stub.Calls.Count);
        Assert.Empty(told);

        clock.Advance(TimeSpan.FromSeconds(6));
        vipps.Stub.AnswerWith(202, "");
        Assert.IsType<VippsResult<bool>.Ok>(await PublishAsync(vipps, 6));
        await UntilAsync(() => told.Count == 5);

        Assert.Equal(["c1", "c2", "c3", "c4", "c5"], told.Order());
        Assert.False(vipps.Figures.IsAway);
        Assert.Contains(vipps.Log.All, line => line.Id.Id == 3202);
        await UntilAsync(() => vipps.Log.All.Any(line => line.Id.Id == 3203));
    }

    [Fact]
    public async Task Probe_IsOneAtATime_AndOneThatIsGivenUpLetsTheNextTry()
    {
        var clock = new ShiftedTime();
        await using var vipps = new VippsSetup(clock: clock);
        vipps.Stub.AnswerWith(403, "");
        await PublishAsync(vipps);
        clock.Advance(TimeSpan.FromSeconds(6));
        vipps.Stub.Answer = async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return VippsStub.Json(200, "");
        };
        using var givesUp = new CancellationTokenSource();

        var probe = PublishAsync(vipps, 2, givesUp.Token);
        await UntilAsync(() => vipps.Stub.Calls.Count == 2);
        Assert.IsType<VippsResult<bool>.Later>(await PublishAsync(vipps, 3));
        givesUp.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);
        vipps.Stub.AnswerWith(200, "");

        Assert.IsType<VippsResult<bool>.Ok>(await PublishAsync(vipps, 3));
    }

    [Fact]
    public async Task PoisonEvent_ThatProbes_IsRefusedAndShowsThatTheApiIsBack()
    {
        var clock = new ShiftedTime();
        await using var vipps = new VippsSetup(clock: clock);
        vipps.Stub.AnswerWith(403, "");
        await PublishAsync(vipps);

        clock.Advance(TimeSpan.FromSeconds(6));
        vipps.Stub.AnswerWith(422, "");

        Assert.IsType<VippsResult<bool>.Refused>(await PublishAsync(vipps));
        Assert.False(vipps.Figures.IsAway);
    }

    [Fact]
    public async Task Probe_ThatIsToldToWait_WaitsBeforeTheNext()
    {
        var clock = new ShiftedTime();
        await using var vipps = new VippsSetup(clock: clock);
        vipps.Stub.AnswerWith(403, "");
        await PublishAsync(vipps);
        vipps.Stub.AnswerWith(_ => TooMany(60));

        clock.Advance(TimeSpan.FromSeconds(6));
        var probe = Assert.IsType<VippsResult<bool>.Later>(await PublishAsync(vipps));
        clock.Advance(TimeSpan.FromSeconds(30));
        await PublishAsync(vipps);

        Assert.Equal(TimeSpan.FromSeconds(60), probe.RetryAfter);
        Assert.Equal(2, vipps.Stub.Calls.Count);
        Assert.True(vipps.Figures.IsAway);
    }

    [Fact]
    public async Task ManyWhoAreSentAway_AreSpreadOverTime()
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(403, "");
        await PublishAsync(vipps);

        var waits = new List<double>();
        for (var i = 0; i < 5_000; i++)
        {
            var later = Assert.IsType<VippsResult<bool>.Later>(await PublishAsync(vipps, i));
            waits.Add(later.RetryAfter!.Value.TotalSeconds);
        }

        // 5,000 at 500 a second, after the 5 s that everybody waits.
        Assert.InRange(waits[^1], 13, 16);
        Assert.Equal(5_000, vipps.Figures.ToCallBack);
    }

    [Fact]
    public async Task Stop_EndsTheCallingBack()
    {
        var clock = new ShiftedTime();
        var vipps = new VippsSetup(clock: clock);
        var asked = 0;
        vipps.Resume = async (_, stop) =>
        {
            Interlocked.Increment(ref asked);
            await Task.Delay(Timeout.Infinite, stop);
        };
        vipps.Stub.AnswerWith(403, "");
        for (var i = 0; i < 100; i++) await PublishAsync(vipps, i);
        clock.Advance(TimeSpan.FromSeconds(6));
        vipps.Stub.AnswerWith(200, "");
        await PublishAsync(vipps, 0);
        await UntilAsync(() => asked > 0);

        await vipps.DisposeAsync();
        await UntilAsync(() => vipps.Log.All.Count(line => line.Id.Id == 3203) == 16);

        Assert.Equal(16, asked);
    }
}
