using System.Collections.Concurrent;

namespace ChainCheckout.Load.Measure;

/// <summary>The longest time that any till with a command outstanding had neither an answer nor Busy, cut connections included.</summary>
public sealed class Waits(TimeProvider clock)
{
    private readonly ConcurrentBag<Wait> _all = [];
    private long _longest;

    /// <summary>Those included that are not over.</summary>
    public TimeSpan Longest
    {
        get
        {
            foreach (var wait in _all) wait.Look();
            return new TimeSpan(Volatile.Read(ref _longest));
        }
    }

    /// <summary>One (till, role): it has one command outstanding at a time.</summary>
    public Wait Add()
    {
        var wait = new Wait(this);
        _all.Add(wait);
        return wait;
    }

    /// <summary>What was before does not count.</summary>
    public void Forget() => Volatile.Write(ref _longest, 0);

    private void Saw(TimeSpan wait)
    {
        for (var seen = Volatile.Read(ref _longest); wait.Ticks > seen; seen = Volatile.Read(ref _longest))
            Interlocked.CompareExchange(ref _longest, wait.Ticks, seen);
    }

    public sealed class Wait(Waits all)
    {
        private const long Nothing = -1;

        private long _since = Nothing;

        public void Begin() => Interlocked.CompareExchange(ref _since, all.Clock.GetTimestamp(), Nothing);

        public void End() => Close(Nothing);

        /// <summary>The server has said that it is to be asked again: another wait begins.</summary>
        public void Again()
        {
            if (Volatile.Read(ref _since) != Nothing) Close(all.Clock.GetTimestamp());
        }

        internal void Look()
        {
            if (Volatile.Read(ref _since) is var since and not Nothing) all.Saw(all.Clock.GetElapsedTime(since));
        }

        private void Close(long next)
        {
            if (Interlocked.Exchange(ref _since, next) is var since and not Nothing) all.Saw(all.Clock.GetElapsedTime(since));
        }
    }

    private TimeProvider Clock => clock;
}
