using System.Diagnostics;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Vipps.Support;
using ChainCheckout.Vipps.Resilience;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Tests.Vipps;

[Collection(nameof(Timing))]
public sealed class ResilienceTests
{
    private static readonly Msn Other = new("654321");

    [Fact]
    public async Task Breaker_OpensWhenNothingComesBack_ForThatSalesUnitAndApiOnly()
    {
        await using var vipps = new VippsSetup(settings: TwoUnits);
        var changes = new List<BreakerChange>();
        vipps.Health.Changed += changes.Add;
        vipps.Stub.AnswerWith(503, "");

        for (var i = 0; i < 4; i++)
            Assert.IsType<VippsResult<PaymentRead>.Unknown>(
                await vipps.Payments.CaptureAsync(VippsSetup.Change(), default));
        var refused = Assert.IsType<VippsResult<PaymentRead>.Later>(
            await vipps.Payments.CaptureAsync(VippsSetup.Change(), default));

        Assert.Equal(4, vipps.Stub.Calls.Count);
        Assert.InRange(refused.RetryAfter!.Value.TotalSeconds, 1, 5);
        Assert.Equal([new BreakerChange(VippsSetup.Msn, VippsApi.EPayment, BreakerState.Open)], changes);
        Assert.True(vipps.Health.IsOpen(VippsSetup.Msn));
        Assert.False(vipps.Health.IsOpen(VippsSetup.Msn, VippsApi.Webhooks));
        Assert.False(vipps.Health.IsOpen(Other));
        Assert.False(vipps.Health.IsOpen(new Msn("999999")));
        Assert.IsType<VippsResult<PaymentRead>.Unknown>(
            await vipps.Payments.CaptureAsync(VippsSetup.Change() with { Msn = Other }, default));
        Assert.Contains(vipps.Log.All, line => line.Id.Id == 3010);
    }

    [Fact]
    public async Task Breaker_StaysClosed_WhenVippsRefuses()
    {
        await using var vipps = new VippsSetup(settings: TwoUnits);
        foreach (var status in (int[])[400, 409, 429, 401, 423])
        {
            vipps.Stub.AnswerWith(status, "");
            for (var i = 0; i < 6; i++) await vipps.Payments.CaptureAsync(VippsSetup.Change(), default);
        }

        Assert.False(vipps.Health.IsOpen(VippsSetup.Msn));
    }

    [Fact]
    public async Task Breaker_LetsOneCallTry_AndClosesWhenItIsAnswered()
    {
        var clock = new ShiftedTime();
        await using var vipps = new VippsSetup(settings: TwoUnits, clock: clock);
        vipps.Stub.AnswerWith(500, "");
        for (var i = 0; i < 4; i++) await vipps.Payments.CaptureAsync(VippsSetup.Change(), default);

        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.False(vipps.Health.IsOpen(VippsSetup.Msn), "one that waits for it would wait for ever");
        Assert.IsType<VippsResult<PaymentRead>.Unknown>(
            await vipps.Payments.CaptureAsync(VippsSetup.Change(), default));
        Assert.IsType<VippsResult<PaymentRead>.Later>(await vipps.Payments.CaptureAsync(VippsSetup.Change(), default));
        Assert.Equal(5, vipps.Stub.Calls.Count);

        clock.Advance(TimeSpan.FromSeconds(6));
        vipps.Stub.AnswerWith(400, "");
        Assert.IsType<VippsResult<PaymentRead>.Refused>(
            await vipps.Payments.CaptureAsync(VippsSetup.Change(), default));
        Assert.IsType<VippsResult<PaymentRead>.Refused>(
            await vipps.Payments.CaptureAsync(VippsSetup.Change(), default));
        Assert.False(vipps.Health.IsOpen(VippsSetup.Msn));
        Assert.Contains(vipps.Log.All, line => line.Id.Id == 3012);
    }

