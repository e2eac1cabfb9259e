namespace ChainCheckout.Tests.Vipps.Support;

/// <summary>
/// The real clock, moved ahead by hand: timers run as ever, and what compares two readings sees the jump.
/// </summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _aheadTicks;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _aheadTicks, by.Ticks);

    private TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks));
}
