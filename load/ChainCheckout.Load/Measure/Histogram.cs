using System.Numerics;

namespace ChainCheckout.Load.Measure;

/// <summary>
/// Latencies from 1 µs to an hour in buckets that are 1/64 of their value wide, so that a percentile is at most 1.6 %
/// off. Safe to record from many threads.
/// </summary>
public sealed class Histogram
{
    private const int SubBits = 6;
    private const int SubCount = 1 << SubBits;
    private const long MicrosMax = 3_600_000_000;

    private readonly long[] _counts = new long[IndexOf(MicrosMax) + 1];
    private long _total;
    private long _max;

    public long Count => Volatile.Read(ref _total);

    public double MaxMs => Volatile.Read(ref _max) / 1_000.0;

    public void Record(TimeSpan taken)
    {
        var micros = Math.Clamp((long)taken.TotalMicroseconds, 0, MicrosMax);
        Interlocked.Increment(ref _counts[IndexOf(micros)]);
        Interlocked.Increment(ref _total);
        var max = Volatile.Read(ref _max);
        while (micros > max)
        {
            var seen = Interlocked.CompareExchange(ref _max, micros, max);
            if (seen == max) break;
            max = seen;
        }
    }

    /// <summary>Milliseconds that the given share of the records did not exceed; 0 when there are none.</summary>
    /// <param name="share">Above 0, at most 1.</param>
    public double PercentileMs(double share)
    {
        var total = Count;
        if (total == 0) return 0;
        var wanted = Math.Max(1, (long)Math.Ceiling(share * total));
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += Volatile.Read(ref _counts[i]);
            if (seen >= wanted) return Math.Min(TopOf(i) / 1_000.0, MaxMs);
        }

        return MaxMs;
    }

    public LatencyMs ToLatency() => new(Rounded(PercentileMs(0.50)), Rounded(PercentileMs(0.99)), Rounded(MaxMs));

    // Below 128 each value has its own bucket; above, each doubling has 64.
    private static int IndexOf(long micros)
    {
        if (micros < SubCount * 2) return (int)micros;
        var shift = BitOperations.Log2((ulong)micros) - SubBits;
        return (shift * SubCount) + (int)(micros >> shift);
    }

    private static long TopOf(int index)
    {
        if (index < SubCount * 2) return index;
        var shift = (index / SubCount) - 1;
        var sub = (index % SubCount) + SubCount;
        return ((sub + 1L) << shift) - 1;
    }

    private static double Rounded(double ms) => Math.Round(ms, 2);
}

/// <summary>Milliseconds.</summary>
public sealed record LatencyMs(double P50, double P99, double Max);
