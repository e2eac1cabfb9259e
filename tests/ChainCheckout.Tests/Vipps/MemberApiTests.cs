using System.Text;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Vipps.Support;

namespace ChainCheckout.Tests.Vipps;

public sealed class MemberApiTests
{
    private const string Discovery = """
        {"issuer":"https://vipps.test/","token_endpoint":"https://vipps.test/token",
         "backchannel_authentication_endpoint":"https://vipps.test/ciba","userinfo_endpoint":"https://vipps.test/userinfo"}
        """;

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Vipps:CheckIn:BaseAddress"] = "https://vipps.test",
        ["Vipps:Login:BaseAddress"] = "https://vipps.test",
        ["Vipps:SalesUnits:0:CheckIn"] = "true",
    };

    [Theory]
    [InlineData(null, """{"phoneNumber":"4791234567","isMember":true}""")]
    [InlineData("Acme club", """{"phoneNumber":"4791234567","loyaltyProgramName":"Acme club","isMember":true}""")]
    public async Task CheckIn_IsSentInTheFormOfItsSalesUnit_AndItsAnswerIsABareText(string? programme, string body)
    {
        await using var vipps = new VippsSetup(settings: new(Settings) { ["Vipps:SalesUnits:0:LoyaltyProgramName"] = programme });
        vipps.Stub.AnswerWith(200, "\"3f0c\"");

        var told = await vipps.CheckIns.CheckInAsync(new CheckIn(VippsSetup.Msn, VippsSetup.Customer(), true), default);

        Assert.Equal(new VippsResult<string>.Ok("3f0c"), told);
        Assert.Equal(("/point-of-sale/v1/loyalty-check-in", body), (vipps.Stub.Calls.Single().Path, vipps.Stub.Calls.Single().Text));
    }

    [Fact]
    public async Task CheckIn_OfANumberThatIsNotNorwegian_NeverLeaves()
    {
        await using var vipps = new VippsSetup(settings: Settings);
        Msisdn.TryParse("4512345678", out var danish);

        Assert.IsType<VippsResult<string>.Refused>(await vipps.CheckIns.CheckInAsync(new CheckIn(VippsSetup.Msn, danish, false), default));
        Assert.Empty(vipps.Stub.Calls);
    }

    [Fact]
    public async Task Login_IsAskedForWithOwnKeys_AndWithoutTokenOrSubscriptionKey()
    {
        await using var vipps = Answering("""{"auth_req_id":"VYG1","expires_in":"300","interval":7}""");

        var asked = await RequestAsync(vipps);

        var sent = Assert.IsType<LoginRequested.Sent>(Assert.IsType<VippsResult<LoginRequested>.Ok>(asked).Value);
        Assert.Equal(("VYG1", 300.0, 7.0), (sent.AuthReqId.Reveal, sent.ExpiresIn.TotalSeconds, sent.Interval.TotalSeconds));
        var call = vipps.Stub.Calls.Last();
        Assert.Equal(
            "scope=openid%20name%20phoneNumber%20delegatedConsents&login_hint=urn%3Amsisdn%3A4791234567&binding_message=ABC-123&requested_expiry=300",
            call.Text);
        Assert.Equal("application/x-www-form-urlencoded", call.Headers["Content-Type"]);
        var pair = Encoding.UTF8.GetString(Convert.FromBase64String(call.Headers["Authorization"]["Basic ".Length..]));
        Assert.Equal($"b2a9cb2f-4a52-4b79-93e5-9c9ffbc7b0f1:{Uri.EscapeDataString(VippsSetup.Secret)}", pair);
        Assert.False(call.Headers.ContainsKey("Ocp-Apim-Subscription-Key"));
        Assert.Empty(vipps.Stub.TokenCalls);
    }

    [Fact]
    public async Task Discovery_IsReadOnce()
    {
        await using var vipps = Answering("""{"auth_req_id":"VYG1"}""");

        await RequestAsync(vipps);
        await RequestAsync(vipps);

        Assert.Single(vipps.Stub.Calls, call => call.Path.EndsWith("openid-configuration", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(400, """{"error":"old_app"}""", "OldApp")]
    [InlineData(400, """{"error":"invalid_request","error_code":"invalid_user"}""", "NoUser")]
    [InlineData(400, """{"error":"unknown_user_id"}""", "NoUser")]
    [InlineData(400, """{"error":"invalid_scope"}""", "Refused")]
    [InlineData(429, """{"error":"too_many"}""", "Later")]
    [InlineData(500, "", "Unknown")]
    [InlineData(200, """{"expires_in":600}""", "Unknown")]
    [InlineData(200, "<html>", "Unknown")]
    [InlineData(400, "<html>", "Refused")]
    public async Task Login_Answered_IsSortedByWhatItMeans(int status, string body, string outcome)
    {
        await using var vipps = Answering(body, status);

        Assert.Equal(outcome, NameOf(await RequestAsync(vipps)));
    }

    [Theory]
    [InlineData(400, """{"error":"authorization_pending"}""", "Pending")]
    [InlineData(400, """{"error":"slow_down"}""", "SlowDown")]
    [InlineData(400, """{"error":"expired_token"}""", "Expired")]
    [InlineData(400, """{"error":"access_denied"}""", "Denied")]
    [InlineData(400, """{"error":"invalid_grant"}""", "Spent")]
    [InlineData(400, """{"error":"unauthorized_client"}""", "Refused")]
    [InlineData(200, """{"access_token":"ciba.x","id_token":"a.b.c"}""", "Granted")]
    [InlineData(200, """{"access_token":"ciba.x"}""", "Granted")]
    [InlineData(200, """{"id_token":"a.b.c"}""", "Unknown")]
    [InlineData(503, "", "Unknown")]
    public async Task Exchange_Answered_IsSortedByWhatItMeans(int status, string body, string outcome)
    {
        await using var vipps = Answering(body, status);

        Assert.Equal(outcome, NameOf(await vipps.Logins.ExchangeAsync(VippsSetup.Msn, new Secret("VYG1"), default)));
    }

    [Theory]
    [InlineData("""{"urn:openid:params:jwt:claim:auth_req_id":"VYG1"}""", "Granted")]
    [InlineData("""{"urn:openid:params:jwt:claim:auth_req_id":"another"}""", "Foreign")]
    [InlineData("""{"auth_req_id":"another"}""", "Foreign")]
    [InlineData("""{"sub":"x"}""", "Granted")]
    [InlineData("[1]", "Granted")]
    public async Task AnIdToken_OfAnotherLogin_IsForeign(string claims, string outcome)
    {
        var token = $"e30.{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.";
        await using var vipps = Answering($$"""{"access_token":"ciba.x","id_token":"{{token}}"}""");

        Assert.Equal(outcome, NameOf(await vipps.Logins.ExchangeAsync(VippsSetup.Msn, new Secret("VYG1"), default)));
    }

    [Theory]
    [InlineData("""{"sub":"s","phone_number":"+4791234567","given_name":"Kari"}""", "4791234567", "Kari", false, false)]
    [InlineData("""{"sub":"s","phone_number":4791234567}""", "4791234567", "", false, false)]
    [InlineData("""{"sub":"s","phone_number":"442071234567"}""", "", "", false, false)]
    [InlineData("""{"sub":"s","delegatedConsents":{"consents":[{"id":"email","accepted":true},{"id":"sms","accepted":false},{"id":7},3]}}""", "", "", true, false)]
    [InlineData("""{"sub":"s","flowResult":{"screens":[{"elements":[{"type":"checkbox","id":"sms","checked":true}]},1]}}""", "", "", false, true)]
    [InlineData("""{"sub":"s","delegatedConsents":"yes","flowResult":[]}""", "", "", false, false)]
    public async Task UserInfo_GivesWhatWasShared_AndConsentsOnlyAsGiven(string body, string phone, string name, bool email, bool sms)
    {
        await using var vipps = Answering(body);

        var info = Assert.IsType<VippsResult<UserInfo>.Ok>(await vipps.Logins.UserInfoAsync(VippsSetup.Msn, new Secret("ciba.x"), default)).Value;

        Assert.Equal((phone, name, email, sms, false), (info.Phone?.Digits ?? "", info.FirstName, info.Consents.Email, info.Consents.Sms, info.Consents.Postal));
        Assert.Equal("Bearer ciba.x", vipps.Stub.Calls.Last().Headers["Authorization"]);
    }

    [Theory]
    [InlineData("Vipps:SalesUnits:0:CheckIn", "true", "Vipps:CheckIn:BaseAddress")]
    [InlineData("Vipps:Login:Scope", "openid name", "Vipps:Login:Scope")]
    [InlineData("Vipps:Loyalty:MerchantSerialNumber", "999999", "Vipps:Loyalty:MerchantSerialNumber")]
    [InlineData("Vipps:Loyalty:MerchantSerialNumber", "123456", "Vipps:Loyalty:BaseAddress")]
    public async Task AWrongSetting_IsNamed(string path, string value, string named)
    {
        await using var vipps = new VippsSetup(settings: new() { [path] = value });

        var wrong = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => vipps.CheckIns);
        Assert.Contains(wrong.Failures, failure => failure.Contains(named, StringComparison.Ordinal));
    }

    private static VippsSetup Answering(string body, int status = 200)
    {
        var vipps = new VippsSetup(settings: Settings);
        vipps.Stub.AnswerWith(request => request.Path.EndsWith("openid-configuration", StringComparison.Ordinal)
            ? VippsStub.Json(200, Discovery)
            : VippsStub.Json(status, body));
        return vipps;
    }

    private static Task<VippsResult<LoginRequested>> RequestAsync(VippsSetup vipps) => vipps.Logins.RequestAsync(
        new RequestLogin(VippsSetup.Msn, VippsSetup.Customer(), "ABC-123", TimeSpan.FromMinutes(5)), default);

    private static string NameOf<T>(VippsResult<T> result) => result is VippsResult<T>.Ok { Value: { } value } ? value.GetType().Name : result.GetType().Name;
}
