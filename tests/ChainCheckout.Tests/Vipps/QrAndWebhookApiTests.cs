using System.Collections.Immutable;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Vipps.Support;

namespace ChainCheckout.Tests.Vipps;

public sealed class QrAndWebhookApiTests
{
    private const string Scanned = "https://qr.vipps.no/28/2/01/031/4791234567?v=1";

    [Fact]
    public async Task Exchange_SendsTheWholeScan_AndGivesThePhone()
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, """{"msisdn":"4791234567","version":"2.0","timestamp":1793000000}""");

        var exchanged = Assert.IsType<VippsResult<QrExchanged>.Ok>(await ExchangeAsync(vipps)).Value;

        Assert.Equal(new QrExchanged(VippsSetup.Customer(), "2.0", DateTimeOffset.FromUnixTimeSeconds(1_793_000_000)),
            exchanged);
        var sent = Assert.Single(vipps.Stub.Calls);
        Assert.Equal(("POST", "/qr/v1/exchange"), (sent.Method, sent.Path));
        Assert.Equal($$"""{"qrCode":"{{Scanned}}","requestedData":["MSISDN"]}""", sent.Text);
        Assert.False(sent.Headers.ContainsKey("Idempotency-Key"));
    }

    [Theory]
    [InlineData("""{"msisdn":"4791234567","version":"1.0"}""", "Ok")]
    [InlineData("""{"msisdn":4791234567,"version":1.0,"timestamp":99999999999999999}""", "Ok")]
    [InlineData("""{"msisdn":"442071234567","version":"1.0"}""", "Refused")]
    [InlineData("""{"msisdn":"4791234567"}""", "Unknown")]
    [InlineData("""{"version":"1.0"}""", "Unknown")]
    [InlineData("""{"msisdn":["4791234567"],"version":"1.0"}""", "Unknown")]
    [InlineData("oops", "Unknown")]
    public async Task Exchange_Answered_IsSortedByWhatItHolds(string body, string outcome)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, body);

        Assert.Equal(outcome, (await ExchangeAsync(vipps)).GetType().Name);
    }

    [Fact]
    public async Task Exchange_HasItsOwnShorterTimeout()
    {
        await using var vipps = new VippsSetup(settings: new() { ["Vipps:Qr:Timeout"] = "00:00:00.2" });
        await vipps.Payments.ReadAsync(VippsSetup.Read(), default); // So that a token is at hand.
        vipps.Stub.Answer = async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return VippsStub.Json(200, "");
        };

        Assert.Equal(new VippsResult<QrExchanged>.Unknown("timeout"), await ExchangeAsync(vipps));
    }

    [Fact]
    public async Task Webhooks_AreListedRegisteredAndDeleted()
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(request => request.Method switch
        {
            "GET" => VippsStub.Json(
                200, """{"webhooks":[{"id":"w1","url":"https://chain.example/hook","events":["a.v1","b.v1"]}]}"""),
            "POST" => VippsStub.Json(201, """{"id":"w2","secret":"told-once"}"""),
            _ => VippsStub.Json(204, ""),
        });

        var listed = Assert.IsType<VippsResult<ImmutableArray<WebhookRegistration>>.Ok>(
            await vipps.Webhooks.ListAsync(VippsSetup.Msn, default));
        var registered = Assert.IsType<VippsResult<WebhookRegistered>.Ok>(
            await vipps.Webhooks.RegisterAsync(VippsSetup.Msn, "https://chain.example/hook", ["a.v1"], default));
        Assert.IsType<VippsResult<bool>.Ok>(await vipps.Webhooks.DeleteAsync(VippsSetup.Msn, "a/b", default));

        var one = Assert.Single(listed.Value);
        Assert.Equal(("w1", "https://chain.example/hook"), (one.Id, one.Url));
        Assert.Equal(["a.v1", "b.v1"], one.Events.ToArray());
        Assert.Equal(("w2", "told-once"), (registered.Value.Id, registered.Value.Secret.Reveal));
        Assert.Equal(
            [
                ("GET", "/webhooks/v1/webhooks", ""),
                ("POST", "/webhooks/v1/webhooks", """{"url":"https://chain.example/hook","events":["a.v1"]}"""),
                ("DELETE", "/webhooks/v1/webhooks/a%2Fb", ""),
            ],
            vipps.Stub.Calls.Select(call => (call.Method, call.Path, call.Text)));
    }

    [Fact]
    public async Task Webhook_ThatIsAlreadyGone_CountsAsDeleted()
    {
        await using var vipps = new VippsSetup();

        Assert.IsType<VippsResult<bool>.Ok>(await vipps.Webhooks.DeleteAsync(VippsSetup.Msn, "w1", default));
    }

    [Theory]
    [InlineData("""{"id":"w2"}""")]
    [InlineData("""{"secret":"s"}""")]
    [InlineData("")]
    public async Task Registration_WithoutItsSecret_IsUnknown(string body)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(201, body);

        Assert.IsType<VippsResult<WebhookRegistered>.Unknown>(
            await vipps.Webhooks.RegisterAsync(VippsSetup.Msn, "https://chain.example/hook", ["a.v1"], default));
    }

    private static Task<VippsResult<QrExchanged>> ExchangeAsync(VippsSetup vipps)
    {
        Assert.Equal(QrRefusal.None, QrText.TryParse(Scanned, out var qr));
        return vipps.Qr.ExchangeAsync(VippsSetup.Msn, qr, default);
    }
}
