using System.Threading.Channels;

namespace ChainCheckout.Load.Pacing;

/// <summary>
/// Sales arrive at a mean rate whether a till is free or not, as customers do. The schedule is drawn beforehand, so to
/// say: a slow server delays no arrival, and a sale that waits for a till has waited.
/// </summary>
public sealed class PoissonArrivals(double perSecond, TimeProvider clock, long from, long until,
    Random random) : IArrivals
{
    private readonly Channel<long> _due = Channel.CreateUnbounded<long>(
        new UnboundedChannelOptions { SingleWriter = true });
    private int _neverStarted;

    /// <summary>Arrivals for which no till was free before the time was over.</summary>
    public int NeverStarted => Volatile.Read(ref _neverStarted);

    /// <summary>The instants of the schedule, as timestamps; the last one is past the end.</summary>
    public static IEnumerable<long> Schedule(double perSecond, long from, long until, long frequency, Random random)
    {
        double at = from;
        while (at <= until)
        {
            // 1 - NextDouble is never 0, so the logarithm is finite.
            at += -Math.Log(1 - random.NextDouble()) / perSecond * frequency;
            yield return (long)at;
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (var at in Schedule(perSecond, from, until, clock.TimestampFrequency, random))
            {
                var end = Math.Min(at, until);
                var wait = clock.GetElapsedTime(clock.GetTimestamp(), end);
                if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, cancellation);
                if (at > until) return;
                _due.Writer.TryWrite(at);
            }
        }
        finally
        {
            _due.Writer.TryComplete();
        }
    }

    public async ValueTask<long?> NextAsync(CancellationToken cancellation)
    {
        while (await _due.Reader.WaitToReadAsync(cancellation))
        {
            if (!_due.Reader.TryRead(out var at)) continue;
            if (clock.GetTimestamp() < until) return at;
            Interlocked.Increment(ref _neverStarted);
        }

        return null;
    }
}
