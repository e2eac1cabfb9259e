using ChainCheckout.Gateway.Admin;

namespace ChainCheckout.Gateway.Tills;

/// <summary>How a command ended that was answered for good.</summary>
internal enum CommandEnd
{
    Done = 1,

    /// <summary>Legal, and not possible now; the code tells the cashier why.</summary>
    Refused,

    /// <summary>Of an old session, or out of turn.</summary>
    NotApplied,

    Malformed,
}

/// <summary>Why a till was told to ask again.</summary>
internal enum BusyReason
{
    /// <summary>It had a command under way.</summary>
    OneAtATime = 1,

    /// <summary>The process had as much under way as it takes.</summary>
    Overload,

    /// <summary>The command's turn failed or took too long: perhaps it was applied.</summary>
    UnknownOutcome,
}

/// <summary>How a till's attempt to open a session ended.</summary>
internal enum HelloEnd
{
    Welcomed = 1,
    Refused,
    UnknownTill,
    WrongCredential,
    Failed,
}

/// <summary>What the tills of this gateway were answered since it started.</summary>
public sealed class TillMetrics(TillSessions sessions, Admission admission, TimeProvider clock) : IMetricsSource
{
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

    private readonly Tally<CommandEnd> _commands = new();
    private readonly Tally<BusyReason> _busy = new();
    private readonly Tally<HelloEnd> _hellos = new();
    private long _brokenFrames;
    private Action<double>? _observe;

    public void Register(MetricsBoard board)
    {
        board.Gauge("chaincheckout_till_connections", "Connections of tills and scanners now.", () => sessions.ConnectionCount);
        board.Gauge("chaincheckout_till_sessions", "Tills and scanners that are welcome now.", () => sessions.SessionCount);
        board.Gauge("chaincheckout_till_commands_under_way", "Commands whose turn is not over.", () => admission.UnderWay);
        board.Counter("chaincheckout_till_commands_total", "Commands answered for good, by outcome.", ["outcome"], _commands.Samples);
        board.Counter("chaincheckout_till_busy_total", "Commands told Busy, by reason; the till asks again.", ["reason"], _busy.Samples);
        board.Counter("chaincheckout_till_hellos_total", "Attempts to open a session, by result.", ["result"], _hellos.Samples);
        board.Counter("chaincheckout_till_broken_frames_total", "Connections closed because a frame was broken.", () => Volatile.Read(ref _brokenFrames));
        _observe = board.Histogram("chaincheckout_till_command_seconds", "From a command to its answer.", Seconds);
    }

    internal long Begin() => clock.GetTimestamp();

    internal void Answered(CommandEnd end, long begun)
    {
        _commands.Add(end);
        _observe?.Invoke(clock.GetElapsedTime(begun).TotalSeconds);
    }

    internal void Malformed() => _commands.Add(CommandEnd.Malformed);

    internal void Busy(BusyReason why) => _busy.Add(why);

    internal void Hello(HelloEnd end) => _hellos.Add(end);

    internal void FrameBroken() => Interlocked.Increment(ref _brokenFrames);
}
