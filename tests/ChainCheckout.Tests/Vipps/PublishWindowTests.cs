using ChainCheckout.Core.Ports;
using ChainCheckout.Tests.Vipps.Support;
using static ChainCheckout.Tests.Vipps.Support.Publishing;

namespace ChainCheckout.Tests.Vipps;

/// <summary>How many events are under way at once, and what becomes of those that find no place.</summary>
[Collection(nameof(Timing))]
public sealed class PublishWindowTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task TooMany_HalvesTheWindowOnce_AndSendsNothingDuringThePause()
    {
        var clock = new ShiftedTime();
        await using var vipps = new VippsSetup(clock: clock);
        vipps.Stub.AnswerWith(200, "");
        for (var i = 0; i < 60; i++) await PublishAsync(vipps, i);
        var before = vipps.Figures.Window;
        var gate = new TaskCompletionSource();
        vipps.Stub.Answer = async (_, _) =>
        {
            await gate.Task;
            return TooMany(60);
        };

        var together = Enumerable.Range(0, before).Select(i => PublishAsync(vipps, i)).ToArray();
        await UntilAsync(() => vipps.Stub.Calls.Count == 60 + before);
        gate.SetResult();
        Assert.All(await Task.WhenAll(together).WaitAsync(Soon), one => Assert.IsType<VippsResult<bool>.Later>(one));
        var held = Assert.IsType<VippsResult<bool>.Later>(await PublishAsync(vipps));

        Assert.InRange(before, 9, 12);
        Assert.Equal(before / 2, vipps.Figures.Window);
        Assert.InRange(held.RetryAfter!.Value.TotalSeconds, 55, 61);
        Assert.Equal(60 + before, vipps.Stub.Calls.Count);
        Assert.False(vipps.Figures.IsAway);

        clock.Advance(TimeSpan.FromSeconds(61));
        await PublishAsync(vipps);
        Assert.Equal(before / 4, vipps.Figures.Window);
    }

    [Fact]
    public async Task Events_GoInParallelWithinTheWindow_WhichGrowsToItsLimit()
    {
        await using var vipps = new VippsSetup(settings: new() { ["Vipps:Loyalty:ParallelMax"] = "6" });
        int now = 0, most = 0;
        var gate = new TaskCompletionSource();
        gate.SetResult();
        vipps.Stub.Answer = async (_, _) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            await gate.Task;
            Interlocked.Decrement(ref now);
            return VippsStub.Json(200, "");
        };

        var first = await Task.WhenAll(Enumerable.Range(0, 280).Select(i => PublishAsync(vipps, i))).WaitAsync(Soon);
        gate = new TaskCompletionSource();
        var last = Enumerable.Range(0, 20).Select(i => PublishAsync(vipps, i)).ToArray();
        await UntilAsync(() => vipps.Figures.Queued == 14 && Volatile.Read(ref now) == 6);
        gate.SetResult();

        Assert.All([.. first, .. await Task.WhenAll(last).WaitAsync(Soon)], one => Assert.IsType<VippsResult<bool>.Ok>(one));
        Assert.Equal(6, most);
        Assert.Equal((300, 300, 6, 0), (vipps.Figures.Posts, vipps.Figures.Accepted, vipps.Figures.Window, vipps.Figures.Queued));
    }

    [Fact]
    public async Task WhenItGoesAway_ThoseInLineAreSentAwayWithoutACall()
    {
        await using var vipps = new VippsSetup(settings: new() { ["Vipps:Loyalty:ParallelMax"] = "2" });
        var gate = new TaskCompletionSource();
        vipps.Stub.Answer = async (_, _) =>
        {
            await gate.Task;
            return VippsStub.Json(403, "");
        };

        var all = Enumerable.Range(0, 50).Select(i => PublishAsync(vipps, i)).ToArray();
        await UntilAsync(() => vipps.Figures.Queued == 48);
        gate.SetResult();

        Assert.All(await Task.WhenAll(all).WaitAsync(Soon), one => Assert.IsType<VippsResult<bool>.Later>(one));
        Assert.Equal(2, vipps.Stub.Calls.Count);
        Assert.Equal((48, 50), (vipps.Figures.Held, vipps.Figures.ToCallBack));
    }

    [Fact]
    public async Task Callers_WhoGiveUpInLine_TakeNoPlaceWithThem()
    {
        await using var vipps = new VippsSetup(settings: new() { ["Vipps:Loyalty:ParallelMax"] = "1" });
        var gate = new TaskCompletionSource();
        vipps.Stub.Answer = async (_, _) =>
        {
            await gate.Task;
            return VippsStub.Json(200, "");
        };
        using var givesUp = new CancellationTokenSource();

        var first = PublishAsync(vipps);
        await UntilAsync(() => vipps.Stub.Calls.Count == 1);
        var gone = Enumerable.Range(0, 5).Select(i => PublishAsync(vipps, i, givesUp.Token)).ToArray();
        var last = PublishAsync(vipps, 9);
        givesUp.Cancel();
        foreach (var one in gone) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        gate.SetResult();

        Assert.IsType<VippsResult<bool>.Ok>(await first);
        Assert.IsType<VippsResult<bool>.Ok>(await last.WaitAsync(Soon));
        Assert.IsType<VippsResult<bool>.Ok>(await PublishAsync(vipps, 10).WaitAsync(Soon));
        Assert.Equal((3, 0), (vipps.Figures.Posts, vipps.Figures.Failed));
    }

    [Fact]
    public async Task Line_HasALength_AndAWait_WhoeverIsBeyondComesLater()
    {
        var clock = new ShiftedTime();
        var settings = new Dictionary<string, string?> { ["Vipps:Loyalty:ParallelMax"] = "1", ["Vipps:CallTimeout"] = "00:00:30" };
        await using var vipps = new VippsSetup(settings: settings, clock: clock);
        var gate = new TaskCompletionSource();
        vipps.Stub.Answer = async (_, _) =>
        {
            await gate.Task;
            return VippsStub.Json(200, "");
        };

        var all = Enumerable.Range(0, 2_101).Select(i => PublishAsync(vipps, i)).ToArray();
        await UntilAsync(() => all.Count(one => one.IsCompleted) == 100);
        clock.Advance(TimeSpan.FromSeconds(6));
        await UntilAsync(() => all.Count(one => one.IsCompleted) == 2_100);
        gate.SetResult();
        var results = await Task.WhenAll(all).WaitAsync(Soon);

        Assert.Single(results, one => one is VippsResult<bool>.Ok);
        var later = results.OfType<VippsResult<bool>.Later>().Select(one => one.RetryAfter!.Value.TotalSeconds).ToArray();
        Assert.Equal(2_100, later.Length);
        Assert.True(later.Min() >= 5, "nobody comes sooner than the setting says");
        Assert.Equal(0, vipps.Figures.ToCallBack);
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var seen = most; now > seen; seen = most) Interlocked.CompareExchange(ref most, now, seen);
    }
}
