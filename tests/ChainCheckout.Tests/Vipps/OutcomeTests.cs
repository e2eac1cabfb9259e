using System.Collections.Immutable;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Vipps.Support;

namespace ChainCheckout.Tests.Vipps;

/// <summary>What is known of a call's effect, for each kind of answer.</summary>
public sealed class OutcomeTests
{
    [Fact]
    public async Task Create_AnsweredWithOurReference_IsOk()
    {
        await using var vipps = Answering(201, """{"reference":"s42-t7-3-118","later":{"field":[1]}}""");

        var result = await vipps.Payments.CreateAsync(VippsSetup.Create(), default);

        Assert.Equal(VippsSetup.Reference, Assert.IsType<VippsResult<PaymentCreated>.Ok>(result).Value.Reference);
    }

    [Theory]
    [InlineData("""{"reference":"s42-t7-3-119"}""")]
    [InlineData("""{"redirectUrl":"https://example.test"}""")]
    [InlineData("""{"reference":"s42-t7-3-1""")]
    [InlineData("""["s42-t7-3-118"]""")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("<html>OK</html>")]
    public async Task Create_AnsweredWithAnythingElse_IsUnknown(string body)
    {
        await using var vipps = Answering(201, body);

        Assert.IsType<VippsResult<PaymentCreated>.Unknown>(
            await vipps.Payments.CreateAsync(VippsSetup.Create(), default));
    }

    [Fact]
    public async Task Read_GivesStateAndSums()
    {
        await using var vipps = Answering(200, VippsSetup.Payment(captured: 24_950));

        var read = Assert.IsType<VippsResult<PaymentRead?>.Ok>(
            await vipps.Payments.ReadAsync(VippsSetup.Read(), default)).Value;

        var until = new DateTimeOffset(2026, 10, 27, 7, 53, 44, 812, TimeSpan.Zero);
        Assert.Equal(
            new PaymentRead(
                PaymentStateAtVipps.Authorized, new Money(24_950, Currency.NOK), 24_950, 24_950, 0, 0, until), read);
    }

    [Fact]
    public async Task Read_OfAStateThatIsNotKnown_IsOkWithThatStateNamedUnknown()
    {
        await using var vipps = Answering(200, VippsSetup.Payment("PARTIALLY_CHARGED"));

        var read = Assert.IsType<VippsResult<PaymentRead?>.Ok>(
            await vipps.Payments.ReadAsync(VippsSetup.Read(), default)).Value;

        Assert.Equal(PaymentStateAtVipps.Unknown, read!.State);
    }

    [Fact]
    public async Task Read_OfAPaymentThatIsNotThere_IsOkWithNothing()
    {
        await using var vipps = Answering(404, """{"title":"Not found","status":404}""");

        var read = await vipps.Payments.ReadAsync(VippsSetup.Read(), default);

        Assert.Null(Assert.IsType<VippsResult<PaymentRead?>.Ok>(read).Value);
    }

    [Theory]
    [InlineData("\"state\":\"AUTHORIZED\",", "")]
    [InlineData("\"amount\":", "\"sum\":")]
    [InlineData("\"capturedAmount\":", "\"captured\":")]
    [InlineData("\"aggregate\":", "\"sums\":")]
    [InlineData("\"value\":24950", "\"value\":249.5")]
    [InlineData("\"value\":0", "\"value\":-1")]
    [InlineData("\"refundedAmount\":{\"currency\":\"NOK\"", "\"refundedAmount\":{\"currency\":\"EUR\"")]
    [InlineData("s42-t7-3-118", "s42-t7-3-119")]
    public async Task Capture_AnsweredWithHalfAPayment_IsUnknown(string was, string becomes)
    {
        var genuine = VippsSetup.Payment();
        Assert.Contains(was, genuine);
        await using var vipps = Answering(200, genuine.Replace(was, becomes, StringComparison.Ordinal));

        Assert.IsType<VippsResult<PaymentRead>.Unknown>(
            await vipps.Payments.CaptureAsync(VippsSetup.Change(), default));
    }

    [Fact]
    public async Task Capture_AnsweredInAnotherCurrency_IsUnknown()
    {
        await using var vipps = Answering(200, VippsSetup.Payment(currency: "DKK"));

        Assert.IsType<VippsResult<PaymentRead>.Unknown>(
            await vipps.Payments.CaptureAsync(VippsSetup.Change(), default));
    }

