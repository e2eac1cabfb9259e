namespace ChainCheckout.Load.Pacing;

/// <summary>Says when sales begin. Every free till asks; each answer is one sale.</summary>
public interface IArrivals
{
    /// <summary>
    /// The timestamp from which the next sale counts, when it is time for it; null when no more sales are started.
    /// </summary>
    ValueTask<long?> NextAsync(CancellationToken cancellation);
}

/// <summary>Every till starts a sale as soon as it is free.</summary>
public sealed class BackToBack(TimeProvider clock, long until) : IArrivals
{
    public ValueTask<long?> NextAsync(CancellationToken cancellation)
    {
        var now = clock.GetTimestamp();
        return ValueTask.FromResult<long?>(now < until ? now : null);
    }
}
