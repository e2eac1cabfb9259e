namespace ChainCheckout.Simulator.Time;

/// <summary>
/// The time that the simulated Vipps lives in: the wall instant of its start, and from there on
/// <paramref name="factor"/> times as fast as the wall. Every limit, expiry, token life and retry follows it.
/// </summary>
/// <param name="wall">Real time; tests hand in one that they move by hand.</param>
/// <param name="factor">Simulated seconds in a real second, greater than 0.</param>
public sealed class SimulatedClock(TimeProvider wall, double factor)
{
    private readonly DateTimeOffset _start = wall.GetUtcNow();
    private readonly long _startTimestamp = wall.GetTimestamp();

    public TimeProvider Wall => wall;

    public double Factor => factor;

    /// <summary>The simulated instant. Never goes back, whatever the wall clock does.</summary>
    public DateTimeOffset Now => _start + (wall.GetElapsedTime(_startTimestamp) * factor);

    public DateTimeOffset WallNow => wall.GetUtcNow();

    /// <summary>How long a real clock runs while the simulated one runs <paramref name="simulated"/>.</summary>
    public TimeSpan Real(TimeSpan simulated) => simulated / factor;

    /// <summary>The same wait in whole real seconds, rounded up, at least 1: the form of a Retry-After.</summary>
    public int RealSeconds(TimeSpan simulated) => Math.Max(1, (int)Math.Ceiling(Real(simulated).TotalSeconds));
}
