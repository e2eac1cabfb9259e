namespace ChainCheckout.Load.Fleets;

/// <summary>
/// Turns timestamps into instants by one anchor, so that the lines of a run keep their order and distances whatever the
/// wall clock does meanwhile.
/// </summary>
public sealed class Timeline(TimeProvider clock)
{
    private readonly DateTimeOffset _anchor = clock.GetUtcNow();
    private readonly long _timestamp = clock.GetTimestamp();

    public TimeProvider Clock => clock;

    public long Now => clock.GetTimestamp();

    public DateTimeOffset At(long timestamp) => _anchor + clock.GetElapsedTime(_timestamp, timestamp);
}
