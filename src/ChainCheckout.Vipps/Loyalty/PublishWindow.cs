namespace ChainCheckout.Vipps.Loyalty;

/// <summary>
/// How many events are under way at once: one more for each round that went well, half after a 429, none during the
/// pause that it asks for. Who finds no place stands in a line of limited length, for a limited time.
/// </summary>
internal sealed class PublishWindow : IDisposable
{
    public const int QueueMax = 2_000;

    /// <summary>A caller stands in line no longer than this.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    private const int SizeAtStart = 4;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _clock;
    private readonly int _sizeMax;
    private readonly Lock _gate = new();
    private readonly Queue<Waiter> _queue = new();
    private readonly ITimer _look;
    private double _size;
    private int _underWay;
    private long _pausedUntil = long.MinValue;
    private long _halvedAt = long.MinValue;
    private bool _isLooking;

    public PublishWindow(int sizeMax, TimeProvider clock)
    {
        _clock = clock;
        _sizeMax = sizeMax;
        _size = Math.Min(SizeAtStart, sizeMax);
        _look = clock.CreateTimer(
            static window => ((PublishWindow)window!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Size
    {
        get
        {
            lock (_gate) return (int)_size;
        }
    }

    public int Queued
    {
        get
        {
            lock (_gate) return _queue.Count;
        }
    }

    /// <summary>What is left of the pause that a 429 asked for.</summary>
    public TimeSpan Pause
    {
        get
        {
            lock (_gate) return PauseAt(_clock.GetTimestamp());
        }
    }

    /// <summary>True with a place, to be given back by <see cref="Leave"/>; false when there is none in time.</summary>
    public async ValueTask<bool> EnterAsync(CancellationToken cancellation)
    {
        Waiter waiter;
        lock (_gate)
        {
            var now = _clock.GetTimestamp();
            var pause = PauseAt(now);
            if (pause == TimeSpan.Zero && _queue.Count == 0 && _underWay < (int)_size)
            {
                _underWay++;
                return true;
            }

            if (pause > WaitMax || _queue.Count >= QueueMax) return false;
            waiter = new Waiter(now);
            _queue.Enqueue(waiter);
            Pump(now);
        }

        await using var gaveUp = cancellation.UnsafeRegister(
            static (one, token) => ((Waiter)one!).TrySetCanceled(token), waiter);
        return await waiter.Task;
    }

    public void Leave()
    {
        lock (_gate)
        {
            _underWay--;
            Pump(_clock.GetTimestamp());
        }
    }

    /// <summary>A call went well.</summary>
    public void Grow()
    {
        lock (_gate) _size = Math.Min(_sizeMax, _size + (1 / _size));
    }

    /// <summary>A call that began at <paramref name="since"/> met a 429.</summary>
    public void Shrink(long since, TimeSpan pause)
    {
        lock (_gate)
        {
            var now = _clock.GetTimestamp();
            _pausedUntil = Math.Max(_pausedUntil, now + (long)(pause.TotalSeconds * _clock.TimestampFrequency));

            // Those that were under way together are told together: that is one answer, and halves once.
            if (since < _halvedAt) return;
            _halvedAt = now;
            _size = Math.Max(1, _size / 2);
        }
    }

    /// <summary>Everybody in line is told that there is no place.</summary>
    public void TurnAway()
    {
        lock (_gate)
        {
            while (_queue.TryDequeue(out var waiter)) waiter.TrySetResult(false);
        }
    }

    public void Dispose()
    {
        _look.Dispose();
        TurnAway();
    }

    /// <summary>Ends the waits that have lasted too long, and gives places when a pause is over.</summary>
    private void Look()
    {
        lock (_gate) Pump(_clock.GetTimestamp());
    }

    private void Pump(long now)
    {
        while (_queue.TryPeek(out var first))
        {
            // Who gave up has left the place in line behind.
            if (!first.Task.IsCompleted)
            {
                var isLate = _clock.GetElapsedTime(first.Since, now) >= WaitMax;
                if (!isLate && (PauseAt(now) > TimeSpan.Zero || _underWay >= (int)_size)) break;
                if (first.TrySetResult(!isLate) && !isLate) _underWay++;
            }

            _queue.Dequeue();
        }

        if (_isLooking == _queue.Count > 0) return;
        _isLooking = !_isLooking;
        var period = _isLooking ? LookEvery : Timeout.InfiniteTimeSpan;
        _look.Change(period, period);
    }

    private TimeSpan PauseAt(long now) =>
        _pausedUntil > now ? _clock.GetElapsedTime(now, _pausedUntil) : TimeSpan.Zero;

    /// <param name="since">Timestamp of the monotonic clock.</param>
    private sealed class Waiter(long since)
        : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Since { get; } = since;
    }
}
