using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Gateway.Tills;

/// <summary>One welcomed (till, role) on one channel of one connection: what was shown last, and what is under way.</summary>
internal sealed class TillChannel(ushort channel, TillId till, TillRole role, uint session, FrameOutbound output, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private long _shown = -1;
    private long _promised = -1;
    private bool _unfinished;
    private bool _unconfirmed;
    private long _shownAt;
    private int _doubts;
    private int _answered;
    private int _commandsUnderWay;
    private int _unknownInARow;

    public ushort Channel => channel;

    public TillId Till => till;

    public TillRole Role => role;

    public uint Session => session;

    public ActorId Actor { get; } = ActorId.Of(till);

    /// <summary>One command outstanding per role is the protocol; another one meanwhile is told Busy.</summary>
    public bool TryBeginCommand() => Interlocked.CompareExchange(ref _commandsUnderWay, 1, 0) == 0;

    /// <summary>
    /// Milliseconds until the till asks again for a command whose outcome is unknown: a quarter of a second, and longer each time, to two
    /// seconds. Where a silo has just died each asking costs those that carry its share as much as a sale.
    /// </summary>
    public int UnknownAgainMs() => 250 << Math.Min(Interlocked.Increment(ref _unknownInARow) - 1, 3);

    /// <summary>An outcome was known again.</summary>
    public void Known() => Volatile.Write(ref _unknownInARow, 0);

    public void EndCommand() => Volatile.Write(ref _commandsUnderWay, 0);

    public void Welcome(TillReply.Welcome welcome, LimitsPayload limits)
    {
        var payload = new Welcome(welcome.Session, welcome.Epoch, welcome.LastApplied, welcome.View.ToWire(), limits);
        lock (_gate)
        {
            Remember(welcome.View);
            output.Write(new FrameHeader(FrameType.Welcome, channel), payload, ProtocolJson.Default.Welcome);
        }
    }

    /// <summary>
    /// Views may overtake each other on their way here, and replies overtake views: an older one is shown neither after a newer, nor after
    /// a reply to a command that it does not know of.
    /// </summary>
    public void Show(TillView view)
    {
        lock (_gate)
        {
            if (view.Version <= _shown || view.Version < _promised) return;
            Remember(view);
            output.Write(new FrameHeader(FrameType.View, channel), view.ToWire(), ProtocolJson.Default.ViewPayload);
        }
    }

    public void Reply(uint number, TillAnswer answer)
    {
        lock (_gate) _promised = Math.Max(_promised, answer.View);
        output.Write(new FrameHeader(FrameType.Reply, channel, number), answer.ToWire(), ProtocolJson.Default.Reply);
    }

    /// <summary>Whoever has the till's actor may no longer know that it is shown here: it is asked until it has answered.</summary>
    public void Doubt()
    {
        lock (_gate) _doubts++;
    }

    /// <returns>What to give to <see cref="Answered"/>.</returns>
    public int Asking()
    {
        lock (_gate) return _doubts;
    }

    /// <summary>The actor has answered, and knows this gateway; of doubts since it was asked it cannot tell.</summary>
    public void Answered(int asking)
    {
        lock (_gate) _answered = Math.Max(_answered, asking);
    }

    /// <summary>
    /// The version to watch from, when the view has been unfinished for a while, or a promised one has not come, or there is doubt; null
    /// where nothing is to be asked.
    /// </summary>
    public long? WatchFrom(TimeSpan every)
    {
        lock (_gate)
        {
            var isLate = (_unfinished || _shown < _promised) && clock.GetElapsedTime(_shownAt) >= every;
            return isLate || _answered < _doubts ? _shown : null;
        }
    }

    /// <summary>The till has spoken since its last view left: that view has arrived. Told once.</summary>
    public long? TakeConfirmed()
    {
        lock (_gate)
        {
            if (!_unconfirmed) return null;
            _unconfirmed = false;
            return _shown;
        }
    }

    private void Remember(TillView view)
    {
        _shown = view.Version;
        _unfinished = view.IsUnfinished();
        _unconfirmed = view.Stage == "paid" && role == TillRole.Pos;
        _shownAt = clock.GetTimestamp();
    }
}
