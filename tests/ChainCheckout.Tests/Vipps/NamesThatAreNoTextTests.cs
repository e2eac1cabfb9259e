using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Vipps.Support;

namespace ChainCheckout.Tests.Vipps;

/// <summary>
/// Half a surrogate pair in the name of a property. Names are compared by their written length, so the odd one is as long as
/// any that is looked for, and whoever looks for one that is not there comes upon it.
/// </summary>
[Collection(nameof(Timing))]
public sealed class NamesThatAreNoTextTests
{
    private const string Odd = "\"\\ud800_______________________________________________\":1";

    [Theory]
    [InlineData("authorization_pending", "Pending")]
    [InlineData("access_denied", "Denied")]
    [InlineData("something_else", "Refused")]
    public async Task InALoginsRefusal_ItHidesNothingThatFollows(string error, string outcome)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(400, $$"""{{{Odd}},"error":"{{error}}"}""");

        var result = await ExchangeAsync(vipps);

        Assert.Equal(outcome, result is VippsResult<LoginStanding>.Ok ok ? ok.Value.GetType().Name : result.GetType().Name);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    public async Task AsTheLastOfARefusal_ItLeavesARefusal(int status)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(status, $$"""{"error":"no_such_thing",{{Odd}}}""");

        Assert.IsType<VippsResult<LoginStanding>.Refused>(await ExchangeAsync(vipps));
        Assert.IsType<VippsResult<LoginRequested>.Refused>(await LoginTests.RequestAsync(vipps));
        Assert.IsType<VippsResult<bool>.Refused>(await vipps.Logins.UserExistsAsync(VippsSetup.Msn, VippsSetup.Customer(), default));
        Assert.IsType<VippsResult<UserInfo>.Refused>(await vipps.Logins.UserInfoAsync(VippsSetup.Msn, new Secret("t"), default));
    }

    [Fact]
    public async Task InAGrant_ItHidesNothingThatFollows()
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, $$"""{{{Odd}},"access_token":"ciba.token"}""");

        var standing = Assert.IsType<VippsResult<LoginStanding>.Ok>(await ExchangeAsync(vipps)).Value;

        Assert.Equal("ciba.token", Assert.IsType<LoginStanding.Granted>(standing).AccessToken.Reveal);
    }

    [Fact]
    public async Task InAnIdToken_ItNamesNoOtherLogin()
    {
        await using var vipps = new VippsSetup();
        var claims = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes($$"""{{{Odd}}}"""));
        vipps.Stub.AnswerWith(200, $$"""{"access_token":"ciba.token","id_token":"e30.{{claims}}.sig"}""");

        Assert.IsType<LoginStanding.Granted>(Assert.IsType<VippsResult<LoginStanding>.Ok>(await ExchangeAsync(vipps)).Value);
    }

    [Fact]
    public async Task InADiscoveryDocument_ItIsNoDocument_AndPausesBeforeTheNextFetch()
    {
        var clock = new ShiftedTime();
        await using var vipps = new VippsSetup(clock: clock);
        vipps.Stub.AnswerWith(200, """{"auth_req_id":"r"}""");
        vipps.Stub.Discovery = _ => Task.FromResult(VippsStub.Json(200, $$"""{{{Odd}}}"""));

        for (var i = 0; i < 3; i++)
        {
            var later = Assert.IsType<VippsResult<LoginRequested>.Later>(await LoginTests.RequestAsync(vipps));
            Assert.InRange(later.RetryAfter!.Value.TotalSeconds, 0.001, 1);
        }

        Assert.Single(vipps.Stub.DiscoveryCalls);
        Assert.Single(vipps.Log.All, line => line.Id.Id == 3031);
        vipps.Stub.Discovery = _ => Task.FromResult(VippsStub.Json(200, VippsStub.DiscoveryAnswer()));
        clock.Advance(TimeSpan.FromSeconds(1.1));
        Assert.IsType<VippsResult<LoginRequested>.Ok>(await LoginTests.RequestAsync(vipps));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task InAProblemOfAPayment_ItHidesNothing(bool isFirst)
    {
        await using var vipps = new VippsSetup();
        const string problem = """
            "title":"Cannot capture","extraDetails":[{"name":"ErrorCode","reason":"6080"}]
            """;
        vipps.Stub.AnswerWith(400, isFirst ? $$"""{{{Odd}},{{problem}}}""" : $$"""{{{problem}},{{Odd}}}""");

        var refused = Assert.IsType<VippsResult<PaymentRead>.Refused>(await vipps.Payments.CaptureAsync(VippsSetup.Change(), default));

        Assert.Equal(new VippsFault(400, "6080", "Cannot capture"), refused.Fault);
    }

    private static Task<VippsResult<LoginStanding>> ExchangeAsync(VippsSetup vipps) =>
        vipps.Logins.ExchangeAsync(VippsSetup.Msn, new Secret("r"), default);
}
