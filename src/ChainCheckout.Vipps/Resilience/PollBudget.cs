using System.Threading.RateLimiting;
using ChainCheckout.Vipps.Options;

namespace ChainCheckout.Vipps.Resilience;

/// <summary>
/// The global ceiling on routine reads: so many a second, a quarter of a second's worth at once, one second's worth
/// waiting.
/// </summary>
internal sealed class PollBudget : IDisposable
{
    private const int RefillsPerSecond = 20;

    private readonly TokenBucketRateLimiter _bucket;

    public PollBudget(VippsOptions options)
    {
        var perSecond = options.PollsPerSecondMax;
        var perRefill = Math.Max(1, perSecond / RefillsPerSecond);
        _bucket = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(perRefill, perSecond / 4),
            TokensPerPeriod = perRefill,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)perRefill / perSecond),
            QueueLimit = perSecond,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            AutoReplenishment = true,
        });
    }

    /// <summary>True when the read may go; false when too many wait already.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellation)
    {
        using var lease = await _bucket.AcquireAsync(1, cancellation);
        return lease.IsAcquired;
    }

    public void Dispose() => _bucket.Dispose();
}
