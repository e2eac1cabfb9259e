using System.Net;
using System.Text;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Vipps.Support;

namespace ChainCheckout.Tests.Vipps;

/// <summary>What a login asks, and what the answers to it are taken for.</summary>
public sealed class LoginTests
{
    private const string Client = "b2a9cb2f-4a52-4b79-93e5-9c9ffbc7b0f1";

    [Fact]
    public async Task Request_IsAFormWithTheSalesUnitsOwnKeys()
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, """{"auth_req_id":"req-1","expires_in":300,"interval":7}""");

        var sent = Assert.IsType<LoginRequested.Sent>(Ok(await RequestAsync(vipps)));

        Assert.Equal(
            ("req-1", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(7)),
            (sent.AuthReqId.Reveal, sent.ExpiresIn, sent.Interval));
        var call = Assert.Single(vipps.Stub.Calls);
        Assert.Equal(("POST", "/login/ask"), (call.Method, call.Path));
        Assert.Equal(
            "scope=openid name phoneNumber delegatedConsents&login_hint=urn:msisdn:4791234567" +
            "&binding_message=KAFFE-7&requested_expiry=180",
            WebUtility.UrlDecode(call.Text));
        Assert.DoesNotContain(' ', call.Text);
        Assert.Equal("application/x-www-form-urlencoded", call.Headers["Content-Type"]);
        AssertClient(call);
    }

    [Theory]
    [InlineData("""{"auth_req_id":"r","expires_in":"120","interval":"2"}""", 120, 2)]
    [InlineData("""{"auth_req_id":"r"}""", 600, 5)]
    [InlineData("""{"auth_req_id":"r","expires_in":{},"interval":true}""", 600, 5)]
    [InlineData("""{"auth_req_id":"r","expires_in":-3,"interval":"NaN"}""", 600, 5)]
    [InlineData("""{"auth_req_id":"r","expires_in":1e300,"interval":9e9}""", 3_600, 300)]
    public async Task Times_OfARequest_AreReadInAnyForm(string body, int expires, int interval)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, body);

        var sent = Assert.IsType<LoginRequested.Sent>(Ok(await RequestAsync(vipps)));

        Assert.Equal((expires, interval), ((int)sent.ExpiresIn.TotalSeconds, (int)sent.Interval.TotalSeconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("<html>")]
    [InlineData("""{"auth_req_id":""}""")]
    [InlineData("""{"auth_req_id":["r"]}""")]
    [InlineData("""{"auth_req_id":"\ud800"}""")]
    public async Task Request_AnsweredWithoutItsId_IsUnknown(string body)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, body);

        Assert.IsType<VippsResult<LoginRequested>.Unknown>(await RequestAsync(vipps));
    }

    [Theory]
    [InlineData(400, """{"error":"old_app"}""", "OldApp")]
    [InlineData(403, """{"error":"invalid_request","error_code":"old_app"}""", "OldApp")]
    [InlineData(400, """{"error":"invalid_user","error_description":"4791234567"}""", "NoUser")]
    [InlineData(404, """{"error_code":"unknown_user_id"}""", "NoUser")]
    [InlineData(400, """{"error":"invalid_scope"}""", "Refused")]
    [InlineData(401, """{"error":"invalid_client"}""", "Refused")]
    [InlineData(404, "", "Refused")]
    [InlineData(429, """{"error":"too_many_requests"}""", "Later")]
    [InlineData(500, """{"error":"old_app"}""", "Unknown")]
    [InlineData(503, "", "Unknown")]
    public async Task Request_ThatIsNotSent_IsSortedByWhatTheAnswerSays(int status, string body, string outcome)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(status, body);

        var result = await RequestAsync(vipps);

        Assert.Equal(
            outcome, result is VippsResult<LoginRequested>.Ok ok ? ok.Value.GetType().Name : result.GetType().Name);
        Assert.Single(vipps.Stub.Calls);
    }

    [Fact]
    public async Task Request_ToldToWait_SaysHowLong()
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(_ =>
        {
            var answer = VippsStub.Json(429, "");
            answer.Headers.Add("Retry-After", "90");
            return answer;
        });

        var later = Assert.IsType<VippsResult<LoginRequested>.Later>(await RequestAsync(vipps));

        Assert.Equal((429, TimeSpan.FromSeconds(90)), (later.Fault.Status, later.RetryAfter));
    }

    [Fact]
    public async Task Keys_ThatAreNotTaken_AreAWarning_AndAreNotSentAgain()
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(401, """{"error":"invalid_client"}""");

        await RequestAsync(vipps);

        Assert.Single(vipps.Stub.Calls);
        Assert.Empty(vipps.Stub.TokenCalls);
        Assert.Contains(vipps.Log.All, line => line.Id.Id == 3006);
    }

    [Fact]
    public async Task Secret_OutOfTheOrdinary_IsEncodedAsOAuthWantsIt()
    {
        await using var vipps = new VippsSetup(
            settings: new() { ["Vipps:SalesUnits:0:ClientSecret"] = "plain-._~secret" });
        await RequestAsync(vipps);
        await using var odd = new VippsSetup(settings: new() { ["Vipps:SalesUnits:0:ClientSecret"] = "a+b/c:d=%" });
        await RequestAsync(odd);

        Assert.Equal($"{Client}:plain-._~secret", Basic(Assert.Single(vipps.Stub.Calls)));
        Assert.Equal($"{Client}:a%2Bb%2Fc%3Ad%3D%25", Basic(Assert.Single(odd.Stub.Calls)));
    }

    [Theory]
    [InlineData(VippsSetup.Phone, "urn:mobilenumber:91234567")]
    [InlineData("46701234567", "urn:msisdn:46701234567")]
    public async Task LegacyHint_IsForNorwegianNumbersAlone(string digits, string hint)
    {
        await using var vipps = new VippsSetup(settings: new() { ["Vipps:Login:LegacyHint"] = "true" });

        await RequestAsync(vipps, digits);

        Assert.Contains($"login_hint={hint}&", WebUtility.UrlDecode(Assert.Single(vipps.Stub.Calls).Text));
    }

    [Theory]
    [InlineData(200, """{"exists":true}""", "True")]
    [InlineData(200, """{"exists":false}""", "False")]
    [InlineData(200, """{"exists":"yes"}""", "Unknown")]
    [InlineData(200, "", "Unknown")]
    [InlineData(400, """{"error":"invalid_user"}""", "False")]
    [InlineData(401, "", "Refused")]
    [InlineData(404, "", "Refused")]
    [InlineData(429, "", "Later")]
    [InlineData(500, "", "Unknown")]
    public async Task UserExists_IsAskedBesideTheDiscovery(int status, string body, string outcome)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(status, body);

        var result = await vipps.Logins.UserExistsAsync(VippsSetup.Msn, VippsSetup.Customer(), default);

        Assert.Equal(outcome, result is VippsResult<bool>.Ok ok ? ok.Value.ToString() : result.GetType().Name);
        var call = Assert.Single(vipps.Stub.Calls);
        Assert.Equal(("POST", "/vipps-login-ciba/api/v1/user-exists"), (call.Method, call.Path));
        Assert.Equal("login_hint=urn:msisdn:4791234567", WebUtility.UrlDecode(call.Text));
        AssertClient(call);
        Assert.Empty(vipps.Stub.DiscoveryCalls);
    }

    [Fact]
    public async Task Login_WithoutAnAddress_IsRefusedWithoutACall()
    {
        await using var vipps = new VippsSetup(settings: new() { ["Vipps:Login:BaseAddress"] = null });

        Assert.IsType<VippsResult<LoginRequested>.Refused>(await RequestAsync(vipps));
        Assert.IsType<VippsResult<bool>.Refused>(
            await vipps.Logins.UserExistsAsync(VippsSetup.Msn, VippsSetup.Customer(), default));
        Assert.IsType<VippsResult<LoginStanding>.Refused>(
            await vipps.Logins.ExchangeAsync(VippsSetup.Msn, new Secret("r"), default));
        Assert.IsType<VippsResult<UserInfo>.Refused>(
            await vipps.Logins.UserInfoAsync(VippsSetup.Msn, new Secret("t"), default));
        Assert.Empty(vipps.Stub.Calls);
    }

    [Fact]
    public async Task SalesUnit_ThatIsNotInTheSettings_SendsNothing()
    {
        await using var vipps = new VippsSetup();

        var later = Assert.IsType<VippsResult<bool>.Later>(
            await vipps.Logins.UserExistsAsync(new Msn("999999"), VippsSetup.Customer(), default));

        Assert.Equal(0, later.Fault.Status);
        Assert.Empty(vipps.Stub.Calls);
    }

    internal static Task<VippsResult<LoginRequested>> RequestAsync(
        VippsSetup vipps, string digits = VippsSetup.Phone) => vipps.Logins.RequestAsync(
        new RequestLogin(VippsSetup.Msn, VippsSetup.Customer(digits), "KAFFE-7", TimeSpan.FromMinutes(3)), default);

    internal static void AssertClient(SentRequest call)
    {
        Assert.Equal($"{Client}:{Uri.EscapeDataString(VippsSetup.Secret)}", Basic(call));
        Assert.False(call.Headers.ContainsKey("Ocp-Apim-Subscription-Key"));
        Assert.Equal("123456", call.Headers["Merchant-Serial-Number"]);
        Assert.Equal("chaincheckout", call.Headers["Vipps-System-Name"]);
    }

    private static T Ok<T>(VippsResult<T> result) => Assert.IsType<VippsResult<T>.Ok>(result).Value;

    private static string Basic(SentRequest call)
    {
        var header = call.Headers["Authorization"];
        Assert.StartsWith("Basic ", header);
        return Encoding.ASCII.GetString(Convert.FromBase64String(header["Basic ".Length..]));
    }
}
