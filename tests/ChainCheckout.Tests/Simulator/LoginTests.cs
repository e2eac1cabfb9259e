using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using ChainCheckout.Simulator;
using ChainCheckout.Simulator.Access;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Login;
using ChainCheckout.Simulator.Payments;

namespace ChainCheckout.Tests.Simulator;

[Collection(nameof(Timing))]
public sealed class LoginTests : IAsyncLifetime
{
    private const string Authentication = "/vipps-login-ciba/api/backchannel/authentication";
    private const string Token = "/access-management-1.0/access/oauth2/token";
    private const string Exists = "/vipps-login-ciba/api/v1/user-exists";
    private const string UserInfo = "/vipps-userinfo-api/userinfo";
    private const string Hint = "urn:msisdn:4791234567";
    private const string AllScopes = "openid name phoneNumber email delegatedConsents";

    private readonly Merchant _merchant = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _merchant.DisposeAsync();

    [Fact]
    public void Discovery_NeedsNoKeys_AndNamesTheAddressByWhichItWasAsked()
    {
        var reply = _merchant.Bare(
            "GET",
            "/access-management-1.0/access/.well-known/openid-configuration",
            ("Host", "vipps:18000"));

        Assert.Equal("http://vipps:18000" + Token, (string)reply.Json["token_endpoint"]!);
        Assert.Equal("http://vipps:18000" + Authentication, (string)reply.Json["backchannel_authentication_endpoint"]!);
        Assert.Equal("http://vipps:18000" + UserInfo, (string)reply.Json["userinfo_endpoint"]!);
        Assert.Equal("http://vipps:18000/access-management-1.0/access/", (string)reply.Json["issuer"]!);
        Assert.Equal("""["poll"]""", reply.Json["backchannel_token_delivery_modes_supported"]!.ToJsonString());
    }

    [Fact]
    public void Login_Accepted_GivesTokensOnce_AndUserinfoWhatTheScopeAsksFor()
    {
        _merchant.World.TellLogin(Merchant.Phone, new LoginScript(LoginAnswer.Accept, Email: true));
        var started = Start(AllScopes);
        Assert.Equal((600, 5), ((int)started.Json["expires_in"]!, (int)started.Json["interval"]!));
        var id = (string)started.Json["auth_req_id"]!;

        var tokens = Poll(id).Json;

        Assert.Equal(("Bearer", 300), ((string)tokens["token_type"]!, (int)tokens["expires_in"]!));
        var accessToken = (string)tokens["access_token"]!;
        Assert.StartsWith("ciba.", accessToken, StringComparison.Ordinal);
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(((string)tokens["id_token"]!).Split('.')[1]))!;
        Assert.Equal(id, (string)claims["urn:openid:params:jwt:claim:auth_req_id"]!);
        Assert.Equal("demo-client", (string)claims["aud"]!);
        Assert.Equal(_merchant.Time.GetUtcNow().ToUnixTimeSeconds() + 3_600, (long)claims["exp"]!);
        Assert.Equal("invalid_grant", Error(Poll(id)));

