namespace ChainCheckout.Simulation.Time;

/// <summary>The clock of one machine: its wall clock may be wrong and may jump, its timers run true.</summary>
internal sealed class NodeClock(Schedule schedule, Func<TimeSpan, Action, Happening> after) : TimeProvider
{
    public TimeSpan Skew { get; set; }

    public override DateTimeOffset GetUtcNow() => schedule.Now + Skew;

    public override long GetTimestamp() => schedule.Now.Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(after, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(Func<TimeSpan, Action, Happening> after, Action act) : ITimer
    {
        private Happening? _next;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _next?.CallOff();
            _next = dueTime == Timeout.InfiniteTimeSpan ? null : after(dueTime, act);
            return true;
        }

        public void Dispose() => _next?.CallOff();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
