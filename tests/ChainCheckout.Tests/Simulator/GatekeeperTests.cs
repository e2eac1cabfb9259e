using ChainCheckout.Simulator;
using ChainCheckout.Simulator.Access;

namespace ChainCheckout.Tests.Simulator;

public sealed class GatekeeperTests : IAsyncDisposable
{
    private static readonly SalesUnit Other =
        new("654321", "other-client", "other-secret", "11111111111111111111111111111111");
    private readonly Merchant _merchant = new(new SimulatorOptions { SalesUnits = [SimulatorOptions.DemoUnit, Other] });

    public ValueTask DisposeAsync() => _merchant.DisposeAsync();

    [Fact]
    public async Task Token_Answer_IsAllStrings_AndItsLifeIsInRealSeconds()
    {
        await using var fast = new Merchant(new SimulatorOptions { TimeFactor = 60 });

        var body = fast.AskToken("demo-client", "demo-secret", fast.Unit.SubscriptionKey).Json;

        var kinds = body.AsObject().Select(pair => pair.Value!.GetValueKind());
        Assert.All(kinds, kind => Assert.Equal(System.Text.Json.JsonValueKind.String, kind));
        Assert.Equal("60", (string)body["expires_in"]!);
        Assert.True(((string)body["access_token"]!).Length >= 1_000);
        fast.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(404, fast.Get("s041-t04-000123").Status);
        fast.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(401, fast.Get("s041-t04-000123").Status);
    }

    [Fact]
    public void Token_WrongKeys_AreRefused()
    {
        var key = _merchant.Unit.SubscriptionKey;

        Assert.Equal(401, _merchant.AskToken("demo-client", "wrong", key).Status);
        Assert.Equal(400, _merchant.AskToken("", "demo-secret", key).Status);
        Assert.Equal(401, _merchant.AskToken("demo-client", "demo-secret", null).Status);
        Assert.Equal(401, _merchant.AskToken("demo-client", "demo-secret", Other.SubscriptionKey).Status);
    }

    [Theory]
    [InlineData("Authorization", null, 401)]
    [InlineData("Authorization", "Bearer nonsense", 401)]
    [InlineData("Ocp-Apim-Subscription-Key", null, 401)]
    [InlineData("Ocp-Apim-Subscription-Key", "11111111111111111111111111111111", 401)]
    [InlineData("Merchant-Serial-Number", null, 400)]
    [InlineData("Merchant-Serial-Number", "12a456", 400)]
    [InlineData("Merchant-Serial-Number", "654321", 403)]
    [InlineData("Vipps-System-Name", "a name that is longer than thirty", 400)]
    [InlineData("Content-Type", "text/plain", 415)]
    public void Call_HeaderMissingOrWrong_IsNotLetIn(string header, string? value, int status)
    {
        _merchant.Headers[header] = value;

        Assert.Equal(status, _merchant.Create("s041-t04-000123").Status);
        Assert.DoesNotContain(_merchant.World.Ledger.Lines(), line => line.Kind == "created");
    }

    [Fact]
    public void Call_BearerInSmallLetters_Is401InTheGatewaysForm()
    {
        _merchant.Headers["Authorization"] = "bearer x";

        var reply = _merchant.Get("s041-t04-000123");

        Assert.Equal((401, 401), (reply.Status, (int)reply.Json["statusCode"]!));
    }

    [Fact]
    public void Tokens_Revoked_Are401() 
    {
        _merchant.World.RevokeTokens();

        Assert.Equal(401, _merchant.Get("s041-t04-000123").Status);
    }

    [Fact]
    public void Exchange_BadToken_Is401WithoutABody_AndTheSalesUnitMayBeLeftOut()
    {
        _merchant.Headers["Merchant-Serial-Number"] = null;
        var body = """{"qrCode":"https://qr.vipps.no/28/2/01/031/4791234567?v=1"}""";
        Assert.Equal(200, _merchant.Send("POST", "/qr/v1/exchange", body).Status);

        _merchant.Headers["Authorization"] = "Bearer x";

        var reply = _merchant.Send("POST", "/qr/v1/exchange", body);
        Assert.Equal((401, ""), (reply.Status, reply.Text));
    }
}
