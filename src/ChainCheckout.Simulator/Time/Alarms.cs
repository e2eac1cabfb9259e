namespace ChainCheckout.Simulator.Time;

/// <summary>
/// Calls back at simulated instants. One queue and one timer for all: a payment's expiry lies ten minutes
/// ahead, so at hundreds of payments a second a timer each would crowd the runtime's timer lists.
/// </summary>
internal sealed class Alarms : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Alarm, long> _queue = new();
    private readonly SimulatedClock _clock;
    private readonly ITimer _timer;
    private long _armedFor = long.MaxValue;
    private bool _disposed;

    public Alarms(SimulatedClock clock)
    {
        _clock = clock;
        _timer = clock.Wall.CreateTimer(
            static self => ((Alarms)self!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Calls <paramref name="ring"/> once the simulated clock has reached <paramref name="due"/>.</summary>
    public void Set(DateTimeOffset due, Action<object> ring, object state)
    {
        lock (_gate)
        {
            if (_disposed) return;
            _queue.Enqueue(new Alarm(ring, state), due.UtcTicks);
            if (due.UtcTicks < _armedFor) Arm(due.UtcTicks);
        }
    }

    /// <summary>The same after a real, not a simulated, wait.</summary>
    public void SetReal(TimeSpan wait, Action<object> ring, object state) =>
        Set(_clock.Now + (wait * _clock.Factor), ring, state);

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _queue.Clear();
        }

        _timer.Dispose();
    }

    private void Ring()
    {
        while (TakeDue() is { } alarm) alarm.Ring(alarm.State);
    }

    private Alarm? TakeDue()
    {
        lock (_gate)
        {
            if (_disposed) return null;
            if (!_queue.TryPeek(out var alarm, out var due))
            {
                _armedFor = long.MaxValue;
                return null;
            }

            if (due > _clock.Now.UtcTicks)
            {
                Arm(due);
                return null;
            }

            _queue.Dequeue();
            return alarm;
        }
    }

    private void Arm(long due)
    {
        _armedFor = due;
        var wait = _clock.Real(TimeSpan.FromTicks(due - _clock.Now.UtcTicks));

        // Whole milliseconds, rounded up: the runtime cuts the fraction off and would ring too early, again and again.
        var milliseconds = Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, int.MaxValue);
        _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }

    private sealed record Alarm(Action<object> Ring, object State);
}
