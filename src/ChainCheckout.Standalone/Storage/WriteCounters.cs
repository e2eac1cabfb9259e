namespace ChainCheckout.Standalone.Storage;

/// <summary>What one batch did.</summary>
internal readonly record struct BatchSum(long Saves, long Bytes, long Settles, long Forgotten, long Conflicts);

/// <summary>What the writer did since it was opened. Written by its thread alone, read by anybody.</summary>
public sealed class WriteCounters
{
    private long _saves, _bytes, _settles, _forgotten, _conflicts, _batches, _failedBatches, _busyTicks, _longestTicks;

    public long Saves => Volatile.Read(ref _saves);

    /// <summary>State bytes of the saves.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public long Settles => Volatile.Read(ref _settles);

    public long Forgotten => Volatile.Read(ref _forgotten);

    public long Conflicts => Volatile.Read(ref _conflicts);

    /// <summary>Transactions that were committed.</summary>
    public long Batches => Volatile.Read(ref _batches);

    /// <summary>Transactions whose callers all got an exception.</summary>
    public long FailedBatches => Volatile.Read(ref _failedBatches);

    /// <summary>Time spent in committed transactions, the disk included.</summary>
    public TimeSpan Busy => TimeSpan.FromTicks(Volatile.Read(ref _busyTicks));

    /// <summary>The longest committed transaction.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Volatile.Read(ref _longestTicks));

    internal void Add(BatchSum sum, TimeSpan took)
    {
        Volatile.Write(ref _saves, _saves + sum.Saves);
        Volatile.Write(ref _bytes, _bytes + sum.Bytes);
        Volatile.Write(ref _settles, _settles + sum.Settles);
        Volatile.Write(ref _forgotten, _forgotten + sum.Forgotten);
        Volatile.Write(ref _conflicts, _conflicts + sum.Conflicts);
        Volatile.Write(ref _batches, _batches + 1);
        Volatile.Write(ref _busyTicks, _busyTicks + took.Ticks);
        Volatile.Write(ref _longestTicks, Math.Max(_longestTicks, took.Ticks));
    }

    internal void AddFailed() => Volatile.Write(ref _failedBatches, _failedBatches + 1);
}
