using System.Net;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Client;

/// <summary>
/// A till of the chain: keeps itself connected, carries each command through to its answer, and knows the newest view.
/// </summary>
public sealed class Till : IAsyncDisposable
{
    private readonly TillIdentity _identity;
    private readonly byte[] _secret;
    private readonly TillOptions _options;
    private readonly TillConnectionPool _pool;
    private readonly bool _ownsPool;
    private readonly TimeProvider _clock;
    private readonly Jitter _jitter;
    private readonly ViewBoard _views = new();
    private readonly CommandDesk _desk;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _running;
    private EndPoint? _preferred;
    private uint _epoch;

    /// <summary>A till with a connection of its own.</summary>
    /// <param name="random">For jitter; may be shared by tills made on one thread, each takes its seed from it.</param>
    /// <exception cref="FormatException">The secret is not base64 of at least 16 bytes.</exception>
    public Till(
        TillIdentity identity,
        IReadOnlyList<EndPoint> endPoints,
        TillOptions options,
        TimeProvider clock,
        Random random)
        : this(
            identity,
            new TillConnectionPool(endPoints, new TillConnectionOptions(), clock, random),
            options,
            clock,
            random)
    {
        _ownsPool = true;
    }

    /// <summary>A till that shares the connections of a pool, which outlives it.</summary>
    public Till(TillIdentity identity, TillConnectionPool pool, TillOptions options, TimeProvider clock, Random random)
    {
        _identity = identity;
        _secret = identity.SecretBytes();
        _options = options;
        _pool = pool;
        _clock = clock;
        _epoch = options.LastEpoch;
        _jitter = new Jitter(new Random(random.Next()));
        _desk = new CommandDesk(clock, options.AnswerTimeout, _jitter, options.LastAnswered);
    }

    public TillIdentity Identity => _identity;

    /// <summary>The newest view, also while disconnected; null before the first Welcome.</summary>
    public ViewPayload? View => _views.Current;

    /// <summary>To be kept over a restart, as is <see cref="LastAnswered"/>.</summary>
    public uint Epoch => Volatile.Read(ref _epoch);

    public uint LastAnswered => _desk.LastAnswered;

    /// <summary>Connects, and stays connected until disposed. Completes at the first Welcome.</summary>
    /// <exception cref="TillRefusedException">The server will never have this till; it has stopped trying.</exception>
    public Task StartAsync(CancellationToken cancellation = default)
    {
        _running ??= RunAsync();
        return _started.Task.WaitAsync(cancellation);
    }

    /// <summary>
    /// Completes when the server has answered, however often the connection breaks meanwhile. Commands go one at a
    /// time, in the order of the calls. Cancelling stops the wait, not the command.
    /// </summary>
    public Task<TillReply> SendAsync(TillCommand command, CancellationToken cancellation = default) =>
        _desk.AskAsync(command, cancellation);