        var person = Person(accessToken).Json;
        Assert.Equal((string)claims["sub"]!, (string)person["sub"]!);
        Assert.Equal(Merchant.Phone, (string)person["phone_number"]!);
        Assert.Equal($"{person["given_name"]} {person["family_name"]}", (string)person["name"]!);
        Assert.Contains("@", (string)person["email"]!, StringComparison.Ordinal);
        Assert.Equal(
            [("email", true), ("sms", false), ("digital", false), ("personal", false)],
            person["delegatedConsents"]!["consents"]!.AsArray()
                .Select(consent => ((string)consent!["id"]!, (bool)consent["accepted"]!)));
    }

    [Fact]
    public void Userinfo_OpenidAlone_TellsTheSubAlone_UntilTheTokenEnds()
    {
        var accessToken = Accepted("openid");
        Assert.Equal(["sub"], Person(accessToken).Json.AsObject().Select(pair => pair.Key));

        _merchant.Time.Advance(TimeSpan.FromSeconds(300));

        Assert.Equal(401, Person(accessToken).Status);
        Assert.Equal(401, Person("ciba.unknown").Status);
    }

    [Fact]
    public void Userinfo_ToldByHand_HasAnotherNumberOrNone_AndAnotherSub()
    {
        var other = new LoginScript(LoginAnswer.Accept, Phone: "4799999999", Sub: "another");
        _merchant.World.TellLogin(Merchant.Phone, other);
        var person = Person(Accepted(AllScopes)).Json;
        Assert.Equal(("4799999999", "another"), ((string)person["phone_number"]!, (string)person["sub"]!));

        _merchant.World.TellLogin(Merchant.Phone, other with { WithoutPhone = true });

        Assert.Null(Person(Accepted(AllScopes)).Json["phone_number"]);
    }

    [Fact]
    public void Sub_IsTheSameForAPayment_AndAnotherInAnotherSalesUnit()
    {
        Assert.Equal(Profile.Sub("123456", Merchant.Phone), Profile.Sub("123456", Merchant.Phone));
        Assert.NotEqual(Profile.Sub("123456", Merchant.Phone), Profile.Sub("654321", Merchant.Phone));
        var body = Merchant.CreateBody("s041-t04-000123");
        body["profile"] = new JsonObject { ["scope"] = "name" };
        _merchant.Post("/epayment/v1/payments", body);

        var sub = (string)_merchant.Get("s041-t04-000123").Json["profile"]!["sub"]!;

        Assert.Equal(Profile.Sub(_merchant.Msn, Merchant.Phone), sub);
    }

    [Theory]
    [InlineData(LoginAnswer.OldApp, "old_app", true)]
    [InlineData(LoginAnswer.NoAccount, "invalid_user", false)]
    public void Login_OfWhoCanNot_IsRefused_AndUserExistsSaysWhether(LoginAnswer answer, string error, bool exists)
    {
        _merchant.World.TellLogin(Merchant.Phone, new LoginScript(answer));

        Assert.Equal(error, Error(Start()));
        Assert.Equal(exists, (bool)_merchant.Form(Exists, $"login_hint={Hint}").Json["exists"]!);
        Assert.Empty(_merchant.World.Ledger.Lines());
    }

    [Fact]
    public void UserExists_WhoIsNoPayer_DoesNot_UnlessTheLoginWasToldApart()
    {
        bool Asked() => (bool)_merchant.Form(Exists, $"login_hint={Hint}").Json["exists"]!;
        Assert.True(Asked());
        _merchant.World.Tell(Merchant.Phone, CustomerAnswer.NotAUser);
        Assert.False(Asked());

        _merchant.World.TellLogin(Merchant.Phone, new LoginScript(LoginAnswer.Accept));

        Assert.True(Asked());
    }

    [Theory]
    [InlineData("4791234567")]
    [InlineData("urn:mobilenumber:91234567")]
    [InlineData("urn:msisdn:%2B4791234567")]
    public void UserExists_IsAskedByTheFullNumberAlone(string hint)
    {
        var reply = _merchant.Form(Exists, $"login_hint={hint}");

        Assert.Equal((400, "invalid_request"), (reply.Status, Error(reply)));
        Assert.Equal(200, _merchant.Form(Exists, $"login_hint={Hint}").Status);
    }

    [Theory]
    [InlineData("Merchant-Serial-Number")]
    [InlineData("Vipps-System-Name")]
    [InlineData("Vipps-System-Version")]
    [InlineData("Vipps-System-Plugin-Name")]
    [InlineData("Vipps-System-Plugin-Version")]
    public void Userinfo_WithAHeaderOfTheShops_IsRefused_AndTheTokenServesOn(string header)
    {
        var bearer = ("Authorization", (string?)$"Bearer {Accepted("openid")}");

        var refused = _merchant.Bare("GET", UserInfo, bearer, (header, _merchant.Msn));

        Assert.Equal((401, "invalid_request"), (refused.Status, Error(refused)));
        Assert.DoesNotContain(_merchant.World.Ledger.Lines(), line => line.Kind == "userInfo");
        Assert.Equal(200, _merchant.Bare("GET", UserInfo, bearer).Status);
    }

    [Fact]
    public void Login_WhileOneIsUnderWay_Is429_AndFreeAfterTheAnswer()
    {
        _merchant.World.TellLogin(Merchant.Phone, new LoginScript(LoginAnswer.Manual));
        Assert.Equal(200, Start().Status);

        var second = Start();

        Assert.Equal((429, 5), (second.Status, second.RetryAfterSeconds));
        Assert.True(_merchant.World.DenyLogin(Merchant.Phone));
        Assert.False(_merchant.World.AcceptLogin(Merchant.Phone));
        Assert.Equal(200, Start().Status);
        Assert.Equal(
            [("loginRequested", 1L), ("loginDenied", 1L), ("loginRequested", 2L)],
            _merchant.World.Ledger.Lines().Select(line => (line.Kind, line.Login!.Value)));
    }

    [Fact]
    public void Poll_FasterThanTheInterval_IsToldToSlowDown_AndTheIntervalGrows()
    {
        _merchant.World.TellLogin(Merchant.Phone, new LoginScript(LoginAnswer.Ignore));
        var id = (string)Start().Json["auth_req_id"]!;
        string After(double seconds)
        {
            _merchant.Time.Advance(TimeSpan.FromSeconds(seconds));
            return Error(Poll(id));
        }

        Assert.Equal("authorization_pending", After(1));
        Assert.Equal("authorization_pending", After(5));
        Assert.Equal("slow_down", After(4.9));
        Assert.Equal("slow_down", After(9.9));
        Assert.Equal("authorization_pending", After(15));
        Assert.Equal("expired_token", After(600));
    }

    [Theory]
    [InlineData(LoginAnswer.Deny, 5, "access_denied", "loginDenied")]
    [InlineData(LoginAnswer.Ignore, 600, "expired_token", "loginExpired")]
    [InlineData(LoginAnswer.Manual, 600, "expired_token", "loginExpired")]
    public void Login_NotAccepted_EndsAtItsTime(LoginAnswer answer, double seconds, string error, string kind)
    {
        _merchant.World.TellLogin(Merchant.Phone, new LoginScript(answer, TimeSpan.FromSeconds(5)));
        var id = (string)Start().Json["auth_req_id"]!;

        _merchant.Time.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        Assert.Equal(LoginState.Pending, _merchant.World.LoginOf(Merchant.Phone));
        _merchant.Time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(kind, _merchant.World.Ledger.Lines()[^1].Kind);
        Assert.Equal(error, Error(Poll(id)));
    }

    [Fact]
    public void Poll_AcceptedButFetchedTooLate_HasExpired()
    {
        var id = (string)Start().Json["auth_req_id"]!;

        _merchant.Time.Advance(TimeSpan.FromSeconds(600));

        Assert.Equal("expired_token", Error(Poll(id)));
    }

    [Fact]
    public async Task Poll_UnknownIdOrAnothersId_IsInvalidGrant()
    {
        var other = new SalesUnit("654321", "other-client", "other-secret", "11111111111111111111111111111111");
        await using var merchant =
            new Merchant(new SimulatorOptions { SalesUnits = [SimulatorOptions.DemoUnit, other] });
        var id = (string)merchant.Form(Authentication, $"scope=openid&login_hint={Hint}").Json["auth_req_id"]!;
        var form = $"grant_type=urn:openid:params:grant-type:ciba&auth_req_id={id}";
        var asOther = ("Authorization", (string?)$"Basic {Base64("other-client:other-secret")}");

        Assert.Equal("invalid_grant", Error(merchant.Form(Token, form, asOther)));
        Assert.Equal("invalid_grant", Error(merchant.Form(Token, form + "x")));
        Assert.Equal("unsupported_grant_type", Error(merchant.Form(Token, $"grant_type=ciba&auth_req_id={id}")));
        Assert.Equal(200, merchant.Form(Token, form).Status);
    }

    [Theory]
    [InlineData(Authentication)]
    [InlineData(Token)]
    [InlineData(Exists)]
    public void Call_WrongClientOrAForeignKey_Is401(string path)
    {
        var wrong = _merchant.Form(path, "", ("Authorization", $"Basic {Base64("demo-client:wrong")}"));
        var keyed = _merchant.Form(path, "", ("Ocp-Apim-Subscription-Key", _merchant.Unit.SubscriptionKey));

        Assert.Equal((401, "invalid_client"), (wrong.Status, Error(wrong)));
        Assert.Equal(401, keyed.Status);
    }

    [Fact]
    public async Task Partner_NamesItsShop_AndTheLoginIsThatShops()
    {
        var demo = SimulatorOptions.DemoUnit;
        await using var partner =
            new Merchant(new SimulatorOptions { SalesUnits = [demo, demo with { Msn = "654321" }] });
        var form = $"scope=openid&login_hint={Hint}";
        Assert.Equal("invalid_request", Error(partner.Form(Authentication, form)));

        partner.Form(Authentication, form, ("Merchant-Serial-Number", "654321"));

        Assert.Equal(["654321", "654321"], partner.World.Ledger.Lines().Select(line => line.Msn));
    }

    [Fact]
    public void Ledger_OfALogin_HasNeitherNumberNorIdNorToken()
    {
        var accessToken = Accepted(AllScopes);
        Person(accessToken);

        var lines = _merchant.World.Ledger.Lines();

        Assert.Equal(["loginRequested", "loginAccepted", "userInfo"], lines.Select(line => line.Kind));
        Assert.All(lines, line => Assert.Equal(
            (CustomerHandle.Of(Merchant.Phone), 1L, _merchant.Msn), (line.Customer, line.Login!.Value, line.Msn)));
        var text = string.Join("\n", lines);
        Assert.DoesNotContain(Merchant.Phone, text, StringComparison.Ordinal);
        Assert.DoesNotContain("ciba.", text, StringComparison.Ordinal);
    }

    private static string Error(Reply reply) => (string)reply.Json["error"]!;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private Reply Start(string scope = "openid") =>
        _merchant.Form(Authentication, $"scope={Uri.EscapeDataString(scope)}&login_hint={Hint}");

    private Reply Poll(string id) =>
        _merchant.Form(Token, $"grant_type=urn:openid:params:grant-type:ciba&auth_req_id={id}");

    private string Accepted(string scope) =>
        (string)Poll((string)Start(scope).Json["auth_req_id"]!).Json["access_token"]!;

    private Reply Person(string accessToken) =>
        _merchant.Bare("GET", UserInfo, ("Authorization", $"Bearer {accessToken}"));
}