    [Fact]
    public async Task Polls_KeepToTheirBudget_WhileOtherReadsDoNotWait()
    {
        await using var vipps = new VippsSetup(settings: new() { ["Vipps:PollsPerSecondMax"] = "20" });
        await vipps.Payments.ReadAsync(VippsSetup.Read(), default);
        var watch = Stopwatch.StartNew();

        var polls = Polls(vipps, 16);
        await vipps.Payments.ReadAsync(VippsSetup.Read(), default);
        var stillWaiting = polls.Count(poll => !poll.IsCompleted);
        await Task.WhenAll(polls);

        // 5 at once, then 20 a second: the last of 16 goes after 0.55 s.
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.45, 5);
        Assert.True(stillWaiting > 0, "a read that is not a poll waited behind the polls");
    }

    [Fact]
    public async Task Polls_BeyondASecondsWorth_AreToldToComeLater()
    {
        await using var vipps = new VippsSetup(settings: new() { ["Vipps:PollsPerSecondMax"] = "4" });

        var results = await Task.WhenAll(Polls(vipps, 20));

        var later = results.OfType<VippsResult<PaymentRead?>.Later>().ToArray();
        Assert.InRange(later.Length, 12, 16);
        Assert.All(later, result => Assert.NotNull(result.RetryAfter));
        Assert.Equal(20 - later.Length, vipps.Stub.Calls.Count);
    }

    [Fact]
    public async Task CallsInFlight_AreLimited_PollsLeaveRoomForCaptures_AndOneMoreCaptureWaits()
    {
        await using var vipps = new VippsSetup(settings: new() { ["Vipps:CallsInFlightMax"] = "4" });
        await vipps.Payments.ReadAsync(VippsSetup.Read(), default);
        var gate = new TaskCompletionSource();
        vipps.Stub.Answer = async (_, _) =>
        {
            await gate.Task;
            return VippsStub.Json(200, VippsSetup.Payment());
        };

        var polls = Polls(vipps, 3);
        var fourth = await vipps.Payments.ReadAsync(VippsSetup.Read(poll: true), default);
        var capture = vipps.Payments.CaptureAsync(VippsSetup.Change(), default);
        var second = vipps.Payments.CaptureAsync(VippsSetup.Change(), default);
        Assert.False(second.IsCompleted);
        gate.SetResult();

        Assert.IsType<VippsResult<PaymentRead?>.Later>(fourth);
        Assert.IsType<VippsResult<PaymentRead>.Ok>(await second);
        Assert.IsType<VippsResult<PaymentRead>.Ok>(await capture);
        Assert.All(await Task.WhenAll(polls), poll => Assert.IsType<VippsResult<PaymentRead?>.Ok>(poll));
    }

    [Fact]
    public async Task Calls_AreCountedByOperationAndOutcome()
    {
        await using var vipps = new VippsSetup();
        await vipps.Payments.ReadAsync(VippsSetup.Read(), default);
        vipps.Stub.AnswerWith(409, "");
        await vipps.Payments.CreateAsync(VippsSetup.Create(), default);
        await vipps.Payments.CreateAsync(VippsSetup.Create(), default);
        vipps.Stub.AnswerWith(500, "");
        await vipps.Payments.CaptureAsync(VippsSetup.Change(), default);

        Assert.Equal(
            new Dictionary<string, long>
            {
                ["accesstoken.get.ok"] = 1,
                ["epayment.read.ok"] = 1,
                ["epayment.create.refused"] = 2,
                ["epayment.capture.unknown"] = 1,
            },
            vipps.Calls.Snapshot());
    }

    [Fact]
    public void Operations_HaveACounterEach()
    {
        Assert.Equal(
            Enumerable.Range(0, VippsOperation.All.Length), VippsOperation.All.Select(operation => operation.Index));
        Assert.Equal(
            VippsOperation.All.Length, VippsOperation.All.Select(operation => operation.Name).Distinct().Count());
    }

    private static Task<VippsResult<PaymentRead?>>[] Polls(VippsSetup vipps, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => vipps.Payments.ReadAsync(VippsSetup.Read(poll: true), default))];

    private static Dictionary<string, string?> TwoUnits => new()
    {
        ["Vipps:Breaker:MinimumThroughput"] = "4",
        ["Vipps:SalesUnits:1:MerchantSerialNumber"] = Other.Text,
        ["Vipps:SalesUnits:1:ClientId"] = "b2a9cb2f-4a52-4b79-93e5-9c9ffbc7b0f2",
        ["Vipps:SalesUnits:1:ClientSecret"] = "other",
        ["Vipps:SalesUnits:1:SubscriptionKey"] = "other",
    };
}
