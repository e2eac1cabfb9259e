using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Vipps.Support;

namespace ChainCheckout.Tests.Vipps;

public sealed class PrivacyTests
{
    private const string Digits = "91234567";

    [Theory]
    [InlineData(400, """{"title":"Payer 4791234567","detail":"91234567","extraDetails":[{"name":"4791234567","reason":"1"}]}""")]
    [InlineData(423, """[{"errorCode":"91234567","errorMessage":"91 23 45 67 is locked"}]""")]
    [InlineData(500, "91234567")]
    [InlineData(200, "91234567 token-1")]
    [InlineData(401, """{"error":"4791234567","error_description":"91234567"}""")]
    [InlineData(400, """{"error":"invalid_user","error_code":"4791234567","error_description":"91234567"}""")]
    [InlineData(404, """{"title":"4791234567","detail":"91234567"}""")]
    public async Task NothingThatVippsSays_PutsAPhoneTokenOrSecretIntoALogOrAResult(int status, string body)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(status, body);
        QrText.TryParse($"https://qr.vipps.no/p/{Digits}canary", out var qr);

        var results = new object[]
        {
            await vipps.Payments.CreateAsync(VippsSetup.Create(), default),
            await vipps.Payments.CaptureAsync(VippsSetup.Change(), default),
            await vipps.Qr.ExchangeAsync(VippsSetup.Msn, qr, default),
            await vipps.CheckIns.CheckInAsync(new CheckIn(VippsSetup.Msn, VippsSetup.Customer(), true), default),
            await vipps.Logins.UserExistsAsync(VippsSetup.Msn, VippsSetup.Customer(), default),
            await LoginTests.RequestAsync(vipps),
            await vipps.Logins.ExchangeAsync(VippsSetup.Msn, new Secret("canary-login"), default),
            await vipps.Logins.UserInfoAsync(VippsSetup.Msn, new Secret("canary-token"), default),
            await Publishing.PublishAsync(vipps),
        };

        var said = string.Join(
            '\n', vipps.Log.All.Select(line => line.Text).Concat(results.Select(result => result.ToString())));
        Assert.NotEmpty(vipps.Log.All);
        string[] canaries =
            [Digits, "91 23", "token-", VippsSetup.Secret, VippsSetup.SubscriptionKey, "canary", "Basic ", "Bearer "];
        foreach (var canary in canaries) Assert.DoesNotContain(canary, said);
    }

    [Fact]
    public async Task FailedCall_IsLoggedOnceWithItsTemplateStatusCodeAndTrace()
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(
            400, """{"title":"No","traceId":"trace-1","extraDetails":[{"name":"ErrorCode","reason":"6080"}]}""");

        await vipps.Payments.CaptureAsync(VippsSetup.Change(), default);

        var line = Assert.Single(vipps.Log.All, line => line.Id.Id is > 3000 and < 3010);
        string[] parts = ["POST", "/epayment/v1/payments/{reference}/capture", "s42-t7-3-118", "400", "6080", "trace-1"];
        foreach (var part in parts) Assert.Contains(part, line.Text);
    }
}