    /// <summary>
    /// The first view that is wanted, the present one and each later one included; waits from the moment of the call,
    /// so ask before sending what should bring it about. <paramref name="isWanted"/> must be quick.
    /// </summary>
    public Task<ViewPayload> WhenAsync(Func<ViewPayload, bool> isWanted, CancellationToken cancellation = default) =>
        _views.WhenAsync(isWanted, cancellation);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_running is not null) await _running;
        Close(new ObjectDisposedException(nameof(Till)));
        _desk.Dispose();
        if (_ownsPool) await _pool.DisposeAsync();
        _stop.Dispose();
    }

    internal void OnWelcome(Welcome welcome)
    {
        Volatile.Write(ref _epoch, welcome.Epoch);
        _started.TrySetResult();
    }

    private async Task RunAsync()
    {
        try
        {
            await StayConnectedAsync();
        }
        catch (Exception fault)
        {
            // An observer that throws: whoever waits on this till is told, instead of waiting for ever.
            Close(fault);
        }
    }

    private async Task StayConnectedAsync()
    {
        var failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            var begun = _clock.GetTimestamp();
            var end = await RunSessionAsync();
            _options.Observer?.OnDisconnected(this, end);
            if (end is SessionEnd.Refused { Error: var error } && IsHopeless(error) && !_started.Task.IsCompleted)
            {
                Close(new TillRefusedException(error));
                return;
            }

            // Only a session that lasted shows that the trouble is over.
            failures = _clock.GetElapsedTime(begun) > _options.BackoffMax ? 0 : failures + 1;
            await WaitAsync(DelayAfter(end, failures - 1));
        }
    }

    private async Task<SessionEnd> RunSessionAsync()
    {
        var session = new TillSession(this, _identity, _secret, _desk, _views, _options);
        var preferred = _preferred;
        _preferred = null;
        TillChannel channel;
        try
        {
            channel = await _pool.OpenAsync(session, preferred, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return new SessionEnd.Stopped();
        }
        catch (Exception failure)
        {
            return new SessionEnd.Cut(failure);
        }

        await using var stopping = _stop.Token.Register(() => session.End(new SessionEnd.Stopped()));
        session.Begin(channel, Epoch);
        using var timeout = new CancellationTokenSource(_options.HandshakeTimeout, _clock);
        await using (timeout.Token.Register(session.GiveUp)) await session.Settled;

        var end = await session.Ended;
        _desk.Suspend(session);
        Leave(channel, end);
        return end;
    }

    private void Leave(TillChannel channel, SessionEnd end)
    {
        if (end is SessionEnd.Dismissed { Goodbye: var goodbye })
        {
            _preferred = TryParse(goodbye.ReconnectTo);

            // Neither is about the connection: its other tills, and this one when it comes again, go on with it.
            if (goodbye.Reason is not (GoodbyeReasons.Replaced or GoodbyeReasons.Overload)) channel.Connection.Retire();
        }

        // Where an answer was due and none came, or no more tills are taken, the next try goes over another connection.
        if (end is SessionEnd.Silence or SessionEnd.Refused { Error.Code: ErrorCodes.TooManyChannels })
            channel.Connection.Retire();

        // A gateway that stands still is dialled as if nothing were wrong: only what came of the session tells.
        if (end is SessionEnd.Silence or SessionEnd.Cut) _pool.Avoid(channel.Connection);
        channel.Close();
    }

    private TimeSpan DelayAfter(SessionEnd end, int failures) => end switch
    {
        SessionEnd.Stopped => TimeSpan.Zero,

        // Another process says that it is this till. Both would throw each other out as fast as they can dial.
        SessionEnd.Dismissed { Goodbye.Reason: GoodbyeReasons.Replaced } => _jitter.After(_options.BackoffMax),
        SessionEnd.Dismissed d => _jitter.After(TimeSpan.FromMilliseconds(Math.Max(0, d.Goodbye.ReconnectAfterMs))),
        SessionEnd.Refused { Error: var error } when IsHopeless(error) => _jitter.After(_options.BackoffMax),
        _ => _jitter.Backoff(_options.BackoffMin, _options.BackoffMax, Math.Max(0, failures)),
    };

    private async Task WaitAsync(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, _clock, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private void Close(Exception why)
    {
        _desk.Close(why);
        _views.Close(why);
        _started.TrySetException(why);
    }

    private static bool IsHopeless(Error error) =>
        error.Code is ErrorCodes.UnknownTill or ErrorCodes.WrongCredential or ErrorCodes.VersionNotSupported;

    private static EndPoint? TryParse(string? hostAndPort)
    {
        if (hostAndPort is null) return null;
        if (IPEndPoint.TryParse(hostAndPort, out var numeric) && numeric.Port > 0) return numeric;
        var colon = hostAndPort.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(hostAndPort.AsSpan(colon + 1), out var port) && port > 0
            ? new DnsEndPoint(hostAndPort[..colon], port)
            : null;
    }
}