    [Fact]
    public async Task Capture_LabelledAsAProblem_IsOk()
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, VippsSetup.Payment(captured: 24_950), "application/problem+json");

        var result = await vipps.Payments.CaptureAsync(VippsSetup.Change(), default);

        Assert.Equal(24_950, Assert.IsType<VippsResult<PaymentRead>.Ok>(result).Value.CapturedMinor);
    }

    [Theory]
    [InlineData(400, "6080", "Refused")]
    [InlineData(400, "", "Refused")]
    [InlineData(403, "5080", "Refused")]
    [InlineData(404, "5090", "Refused")]
    [InlineData(409, "4150", "Refused")]
    [InlineData(422, "", "Refused")]
    [InlineData(423, "", "Later")]
    [InlineData(429, "", "Later")]
    [InlineData(401, "", "Later")]
    [InlineData(400, "6160", "Later")]
    [InlineData(409, "6250", "Later")]
    [InlineData(400, "6280", "Later")]
    [InlineData(400, "3010", "Unknown")]
    [InlineData(408, "", "Unknown")]
    [InlineData(500, "", "Unknown")]
    [InlineData(500, "6080", "Unknown")]
    [InlineData(503, "", "Unknown")]
    [InlineData(301, "", "Unknown")]
    [InlineData(204, "", "Unknown")]
    public async Task Capture_Answered_IsSortedByStatusAndCode(int status, string code, string outcome)
    {
        var body = status == 204 ? "" : $$"""{"title":"No","extraDetails":[{"name":"ErrorCode","reason":"{{code}}"}]}""";
        await using var vipps = Answering(status, body);

        var result = await vipps.Payments.CaptureAsync(VippsSetup.Change(), default);

        Assert.Equal(outcome, result.GetType().Name);
        if (result is VippsResult<PaymentRead>.Refused({ } fault))
            Assert.Equal((status, code), (fault.Status, fault.Code));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData(null, null)]
    [InlineData("soon", null)]
    public async Task Later_TellsTheSecondsThatVippsAskedFor(string? header, int? seconds)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(_ => WithRetryAfter(header));

        var later = Assert.IsType<VippsResult<PaymentRead>.Later>(
            await vipps.Payments.CaptureAsync(VippsSetup.Change(), default));

        Assert.Equal(seconds, (int?)later.RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData(90, 80, 90)]
    [InlineData(-90, 0, 0)]
    public async Task Later_TellsTheTimeUntilTheDateThatVippsNamed(int fromNow, int least, int most)
    {
        await using var vipps = new VippsSetup();
        var date = TimeProvider.System.GetUtcNow().AddSeconds(fromNow);
        vipps.Stub.AnswerWith(_ => WithRetryAfter(date.ToString("r")));

        var later = Assert.IsType<VippsResult<PaymentRead>.Later>(
            await vipps.Payments.CaptureAsync(VippsSetup.Change(), default));

        Assert.InRange(later.RetryAfter!.Value.TotalSeconds, least, most);
    }

    [Fact]
    public async Task Events_GiveTheLogOfThePayment()
    {
        await using var vipps = Answering(200, """
            [{"reference":"s42-t7-3-118","pspReference":"p1","name":"CREATED","amount":{"currency":"NOK","value":24950},
              "timestamp":"2026-10-20T16:26:32.099Z","success":true},
             {"reference":"s42-t7-3-118","pspReference":"p2","name":"CAPTURED","amount":{"currency":"NOK","value":24950},
              "timestamp":"2026-10-20T16:26:40Z","idempotencyKey":"k","success":false}]
            """);

        var events = Assert.IsType<VippsResult<ImmutableArray<PaymentEventRead>>.Ok>(
            await vipps.Payments.EventsAsync(VippsSetup.Read(), default)).Value;

        Assert.Equal(["CREATED", "CAPTURED"], events.Select(e => e.Name));
        Assert.Equal([null, "k"], events.Select(e => e.Key));
        Assert.Equal([true, false], events.Select(e => e.Success));
    }

    [Fact]
    public async Task SalesUnit_ThatIsNotInTheSettings_IsLaterAndNothingIsSent()
    {
        await using var vipps = new VippsSetup();

        var result = await vipps.Payments.ReadAsync(VippsSetup.Read() with { Msn = new Msn("999999") }, default);

        Assert.IsType<VippsResult<PaymentRead?>.Later>(result);
        Assert.Empty(vipps.Stub.Calls);
    }

    private static VippsSetup Answering(int status, string body)
    {
        var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(status, body);
        return vipps;
    }

    private static HttpResponseMessage WithRetryAfter(string? value)
    {
        var answer = VippsStub.Json(429, """{"statusCode":429,"message":"slow down"}""");
        if (value is not null) answer.Headers.TryAddWithoutValidation("Retry-After", value);
        return answer;
    }
}
