using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Client;

/// <summary>Where the desk sends to while a session stands.</summary>
internal interface ICommandWire
{
    void Send(uint number, ReadOnlySpan<byte> canonical);

    /// <summary>A command has had no answer for too long: this session is of no use.</summary>
    void GiveUp();
}

/// <summary>
/// Numbers a till's commands and has one outstanding: it is sent under its number, over as many sessions as it takes,
/// until the server has answered it.
/// </summary>
internal sealed class CommandDesk : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly TimeProvider _clock;
    private readonly TimeSpan _answerTimeout;
    private readonly Jitter _jitter;
    private readonly ITimer _timer;
    private Outstanding? _outstanding;
    private ICommandWire? _wire;
    private Exception? _closed;
    private uint _lastAnswered;
    private long _due;
    private bool _isResend;

    public CommandDesk(TimeProvider clock, TimeSpan answerTimeout, Jitter jitter, uint lastAnswered)
    {
        _clock = clock;
        _answerTimeout = answerTimeout;
        _jitter = jitter;
        _lastAnswered = lastAnswered;
        _timer = clock.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The highest number known to be applied; what the next Hello says.</summary>
    public uint LastAnswered
    {
        get
        {
            lock (_gate) return _lastAnswered;
        }
    }

    /// <summary>
    /// A caller that stops waiting does not take its command back: it stays outstanding, and the next one waits for it.
    /// </summary>
    public async Task<TillReply> AskAsync(TillCommand command, CancellationToken cancellation)
    {
        var asked = new Outstanding(CommandCanonical.ToBytes(command), _clock.GetTimestamp());
        if (asked.Body.Length > CommandWriter.CanonicalBytesMax)
            throw new ArgumentException("The command does not fit in a frame.", nameof(command));

        await _turn.WaitAsync(cancellation);
        lock (_gate)
        {
            if (_closed is not null)
            {
                _turn.Release();
                throw _closed;
            }

            _outstanding = asked;
            if (_wire is not null) Send(asked);
        }

        return await asked.Ended.WaitAsync(cancellation);
    }

    /// <summary>A session stands. An outstanding command goes on if the server's numbers still have its place.</summary>
    public void Resume(ICommandWire wire, uint lastApplied)
    {
        lock (_gate)
        {
            _wire = wire;
            _lastAnswered = lastApplied;
            if (_outstanding is not { } asked) return;

            var isRepeat = asked.Number == lastApplied;
            if (asked.Number == 0 || isRepeat || asked.Number == lastApplied + 1) Send(asked);
            else End(new TillReply.Unknown(asked.Number, asked.AskedAt, _clock.GetTimestamp()));
        }
    }

    public void Suspend(ICommandWire wire)
    {
        lock (_gate)
        {
            if (_wire != wire) return;
            _wire = null;
            Disarm();
        }
    }

    public void Answer(ICommandWire wire, uint number, Reply reply, long receivedAt)
    {
        lock (_gate)
        {
            if (Find(wire, number) is not { } asked) return;
            _lastAnswered = number;
            End(new TillReply.Answered(number, asked.AskedAt, receivedAt, reply));
        }
    }

    /// <summary>The number was not consumed, so the next command takes the one that the server expects.</summary>
    public void Reject(ICommandWire wire, uint number, Error error, long receivedAt)
    {
        lock (_gate)
        {
            if (Find(wire, number) is not { } asked) return;
            if (error.LastApplied is { } lastApplied) _lastAnswered = lastApplied;
            End(new TillReply.Rejected(number, asked.AskedAt, receivedAt, error));
        }
    }

    public void Postpone(ICommandWire wire, uint number, TimeSpan retryAfter)
    {
        lock (_gate)
        {
            if (Find(wire, number) is not null) Arm(_jitter.After(retryAfter), isResend: true);
        }
    }

    public void Close(Exception why)
    {
        lock (_gate)
        {
            _closed = why;
            _wire = null;
            Disarm();
            var asked = _outstanding;
            _outstanding = null;
            if (asked is null) return;
            _turn.Release();
            asked.Fail(why);
        }
    }

    public void Dispose() => _timer.Dispose();

    private Outstanding? Find(ICommandWire wire, uint number) =>
        _wire == wire && _outstanding is { } asked && asked.Number == number ? asked : null;

    private void Send(Outstanding asked)
    {
        if (asked.Number == 0) asked.Number = _lastAnswered + 1;
        Arm(_answerTimeout, isResend: false);
        _wire!.Send(asked.Number, asked.Body);
    }

    private void End(TillReply reply)
    {
        var asked = _outstanding!;
        _outstanding = null;
        Disarm();
        _turn.Release();
        asked.End(reply);
    }

    private void Arm(TimeSpan delay, bool isResend)
    {
        _isResend = isResend;
        _due = _clock.GetTimestamp() + (long)(delay.TotalSeconds * _clock.TimestampFrequency);
        _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private void Disarm()
    {
        _due = long.MaxValue;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (_wire is null || _outstanding is not { } asked || _due == long.MaxValue) return;

            // A tick that was already on its way when the timer was set anew, or one a little early.
            var left = _clock.GetElapsedTime(_clock.GetTimestamp(), _due);
            if (left > TimeSpan.Zero) _timer.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            else if (_isResend) Send(asked);
            else _wire.GiveUp();
        }
    }

    private sealed class Outstanding(byte[] body, long askedAt)
    {
        private readonly TaskCompletionSource<TillReply> _ended =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public byte[] Body => body;

        public long AskedAt => askedAt;

        /// <summary>0 until it is first sent.</summary>
        public uint Number { get; set; }

        public Task<TillReply> Ended => _ended.Task;

        public void End(TillReply reply) => _ended.TrySetResult(reply);

        public void Fail(Exception why) => _ended.TrySetException(why);
    }
}
