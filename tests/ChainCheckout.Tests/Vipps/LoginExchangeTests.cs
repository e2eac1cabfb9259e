using System.Buffers.Text;
using System.Net;
using System.Text;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Vipps.Support;

namespace ChainCheckout.Tests.Vipps;

/// <summary>How a login stands, as the token endpoint answers.</summary>
public sealed class LoginExchangeTests
{
    [Fact]
    public async Task Exchange_AsksForTheGrantByItsId_AndGivesItsToken()
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, Granted(null));

        var granted = Assert.IsType<LoginStanding.Granted>(await StandingAsync(vipps));

        Assert.Equal("ciba.token", granted.AccessToken.Reveal);
        var call = Assert.Single(vipps.Stub.Calls);
        Assert.Equal(("POST", "/login/token"), (call.Method, call.Path));
        Assert.Equal(
            "grant_type=urn:openid:params:grant-type:ciba&auth_req_id=req&1=2", WebUtility.UrlDecode(call.Text));
        Assert.EndsWith("auth_req_id=req%261%3D2", call.Text);
        LoginTests.AssertClient(call);
    }

    [Theory]
    [InlineData(400, "authorization_pending", "Pending")]
    [InlineData(400, "slow_down", "SlowDown")]
    [InlineData(429, "slow_down", "SlowDown")]
    [InlineData(400, "expired_token", "Expired")]
    [InlineData(400, "access_denied", "Denied")]
    [InlineData(403, "access_denied", "Denied")]
    [InlineData(400, "invalid_grant", "Spent")]
    public async Task Exchange_ThatGivesNoToken_SaysHowTheLoginStands(int status, string error, string standing)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(status, $$"""{"error":"{{error}}","error_description":"4791234567"}""");

        Assert.Equal(standing, (await StandingAsync(vipps)).GetType().Name);
        Assert.DoesNotContain(vipps.Log.All, line => line.Id.Id is > 3000 and < 3010);
    }

    [Theory]
    [InlineData(400, """{"error":"unauthorized_client"}""", "Refused")]
    [InlineData(400, "", "Refused")]
    [InlineData(401, """{"error":"invalid_client"}""", "Refused")]
    [InlineData(429, "", "Later")]
    [InlineData(500, """{"error":"invalid_grant"}""", "Unknown")]
    [InlineData(200, """{"token_type":"Bearer"}""", "Unknown")]
    [InlineData(200, """{"access_token":"two\nlines"}""", "Unknown")]
    [InlineData(200, """{"access_token":{"a":1}}""", "Unknown")]
    [InlineData(200, "ciba.token", "Unknown")]
    public async Task Exchange_AnsweredOtherwise_IsSortedByStatus(int status, string body, string outcome)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(status, body);

        Assert.Equal(outcome, (await ExchangeAsync(vipps)).GetType().Name);
    }

    [Theory]
    [InlineData("""{"urn:openid:params:jwt:claim:auth_req_id":"another"}""", true)]
    [InlineData("""{"auth_req_id":"another"}""", true)]
    [InlineData("""{"urn:openid:params:jwt:claim:auth_req_id":"req&1=2","auth_req_id":"another"}""", true)]
    [InlineData("""{"urn:openid:params:jwt:claim:auth_req_id":"req&1=2"}""", false)]
    [InlineData("""{"auth_req_id":"req&1=2","sub":"x"}""", false)]
    [InlineData("""{"auth_req_id":"\ud800"}""", false)]
    [InlineData("""{"auth_req_id":{"x":1}}""", false)]
    [InlineData("""{"sub":"x"}""", false)]
    [InlineData("[]", false)]
    [InlineData("{", false)]
    [InlineData("", false)]
    public async Task IdToken_ThatNamesAnotherLogin_MakesTheGrantForeign(string claims, bool isForeign)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, Granted($"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.sig"));

        Assert.Equal(isForeign, await StandingAsync(vipps) is LoginStanding.Foreign);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("..")]
    [InlineData("a.b.c.d")]
    [InlineData("e30.#not base64#.x")]
    public async Task IdToken_ThatIsNone_IsAsGoodAsAbsent(string token)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, Granted(token));

        Assert.IsType<LoginStanding.Granted>(await StandingAsync(vipps));
    }

    private static string Granted(string? idToken) => idToken is null
        ? """{"access_token":"ciba.token","token_type":"Bearer","expires_in":300}"""
        : $$"""{"access_token":"ciba.token","token_type":"Bearer","expires_in":300,"id_token":"{{idToken}}"}""";

    private static async Task<LoginStanding> StandingAsync(VippsSetup vipps) =>
        Assert.IsType<VippsResult<LoginStanding>.Ok>(await ExchangeAsync(vipps)).Value;

    private static Task<VippsResult<LoginStanding>> ExchangeAsync(VippsSetup vipps) =>
        vipps.Logins.ExchangeAsync(VippsSetup.Msn, new Secret("req&1=2"), default);
}
