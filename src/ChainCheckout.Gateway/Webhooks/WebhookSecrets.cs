using System.Collections.Concurrent;
using System.Collections.Immutable;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Values;

namespace ChainCheckout.Gateway.Webhooks;

/// <summary>The secrets of each sales unit's registrations, kept beside the listener; asked again when one does not fit.</summary>
public sealed class WebhookSecrets(IActors actors, TimeProvider clock)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Msn, (ImmutableArray<Hook> Hooks, long AskedAt)> _known = new();

    public ImmutableArray<Hook> Known(Msn msn) => _known.TryGetValue(msn, out var known) ? known.Hooks : [];

    /// <summary>False when they were asked for a moment ago: a flood of forgeries must not become a flood of questions.</summary>
    /// <exception cref="TimeoutException">The sales unit did not answer within <paramref name="within"/>.</exception>
    public async ValueTask<bool> TryRefreshAsync(Msn msn, TimeSpan within, CancellationToken cancellation)
    {
        // None known yet: the registration is under way, and the next webhook may be the first genuine one.
        if (_known.TryGetValue(msn, out var known) && !known.Hooks.IsEmpty && clock.GetElapsedTime(known.AskedAt) < AskAgain) return false;
        var reply = (SalesUnitReply.Hooks)await actors.SendAsync(msn, new SalesUnitMessage.Secrets(), cancellation)
            .AsTask().WaitAsync(within, clock, cancellation);
        _known[msn] = (reply.Known, clock.GetTimestamp());
        return true;
    }
}
