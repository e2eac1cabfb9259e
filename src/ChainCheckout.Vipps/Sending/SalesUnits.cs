using System.Collections.Frozen;
using ChainCheckout.Vipps.AccessToken;
using ChainCheckout.Vipps.Options;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Vipps.Sending;

/// <summary>One sales unit at run time: what its calls carry.</summary>
/// <param name="Client">Its keys as OAuth wants them: the login endpoints take no access token.</param>
internal sealed record SalesUnit(Msn Msn, string SubscriptionKey, OwnAuthorization Client, AccessTokens Tokens);

/// <summary>The sales units of the settings, each with its own token.</summary>
internal sealed class SalesUnits
{
    private readonly FrozenDictionary<Msn, SalesUnit> _units;

    public SalesUnits(
        VippsOptions options, RequestHeaders headers, VippsTransport transport, VippsCalls calls, TimeProvider clock,
        Random random, ILogger<AccessTokens> logger)
    {
        var address = options.AccessToken.BaseAddress!.At(VippsOperation.Token.Template);
        _units = options.SalesUnits.Select(Open).ToFrozenDictionary(unit => unit.Msn);

        SalesUnit Open(SalesUnitOptions unit)
        {
            var msn = new Msn(unit.MerchantSerialNumber);
            var fetch = () => FetchTokenAsync(unit, address);
            // A Random each: one is not safe between the locks of two sales units.
            return new SalesUnit(
                msn, unit.SubscriptionKey, OwnAuthorization.OfClient(unit.ClientId, unit.ClientSecret),
                new AccessTokens(msn, fetch, clock, new Random(random.Next()), logger));
        }

        async Task<Answer> FetchTokenAsync(SalesUnitOptions unit, Uri endpoint)
        {
            var started = clock.GetTimestamp();
            using var deadline = new Deadline(options.CallTimeout, clock, CancellationToken.None);
            using var request = headers.ForToken(unit, endpoint);
            var answer = await transport.SendAsync(request, deadline);
            calls.Count(VippsOperation.Token, answer, clock.GetElapsedTime(started));
            return answer;
        }
    }

    public SalesUnit? Find(Msn msn) => _units.GetValueOrDefault(msn);
}
