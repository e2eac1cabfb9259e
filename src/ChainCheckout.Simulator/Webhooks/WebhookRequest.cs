using System.Globalization;
using System.Net.Http.Headers;

namespace ChainCheckout.Simulator.Webhooks;

/// <summary>The request that a registration gets, signed anew at each try.</summary>
internal static class WebhookRequest
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <param name="now">Real instant: the receiver holds the date against its own clock.</param>
    /// <param name="tampered">Whether the body is to be altered after signing.</param>
    public static HttpRequestMessage Write(Registration registration, byte[] body, DateTimeOffset now, bool tampered)
    {
        var date = now.ToString("R", CultureInfo.InvariantCulture);
        var hash = WebhookSignature.HashOf(body);
        var url = registration.Url;
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(tampered ? Tampered(body) : body) { Headers = { ContentType = Json } },
        };
        request.Headers.TryAddWithoutValidation("x-ms-date", date);
        request.Headers.TryAddWithoutValidation("x-ms-content-sha256", hash);
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            WebhookSignature.Authorization(registration.Secret, url.PathAndQuery, date, url.Authority, hash));
        request.Headers.TryAddWithoutValidation("Webhook-Id", registration.Id.ToString());
        return request;
    }

    /// <summary>Another amount: the first digit of the last number is changed.</summary>
    private static byte[] Tampered(byte[] body)
    {
        var altered = body.ToArray();
        var digit = Array.FindLastIndex(altered, character => character is >= (byte)'0' and <= (byte)'8');
        if (digit >= 0) altered[digit]++;
        return altered;
    }
}
