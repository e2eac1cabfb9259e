using System.Threading.RateLimiting;
using ChainCheckout.Vipps.Options;

namespace ChainCheckout.Vipps.Resilience;

/// <summary>
/// The limit on calls under way; one more waits its turn within its own deadline. Routine reads, and what no
/// sale waits for, may fill three quarters of it and do not wait, so that captures and cancels always come through.
/// </summary>
internal sealed class CallsInFlight : IDisposable
{
    private readonly ConcurrencyLimiter _room;
    private readonly int _yieldingMax;
    private int _yielding;

    public CallsInFlight(VippsOptions options)
    {
        _yieldingMax = Math.Max(1, options.CallsInFlightMax * 3 / 4);
        _room = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = options.CallsInFlightMax,
            QueueLimit = options.CallsInFlightMax * 64,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    /// <summary>
    /// Null when there is no room: at once for a call that yields, by <paramref name="deadline"/> for any other.
    /// </summary>
    public async ValueTask<IDisposable?> EnterAsync(bool yields, CancellationToken deadline)
    {
        if (yields && Interlocked.Increment(ref _yielding) > _yieldingMax)
        {
            Interlocked.Decrement(ref _yielding);
            return null;
        }

        var lease = yields ? _room.AttemptAcquire() : await _room.AcquireAsync(1, deadline);
        if (lease.IsAcquired) return yields ? new YieldingPlace(this, lease) : lease;
        if (yields) Interlocked.Decrement(ref _yielding);
        return null;
    }

    public void Dispose() => _room.Dispose();

    private sealed class YieldingPlace(CallsInFlight all, IDisposable lease) : IDisposable
    {
        public void Dispose()
        {
            Interlocked.Decrement(ref all._yielding);
            lease.Dispose();
        }
    }
}
