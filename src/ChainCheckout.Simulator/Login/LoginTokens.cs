using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using ChainCheckout.Simulator.Time;

namespace ChainCheckout.Simulator.Login;

/// <summary>The access tokens of accepted logins: five simulated minutes each, for userinfo alone.</summary>
internal sealed class LoginTokens(SimulatedClock clock)
{
    public const string Prefix = "ciba.";
    public const int LifeSeconds = 300;

    private const int PruneAbove = 10_000;
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(LifeSeconds);
    private readonly ConcurrentDictionary<string, Grant> _grants = new(StringComparer.Ordinal);

    public string Issue(LoginSession session)
    {
        if (_grants.Count > PruneAbove)
        {
            foreach (var (old, grant) in _grants)
            {
                if (grant.ValidUntil <= clock.Now) _grants.TryRemove(old, out _);
            }
        }

        var token = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(48));
        _grants[token] = new Grant(session, clock.Now + Life);
        return token;
    }

    public LoginSession? SessionOf(string token) =>
        _grants.TryGetValue(token, out var grant) && grant.ValidUntil > clock.Now ? grant.Session : null;

    private sealed record Grant(LoginSession Session, DateTimeOffset ValidUntil);
}
