using System.Net.Http.Headers;
using System.Text;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.EndToEnd;
using ChainCheckout.Vipps.Webhooks;

namespace ChainCheckout.Tests.Gateway;

/// <summary>Webhooks as Vipps would send them, and as somebody else might.</summary>
internal static class SignedWebhook
{
    public static string Body(string reference, string name, string more = "") => $$"""
        {"msn":"{{Shop.Msn}}","reference":"{{reference}}","pspReference":"f0cbbf6b-1","name":"{{name}}","amount":{"currency":"NOK","value":20000},"timestamp":"2026-01-01T10:00:00Z","idempotencyKey":null,"success":true{{more}}}
        """;

    /// <summary>The secret that the server holds; waits for the registration.</summary>
    public static async Task<Secret> SecretOfAsync(Shop shop)
    {
        for (var tries = 0; ; tries++)
        {
            var hooks = (SalesUnitReply.Hooks)await shop.Actors.SendAsync(new Msn(Shop.Msn), new SalesUnitMessage.Secrets());
            if (!hooks.Known.IsEmpty) return hooks.Known[0].Secret;
            Assert.True(tries < 200, "There is no registration.");
            await Task.Delay(25);
        }
    }

    public static Task<HttpResponseMessage> PostAsync(Shop shop, string body, Secret secret) => SendAsync(shop, Signed(shop, body, secret));

    /// <param name="sent">The body that is sent when it is not the one that was signed.</param>
    public static HttpRequestMessage Signed(Shop shop, string body, Secret secret, string msn = Shop.Msn, string? sent = null)
    {
        var path = $"/vipps/webhooks/{msn}";
        var bytes = Encoding.UTF8.GetBytes(body);
        var headers = WebhookSignature.Sign(bytes, "POST", $"/vipps/webhooks/{Shop.Msn}", $"127.0.0.1:{shop.WebhookPort}", TimeProvider.System.GetUtcNow(), secret);
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{shop.WebhookPort}{path}")
        {
            Content = new ByteArrayContent(sent is null ? bytes : Encoding.UTF8.GetBytes(sent))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
        request.Headers.TryAddWithoutValidation("x-ms-date", headers.XMsDate);
        request.Headers.TryAddWithoutValidation("x-ms-content-sha256", headers.XMsContentSha256);
        request.Headers.TryAddWithoutValidation("Authorization", headers.Authorization);
        return request;
    }

    public static async Task<HttpResponseMessage> SendAsync(Shop shop, HttpRequestMessage request)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        var response = await client.SendAsync(request);
        await response.Content.LoadIntoBufferAsync();
        return response;
    }
}
