using System.Net;
using ChainCheckout.Core.Values;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Tests.EndToEnd;

namespace ChainCheckout.Tests.Gateway;

public sealed class WebhookEndpointTests(ShopFixture fixture) : IClassFixture<ShopFixture>
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task AForgedWebhook_GetsA401WithoutAWordAndReadsNothing()
    {
        var genuine = await SignedWebhook.SecretOfAsync(_shop);
        var body = SignedWebhook.Body("s1-t1-1-2", "AUTHORIZED");
        var unsigned = SignedWebhook.Signed(_shop, body, genuine);
        foreach (var header in new[] { "Authorization", "x-ms-date", "x-ms-content-sha256" }) unsigned.Headers.Remove(header);
        HttpRequestMessage[] forgeries =
        [
            unsigned,
            SignedWebhook.Signed(_shop, body, new Secret("another secret than Vipps gave us")),
            SignedWebhook.Signed(_shop, body, new Secret("")),
            SignedWebhook.Signed(_shop, body, genuine, sent: body.Replace("20000", "20001", StringComparison.Ordinal)),
            SignedWebhook.Signed(_shop, body, genuine, sent: body + " "),
            SignedWebhook.Signed(_shop, body, genuine, msn: "999999"),
            SignedWebhook.Signed(_shop, body, genuine, msn: "not-a-number"),
        ];

        foreach (var forgery in forgeries)
        {
            var reads = _shop.Reads;
            var answer = await SignedWebhook.SendAsync(_shop, forgery);

            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
            Assert.Equal(reads, _shop.Reads);
        }
    }

    [Fact]
    public async Task AnotherPathMethodOrSize_IsTurnedAwayBeforeAnySecretIsAsked()
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_shop.WebhookPort}") };

        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync("/", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/admin/figures")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.GetAsync($"/vipps/webhooks/{Shop.Msn}")).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(client, 65_537, chunked: false)).StatusCode);
        var tooLarge = await PostAsync(client, 100_000, chunked: true);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, true), (tooLarge.StatusCode, tooLarge.Headers.ConnectionClose));
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(client, 65_536, chunked: true)).StatusCode);
    }

    [Fact]
    public async Task AGenuineWebhookForAPaymentThatNobodyKnows_IsTakenAndTold()
    {
        var secret = await SignedWebhook.SecretOfAsync(_shop);

        var known = await SignedWebhook.PostAsync(_shop, SignedWebhook.Body("s1-t9-9-9", "CAPTURED"), secret);
        var foreign = await SignedWebhook.PostAsync(_shop, SignedWebhook.Body("webshop-order_4711", "CAPTURED"), secret);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (known.StatusCode, foreign.StatusCode));
        Assert.Contains(_shop.Logs.All, line => line.Id.Id == 2001 && line.Text.Contains("s1-t9-9-9", StringComparison.Ordinal));
        Assert.Contains(_shop.Logs.All, line => line.Id.Id == 2001 && line.Text.Contains("webshop-order4711", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AGenuineWebhookWithUnknownFieldsOrAnUnknownEvent_IsTaken()
    {
        _shop.Vipps.World.Tell("4791236001", CustomerAnswer.Manual);
        var till = await _shop.TillAsync(20);
        var reference = await till.AsksForPaymentAsync(_shop, "sale-1", customer: "4791236001");
        await till.SeesAsync("paying", "WaitingForCustomer");
        var secret = await SignedWebhook.SecretOfAsync(_shop);

        var more = await SignedWebhook.PostAsync(_shop, SignedWebhook.Body(reference, "AUTHORIZED", ""","fraud":{"score":[1,null]},"x":1e400"""), secret);
        var newer = await SignedWebhook.PostAsync(_shop, SignedWebhook.Body(reference, "SETTLED_SOMEHOW"), secret);
        var other = await SignedWebhook.PostAsync(_shop, """{"eventType":"user.checked-in.v1"}""", secret);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], new[] { more.StatusCode, newer.StatusCode, other.StatusCode });
        Assert.Equal("paying", till.View!.Stage);
        Assert.Empty(_shop.Ledger(reference, "captured"));
        _shop.Vipps.World.Approve(Shop.Msn, reference);
        await till.SeesAsync("paid");
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, int bytes, bool chunked)
    {
        HttpContent content = chunked ? new StreamContent(new MemoryStream(new byte[bytes])) : new ByteArrayContent(new byte[bytes]);
        var request = new HttpRequestMessage(HttpMethod.Post, $"/vipps/webhooks/{Shop.Msn}") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        return client.SendAsync(request);
    }
}
