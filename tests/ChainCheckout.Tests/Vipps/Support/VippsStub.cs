using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace ChainCheckout.Tests.Vipps.Support;

/// <summary>A request as it would have gone out.</summary>
internal sealed record SentRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>
/// Vipps behind a message handler: gives tokens and the discovery document by itself, asks <see cref="Answer"/> for the
/// rest, remembers everything.
/// </summary>
internal sealed class VippsStub : HttpMessageHandler
{
    private int _tokens;

    public ConcurrentQueue<SentRequest> Calls { get; } = new();

    public ConcurrentQueue<SentRequest> TokenCalls { get; } = new();

    public ConcurrentQueue<SentRequest> DiscoveryCalls { get; } = new();

    public Func<int, Task<HttpResponseMessage>> Discovery { get; set; } = _ =>
        Task.FromResult(Json(200, DiscoveryAnswer()));

    public Func<SentRequest, CancellationToken, Task<HttpResponseMessage>> Answer { get; set; } =
        (_, _) => Task.FromResult(Json(404, ""));

    public Func<int, Task<HttpResponseMessage>> Token { get; set; } = number =>
        Task.FromResult(TokenAnswer($"token-{number}"));

    public void AnswerWith(Func<SentRequest, HttpResponseMessage> answer) =>
        Answer = (request, _) => Task.FromResult(answer(request));

    public void AnswerWith(int status, string body, string type = "application/json") =>
        AnswerWith(_ => Json(status, body, type));

    public static HttpResponseMessage Json(int status, string body, string type = "application/json") =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, type) };

    public static HttpResponseMessage TokenAnswer(string token, string expiresIn = "\"3600\"") =>
        Json(200, $$"""{"token_type":"Bearer","expires_in":{{expiresIn}},"access_token":"{{token}}"}""");

    public static string DiscoveryAnswer(string host = "https://vipps.test") => $$"""
        {"issuer":"{{host}}/","token_endpoint":"{{host}}/login/token","userinfo_endpoint":"{{host}}/login/userinfo",
         "backchannel_authentication_endpoint":"{{host}}/login/ask","scopes_supported":["openid"]}
        """;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var headers = request.Headers.Concat(request.Content is { } content ? [.. content.Headers] : [])
            .ToDictionary(
                header => header.Key, header => string.Join(",", header.Value), StringComparer.OrdinalIgnoreCase);
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(CancellationToken.None);
        var sent = new SentRequest(request.Method.Method, request.RequestUri!.PathAndQuery, headers, body);

        if (sent.Path == "/accesstoken/get")
        {
            TokenCalls.Enqueue(sent);
            return await Token(Interlocked.Increment(ref _tokens));
        }

        if (sent.Path == "/access-management-1.0/access/.well-known/openid-configuration")
        {
            DiscoveryCalls.Enqueue(sent);
            return await Discovery(DiscoveryCalls.Count);
        }

        Calls.Enqueue(sent);
        return await Answer(sent, cancellationToken);
    }
}
