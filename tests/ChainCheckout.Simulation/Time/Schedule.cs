namespace ChainCheckout.Simulation.Time;

/// <summary>Something that will happen, unless it is called off.</summary>
internal sealed class Happening(DateTimeOffset at, Action act)
{
    public DateTimeOffset At => at;

    public bool IsOff { get; private set; }

    public void CallOff() => IsOff = true;

    public void Happen() => act();
}

/// <summary>
/// Virtual time: what will happen, in order. Between two happenings no time passes, so a day costs as much as what
/// happens in it. It is also the context that every await of a simulation comes back to: nothing reaches another thread.
/// </summary>
internal sealed class Schedule(DateTimeOffset begin) : SynchronizationContext
{
    private readonly PriorityQueue<Happening, (long Ticks, long Order)> _queue = new();
    private long _order;

    public DateTimeOffset Now { get; private set; } = begin;

    public long Happened { get; private set; }

    public Happening At(DateTimeOffset at, Action act)
    {
        var happening = new Happening(at < Now ? Now : at, act);
        _queue.Enqueue(happening, (happening.At.Ticks, _order++));
        return happening;
    }

    public Happening After(TimeSpan delay, Action act) => At(Now + delay, act);

    public Task Delay(TimeSpan delay)
    {
        var done = new TaskCompletionSource();
        After(delay, done.SetResult);
        return done.Task;
    }

    /// <summary>The next thing happens. False when nothing is left to happen before <paramref name="until"/>.</summary>
    public bool RunNext(DateTimeOffset until)
    {
        while (_queue.TryPeek(out var next, out _))
        {
            if (next.At > until) return false;
            _queue.Dequeue();
            if (next.IsOff) continue;
            Now = next.At;
            Happened++;
            next.Happen();
            return true;
        }

        return false;
    }

    /// <summary>Nothing happens until then.</summary>
    public void PassTo(DateTimeOffset at) => Now = at > Now ? at : Now;

    public override void Post(SendOrPostCallback callback, object? state) => After(TimeSpan.Zero, () => callback(state));

    public override void Send(SendOrPostCallback callback, object? state) => callback(state);
}
