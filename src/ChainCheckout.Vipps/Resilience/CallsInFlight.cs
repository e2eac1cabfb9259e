using System.Threading.RateLimiting;
using ChainCheckout.Vipps.Options;

namespace ChainCheckout.Vipps.Resilience;

/// <summary>
/// The limit on calls under way; one more waits its turn within its own deadline. Routine reads may fill three quarters
/// of it and do not wait, so that captures and cancels always come through.
/// </summary>
internal sealed class CallsInFlight : IDisposable
{
    private readonly ConcurrencyLimiter _room;
    private readonly int _pollsMax;
    private int _polls;

    public CallsInFlight(VippsOptions options)
    {
        _pollsMax = Math.Max(1, options.CallsInFlightMax * 3 / 4);
        _room = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = options.CallsInFlightMax,
            QueueLimit = options.CallsInFlightMax * 64,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    /// <summary>Null when there is no room: at once for a routine read, by <paramref name="deadline"/> for any other call.</summary>
    public async ValueTask<IDisposable?> EnterAsync(bool poll, CancellationToken deadline)
    {
        if (poll && Interlocked.Increment(ref _polls) > _pollsMax)
        {
            Interlocked.Decrement(ref _polls);
            return null;
        }

        var lease = await _room.AcquireAsync(1, deadline);
        if (lease.IsAcquired) return poll ? new PollPlace(this, lease) : lease;
        if (poll) Interlocked.Decrement(ref _polls);
        return null;
    }

    public void Dispose() => _room.Dispose();

    private sealed class PollPlace(CallsInFlight all, IDisposable lease) : IDisposable
    {
        public void Dispose()
        {
            Interlocked.Decrement(ref all._polls);
            lease.Dispose();
        }
    }
}
