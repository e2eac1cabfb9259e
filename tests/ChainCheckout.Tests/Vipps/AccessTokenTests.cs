using System.Net;
using ChainCheckout.Core.Ports;
using ChainCheckout.Tests.Vipps.Support;

namespace ChainCheckout.Tests.Vipps;

[Collection(nameof(Timing))]
public sealed class AccessTokenTests
{
    [Fact]
    public async Task Token_IsFetchedOnceForAllCallsThatWantIt()
    {
        await using var vipps = new VippsSetup();
        var gate = new TaskCompletionSource();
        vipps.Stub.Token = async number =>
        {
            await gate.Task;
            return VippsStub.TokenAnswer($"token-{number}");
        };

        var reads = Enumerable.Range(0, 20).Select(_ => vipps.Payments.ReadAsync(VippsSetup.Read(), default)).ToArray();
        gate.SetResult();
        await Task.WhenAll(reads);
        await vipps.Payments.ReadAsync(VippsSetup.Read(), default);

        Assert.Single(vipps.Stub.TokenCalls);
        Assert.All(vipps.Stub.Calls, call => Assert.Equal("Bearer token-1", call.Headers["Authorization"]));
    }

    [Fact]
    public async Task RefusedToken_IsReplacedOnceForAll_AndEachCallSentOnceMoreWithTheSameBytes()
    {
        await using var vipps = new VippsSetup();
        var (refused, allRefused) = (0, new TaskCompletionSource());
        vipps.Stub.Answer = async (request, _) =>
        {
            if (request.Headers["Authorization"] != "Bearer token-1") return VippsStub.Json(200, VippsSetup.Payment());
            if (Interlocked.Increment(ref refused) == 10) allRefused.SetResult();
            await allRefused.Task;
            return new HttpResponseMessage(HttpStatusCode.Unauthorized);
        };

        var results = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => vipps.Payments.CaptureAsync(VippsSetup.Change(), default)));

        Assert.All(results, result => Assert.IsType<VippsResult<PaymentRead>.Ok>(result));
        Assert.Equal(2, vipps.Stub.TokenCalls.Count);
        var sent = vipps.Stub.Calls.ToArray();
        Assert.Equal(20, sent.Length);
        Assert.All(
            sent, call => Assert.Equal((sent[0].Text, "change-1"), (call.Text, call.Headers["Idempotency-Key"])));
    }

    [Fact]
    public async Task RefusedToken_DoesNotCostTheNewerOne()
    {
        await using var vipps = new VippsSetup();
        var slow = new TaskCompletionSource();
        vipps.Stub.Answer = async (request, _) =>
        {
            var old = request.Headers["Authorization"] == "Bearer token-1";
            if (old && request.Path.EndsWith("/refund", StringComparison.Ordinal)) await slow.Task;
            return old
                ? new HttpResponseMessage(HttpStatusCode.Unauthorized)
                : VippsStub.Json(200, VippsSetup.Payment());
        };

        var late = vipps.Payments.RefundAsync(VippsSetup.Change(), default);
        await vipps.Payments.CaptureAsync(VippsSetup.Change(), default);
        slow.SetResult(); // Its 401 speaks of token-1, and token-2 is in use by now.
        Assert.IsType<VippsResult<PaymentRead>.Ok>(await late);

        Assert.Equal(2, vipps.Stub.TokenCalls.Count);
    }

    [Fact]
    public async Task Call_RefusedWithTheNewTokenToo_IsLaterAfterTwoTries()
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(401, """{"statusCode":401,"message":"Access denied"}""");

        var later = Assert.IsType<VippsResult<PaymentRead>.Later>(
            await vipps.Payments.CaptureAsync(VippsSetup.Change(), default));

        Assert.Equal(401, later.Fault.Status);
        Assert.Equal(2, vipps.Stub.Calls.Count);
        Assert.Equal(2, vipps.Stub.TokenCalls.Count);
    }

    [Fact]
    public async Task Token_IsRenewedEarly_WhileTheCallsGoOnWithTheOldOne()
    {
        var clock = new ShiftedTime();
        await using var vipps = new VippsSetup(clock: clock);
        vipps.Stub.Token = number =>
            Task.FromResult(VippsStub.TokenAnswer($"token-{number}", number == 1 ? "\"1000\"" : "1000"));

        await vipps.Payments.ReadAsync(VippsSetup.Read(), default);
        clock.Advance(TimeSpan.FromSeconds(740)); // Jitter takes at most 5 % off the 80 %.
        await vipps.Payments.ReadAsync(VippsSetup.Read(), default);
        Assert.Single(vipps.Stub.TokenCalls);

        clock.Advance(TimeSpan.FromSeconds(65));
        await vipps.Payments.ReadAsync(VippsSetup.Read(), default);
        await vipps.Payments.ReadAsync(VippsSetup.Read(), default);

        Assert.Equal(2, vipps.Stub.TokenCalls.Count);
        Assert.Equal(
            ["token-1", "token-1", "token-1", "token-2"],
            vipps.Stub.Calls.Select(call => call.Headers["Authorization"]["Bearer ".Length..]));
    }

    [Fact]
    public async Task Token_ServesToItsEnd_WhileTheTokenEndpointIsAway()
    {
        var clock = new ShiftedTime();
        await using var vipps = new VippsSetup(clock: clock);
        vipps.Stub.Token = number => number == 1
            ? Task.FromResult(VippsStub.TokenAnswer("token-1", "1000"))
            : throw new HttpRequestException(HttpRequestError.ConnectionError);

        await vipps.Payments.ReadAsync(VippsSetup.Read(), default);
        clock.Advance(TimeSpan.FromSeconds(990));
        Assert.IsType<VippsResult<PaymentRead?>.Ok>(await vipps.Payments.ReadAsync(VippsSetup.Read(), default));
        clock.Advance(TimeSpan.FromSeconds(15));
        Assert.IsType<VippsResult<PaymentRead?>.Later>(await vipps.Payments.ReadAsync(VippsSetup.Read(), default));

        Assert.Equal(2, vipps.Stub.Calls.Count);
        Assert.Contains(vipps.Log.All, line => line.Id.Id == 3021);
    }

    [Fact]
    public async Task TokenEndpoint_ThatFails_IsLeftAloneForAWhile_ThenAskedAgain()
    {
        var clock = new ShiftedTime();
        await using var vipps = new VippsSetup(clock: clock);
        vipps.Stub.Token = number =>
            Task.FromResult(number == 1 ? VippsStub.Json(500, "") : VippsStub.TokenAnswer("token-2"));

        for (var i = 0; i < 5; i++)
            Assert.IsType<VippsResult<PaymentRead?>.Later>(await vipps.Payments.ReadAsync(VippsSetup.Read(), default));
        Assert.Single(vipps.Stub.TokenCalls);

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<VippsResult<PaymentRead?>.Ok>(await vipps.Payments.ReadAsync(VippsSetup.Read(), default));
    }

    [Theory]
    [InlineData(401, """{"error":"invalid_client","error_description":"no"}""")]
    [InlineData(200, """{"token_type":"Bearer"}""")]
    [InlineData(200, """{"access_token":"with blank"}""")]
    [InlineData(200, "not json")]
    public async Task NoToken_MeansThatNothingWasSent(int status, string body)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.Token = _ => Task.FromResult(VippsStub.Json(status, body));

        Assert.IsType<VippsResult<PaymentCreated>.Later>(
            await vipps.Payments.CreateAsync(VippsSetup.Create(), default));
        Assert.Empty(vipps.Stub.Calls);
    }

    [Fact]
    public async Task Token_ThatDoesNotComeInTime_IsLater_AndTheCallersCancellationOnlyItsOwn()
    {
        await using var vipps = new VippsSetup(
            settings: new() { ["Vipps:Qr:Timeout"] = "00:00:00.1", ["Vipps:CallTimeout"] = "00:00:00.3" });
        var never = new TaskCompletionSource<HttpResponseMessage>();
        vipps.Stub.Token = _ => never.Task;
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        var impatient = vipps.Payments.ReadAsync(VippsSetup.Read(), patience.Token);
        var patient = vipps.Payments.CaptureAsync(VippsSetup.Change(), default);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        Assert.IsType<VippsResult<PaymentRead>.Later>(await patient);
        never.SetResult(VippsStub.TokenAnswer("late"));
    }
}
