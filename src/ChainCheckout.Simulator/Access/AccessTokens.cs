using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Time;

namespace ChainCheckout.Simulator.Access;

/// <summary>
/// <c>POST /accesstoken/get</c>, and who a bearer token speaks for. A token lives in simulated time; the answer
/// tells its life in real seconds, because those are what the client counts.
/// </summary>
internal sealed class AccessTokens(IReadOnlyList<SalesUnit> units, SimulatedClock clock, TimeSpan life)
{
    private const int PruneAbove = 1_000;
    private const string Resource = "00000002-0000-0000-c000-000000000000";
    private readonly ConcurrentDictionary<string, Grant> _grants = new(StringComparer.Ordinal);

    public Answer Issue(ApiRequest request)
    {
        var clientId = request.Header("client_id");
        var secret = request.Header("client_secret");
        var key = request.Header("Ocp-Apim-Subscription-Key");
        if (string.IsNullOrEmpty(clientId) || string.IsNullOrEmpty(secret))
            return Problems.OAuth(400, "invalid_request", "The headers client_id and client_secret are required.");
        if (string.IsNullOrEmpty(key))
            return Problems.Gateway(401, "Access denied due to missing subscription key.", request);

        var owned = units.Where(unit => unit.ClientId == clientId && unit.ClientSecret == secret).ToList();
        if (owned.Count == 0)
            return Problems.OAuth(401, "invalid_client", "The client id or the client secret is not valid.");
        if (!owned.Exists(unit => unit.Takes(key)))
            return Problems.Gateway(401, "Access denied due to invalid subscription key.", request);
        return Answer.Of(200, Grants(clientId), SimulatorJson.Default.TokenBody);
    }

    /// <summary>The client that a token was given to, while it is valid.</summary>
    public string? ClientOf(string token) =>
        _grants.TryGetValue(token, out var grant) && grant.ValidUntil > clock.Now ? grant.ClientId : null;

    /// <summary>Makes every token invalid at once, as a rotation at the vendor would.</summary>
    public void RevokeAll() => _grants.Clear();

    private TokenBody Grants(string clientId)
    {
        if (_grants.Count > PruneAbove)
        {
            foreach (var (old, grant) in _grants)
            {
                if (grant.ValidUntil <= clock.Now) _grants.TryRemove(old, out _);
            }
        }

        var token = NewToken();
        _grants[token] = new Grant(clientId, clock.Now + life);
        var seconds = (long)clock.Real(life).TotalSeconds;
        var now = clock.WallNow.ToUnixTimeSeconds();
        return new TokenBody(
            "Bearer", Text(seconds), Text(seconds), Text(now + seconds), Text(now), Resource, token);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// In the form and of the length of the vendor's: three parts, over 1,000 characters, nothing to read in it.
    /// </summary>
    private static string NewToken()
    {
        var header = Encoding.UTF8.GetBytes("""{"typ":"JWT","alg":"RS256"}""");
        var content = RandomNumberGenerator.GetBytes(560);
        return $"{Part(header)}.{Part(content)}.{Part(RandomNumberGenerator.GetBytes(256))}";
    }

    private static string Part(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private sealed record Grant(string ClientId, DateTimeOffset ValidUntil);
}
