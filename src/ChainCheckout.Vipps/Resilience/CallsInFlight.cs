using System.Threading.RateLimiting;
using ChainCheckout.Vipps.Options;

namespace ChainCheckout.Vipps.Resilience;

/// <summary>Who waits for a call.</summary>
internal enum CallShare
{
    /// <summary>A customer and a cashier do.</summary>
    Sale = 1,

    /// <summary>A routine read, which is asked again soon.</summary>
    Poll,

    /// <summary>Check-in, login, loyalty: no payment may wait for these.</summary>
    Member,
}

/// <summary>
/// The limit on calls under way; one more waits its turn within its own deadline. Member calls may fill three eighths of it, and these
/// and routine reads together three quarters; neither waits. So captures and cancels always come through, and payments
/// are read however long the member APIs take.
/// </summary>
internal sealed class CallsInFlight : IDisposable
{
    private readonly ConcurrencyLimiter _room;
    private readonly Lock _gate = new();
    private readonly int _yieldingMax;
    private readonly int _memberMax;
    private int _yielding;
    private int _members;

    public CallsInFlight(VippsOptions options)
    {
        _yieldingMax = Math.Max(1, options.CallsInFlightMax * 3 / 4);
        _memberMax = Math.Max(1, options.CallsInFlightMax * 3 / 8);
        _room = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = options.CallsInFlightMax,
            QueueLimit = options.CallsInFlightMax * 64,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    /// <summary>
    /// Null when there is no room: at once for a call that yields, by <paramref name="deadline"/> for a sale's.
    /// </summary>
    public async ValueTask<IDisposable?> EnterAsync(CallShare share, CancellationToken deadline)
    {
        if (share == CallShare.Sale) return await _room.AcquireAsync(1, deadline) is { IsAcquired: true } place ? place : null;
        if (!TryCount(share)) return null;
        if (_room.AttemptAcquire() is { IsAcquired: true } lease) return new YieldingPlace(this, share, lease);
        Discount(share);
        return null;
    }

    public void Dispose() => _room.Dispose();

    private bool TryCount(CallShare share)
    {
        lock (_gate)
        {
            if (_yielding >= _yieldingMax || (share == CallShare.Member && _members >= _memberMax)) return false;
            _yielding++;
            if (share == CallShare.Member) _members++;
            return true;
        }
    }

    private void Discount(CallShare share)
    {
        lock (_gate)
        {
            _yielding--;
            if (share == CallShare.Member) _members--;
        }
    }

    private sealed class YieldingPlace(CallsInFlight all, CallShare share, IDisposable lease) : IDisposable
    {
        public void Dispose()
        {
            all.Discount(share);
            lease.Dispose();
        }
    }
}
