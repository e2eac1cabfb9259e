using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Vipps.Support;

namespace ChainCheckout.Tests.Vipps;

public sealed class CheckInTests
{
    [Fact]
    public async Task CheckIn_SendsNumberAndMembership_WithTheKeysOfTheSalesUnit()
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, "\"3f0c-1\"");

        var answer = await CheckInAsync(vipps);

        Assert.Equal("3f0c-1", Assert.IsType<VippsResult<string>.Ok>(answer).Value);
        var sent = Assert.Single(vipps.Stub.Calls);
        Assert.Equal(("POST", "/point-of-sale/v1/loyalty-check-in"), (sent.Method, sent.Path));
        Assert.Equal("""{"phoneNumber":"4791234567","isMember":true}""", sent.Text);
        Assert.Equal("Bearer token-1", sent.Headers["Authorization"]);
        Assert.Equal(VippsSetup.SubscriptionKey, sent.Headers["Ocp-Apim-Subscription-Key"]);
        Assert.Equal("123456", sent.Headers["Merchant-Serial-Number"]);
        Assert.False(sent.Headers.ContainsKey("Idempotency-Key"));
    }

    [Fact]
    public async Task CheckIn_OfASalesUnitWithAProgramme_NamesIt()
    {
        await using var vipps = new VippsSetup(
            settings: new() { ["Vipps:SalesUnits:0:LoyaltyProgramName"] = "Acme club" });
        vipps.Stub.AnswerWith(200, "\"id\"");

        await CheckInAsync(vipps, isMember: false);

        Assert.Equal(
            """{"phoneNumber":"4791234567","loyaltyProgramName":"Acme club","isMember":false}""",
            Assert.Single(vipps.Stub.Calls).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"id":"x"}""")]
    [InlineData("17")]
    [InlineData("oops")]
    [InlineData("\"\\ud800\"")]
    public async Task CheckIn_AnsweredInAnotherForm_IsDoneAllTheSame(string body)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, body);

        Assert.Equal(new VippsResult<string>.Ok(""), await CheckInAsync(vipps));
    }

    [Theory]
    [InlineData("4520123456")]
    [InlineData("46701234567")]
    [InlineData("358401234567")]
    public async Task CheckIn_OfANumberOutsideNorway_IsRefusedWithoutACall(string digits)
    {
        await using var vipps = new VippsSetup();

        var refused = Assert.IsType<VippsResult<string>.Refused>(await CheckInAsync(vipps, digits: digits));

        Assert.Equal("phoneNumber", refused.Fault.Field);
        Assert.Empty(vipps.Stub.Calls);
    }

    [Fact]
    public async Task CheckIn_WithoutAnAddress_IsRefusedWithoutACall()
    {
        await using var vipps = new VippsSetup(settings: new() { ["Vipps:CheckIn:BaseAddress"] = null });

        Assert.IsType<VippsResult<string>.Refused>(await CheckInAsync(vipps));
        Assert.Empty(vipps.Stub.Calls);
    }

    [Fact]
    public async Task CheckIn_HasItsOwnShorterTimeout_AndIsNotRepeated()
    {
        await using var vipps = new VippsSetup(settings: new() { ["Vipps:CheckIn:Timeout"] = "00:00:00.2" });
        await vipps.Payments.ReadAsync(VippsSetup.Read(), default); // So that a token is at hand.
        vipps.Stub.Answer = async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return VippsStub.Json(200, "");
        };

        Assert.Equal(new VippsResult<string>.Unknown("timeout"), await CheckInAsync(vipps));
        Assert.Single(vipps.Stub.Calls, call => call.Path.EndsWith("check-in", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CheckIns_ThatHang_LeaveRoomForPayments_AndDoNotMakeTheSalesUnitLookAway()
    {
        await using var vipps = new VippsSetup(
            settings: new() { ["Vipps:CallsInFlightMax"] = "8", ["Vipps:Breaker:MinimumThroughput"] = "2" });
        await vipps.Payments.ReadAsync(VippsSetup.Read(), default);
        var gate = new TaskCompletionSource();
        vipps.Stub.Answer = async (request, _) =>
        {
            if (request.Path.StartsWith("/epayment", StringComparison.Ordinal))
                return VippsStub.Json(200, VippsSetup.Payment());
            await gate.Task;
            return VippsStub.Json(500, "");
        };

        var hanging = Enumerable.Range(0, 3).Select(_ => CheckInAsync(vipps)).ToArray();
        var fourth = await CheckInAsync(vipps).WaitAsync(TimeSpan.FromSeconds(10));
        var poll = await vipps.Payments.ReadAsync(VippsSetup.Read(poll: true), default);
        var capture = await vipps.Payments.CaptureAsync(VippsSetup.Change(), default);
        gate.SetResult();
        await Task.WhenAll(hanging);

        Assert.IsType<VippsResult<string>.Later>(fourth);
        Assert.IsType<VippsResult<PaymentRead?>.Ok>(poll);
        Assert.IsType<VippsResult<PaymentRead>.Ok>(capture);
        Assert.True(vipps.Health.IsOpen(VippsSetup.Msn, ChainCheckout.Vipps.Sending.VippsApi.CheckIn));
        Assert.False(vipps.Health.IsOpen(VippsSetup.Msn));
    }

    private static Task<VippsResult<string>> CheckInAsync(
        VippsSetup vipps, bool isMember = true, string digits = VippsSetup.Phone) =>
        vipps.CheckIns.CheckInAsync(new CheckIn(VippsSetup.Msn, VippsSetup.Customer(digits), isMember), default);
}
