using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Vipps.Support;

namespace ChainCheckout.Tests.Vipps;

/// <summary>What a customer shared, and no more than that.</summary>
public sealed class UserInfoTests
{
    private static readonly Consents None = new(false, false, false);

    [Fact]
    public async Task UserInfo_IsReadWithTheCustomersTokenAlone()
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(
            200, """{"sub":"s-1","phone_number":"4791234567","given_name":"Kari","family_name":"N","email":"a@b.test"}""");

        var info = await ReadAsync(vipps);

        Assert.Equal(new UserInfo("s-1", VippsSetup.Customer(), "Kari", None), info);
        var call = Assert.Single(vipps.Stub.Calls);
        Assert.Equal(("GET", "/login/userinfo", ""), (call.Method, call.Path, call.Text));
        Assert.Equal(["Accept", "Authorization"], call.Headers.Keys.Order());
        Assert.Equal("Bearer ciba.token", call.Headers["Authorization"]);
        Assert.Empty(vipps.Stub.TokenCalls);
    }

    [Theory]
    [InlineData("\"+4791234567\"", true)]
    [InlineData("4791234567", true)]
    [InlineData("\"442071234567\"", false)]
    [InlineData("\"91 23 45 67\"", false)]
    [InlineData("null", false)]
    [InlineData("{}", false)]
    public async Task Phone_IsReadInAnyForm_AndIsNullWhereItIsNotServed(string phone, bool isKnown)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, $$"""{"sub":"s-1","phone_number":{{phone}}}""");

        Assert.Equal(isKnown ? VippsSetup.Customer() : null, (await ReadAsync(vipps)).Phone);
    }

    [Theory]
    [InlineData("\" Kari\\u0000\\nAnne \"", "KariAnne")]
    [InlineData("\"1234567890123456789012345678901234567890x\"", "1234567890123456789012345678901234567890")]
    [InlineData(
        "\"123456789012345678901234567890123456789\\ud83d\\ude00\"", "123456789012345678901234567890123456789")]
    [InlineData("\"\\ud800\"", "")]
    [InlineData("[\"Kari\"]", "")]
    public async Task FirstName_IsCleanAndShort(string given, string expected)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, $$"""{"sub":"s-1","given_name":{{given}}}""");

        Assert.Equal(expected, (await ReadAsync(vipps)).FirstName);
    }

    [Theory]
    [InlineData("""{"delegatedConsents":{"consents":[{"id":"email","accepted":true},{"id":"sms","accepted":false}]}}""", "email")]
    [InlineData("""{"delegatedConsents":{"consents":[{"id":"digital","accepted":true},{"id":"personal","accepted":true}]}}""", "")]
    [InlineData("""{"delegatedConsents":{"consents":[{"id":"SMS","accepted":true},{"id":"postal","accepted":true}]}}""", "sms postal")]
    [InlineData("""{"delegatedConsents":{"consents":[{"id":"email","accepted":"true"},{"id":"sms"},{"accepted":true},1,null]}}""", "")]
    [InlineData("""{"delegatedConsents":{"consents":{"id":"email","accepted":true}}}""", "")]
    [InlineData("""{"delegatedConsents":[{"id":"email","accepted":true}]}""", "")]
    [InlineData("""{"flowResult":{"screens":[{"elements":[{"type":"checkbox","id":"sms","checked":true}]},{"elements":[{"type":"checkbox","id":"postal","checked":true}]}]}}""", "sms postal")]
    [InlineData("""{"flowResult":{"screens":[{"elements":[{"type":"text","id":"sms","checked":true},{"id":"email","checked":true}]},7]}}""", "")]
    [InlineData("""{"customFlow":{"screens":[{"elements":[{"type":"checkbox","id":"email","checked":true}]}]}}""", "email")]
    [InlineData("""{"customFlow":{"flowResult":{"screens":[{"elements":[{"type":"checkbox","id":"email","checked":true}]}]}}}""", "email")]
    [InlineData("""{"delegatedConsents":{"consents":[{"id":"email","accepted":true}]},"flowResult":{"screens":[{"elements":[{"type":"checkbox","id":"email","checked":false}]}]}}""", "")]
    [InlineData("{}", "")]
    public async Task Consents_AreOnlyThoseThatWereGiven(string body, string given)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, body == "{}" ? """{"sub":"s-1"}""" : """{"sub":"s-1",""" + body[1..]);

        var consents = (await ReadAsync(vipps)).Consents;

        var words = given.Split(' ');
        Assert.Equal(new Consents(words.Contains("email"), words.Contains("sms"), words.Contains("postal")), consents);
    }

    [Theory]
    [InlineData(200, "", "Unknown")]
    [InlineData(200, "[]", "Unknown")]
    [InlineData(200, """{"phone_number":"4791234567"}""", "Unknown")]
    [InlineData(200, """{"sub":""}""", "Unknown")]
    [InlineData(200, """{"sub":{"x":1}}""", "Unknown")]
    [InlineData(401, """{"error":"invalid_token"}""", "Refused")]
    [InlineData(403, "", "Refused")]
    [InlineData(429, "", "Later")]
    [InlineData(500, "", "Unknown")]
    public async Task UserInfo_WithoutAPerson_IsSortedByStatus(int status, string body, string outcome)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(status, body);

        var result = await vipps.Logins.UserInfoAsync(VippsSetup.Msn, new Secret("ciba.token"), default);

        Assert.Equal(outcome, result.GetType().Name);
        Assert.Single(vipps.Stub.Calls);
    }

    private static async Task<UserInfo> ReadAsync(VippsSetup vipps) => Assert.IsType<VippsResult<UserInfo>.Ok>(
        await vipps.Logins.UserInfoAsync(VippsSetup.Msn, new Secret("ciba.token"), default)).Value;
}
