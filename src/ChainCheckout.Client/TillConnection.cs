using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Client;

/// <summary>One TCP connection to a gateway, shared by the channels of one or many tills.</summary>
public sealed class TillConnection : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, TillChannel> _channels = [];
    private readonly Stream _stream;
    private readonly TillConnectionOptions _options;
    private readonly TimeProvider _clock;
    private readonly ITimer _heartbeat;
    private readonly Task _running;
    private TimeSpan _idle;
    private long _lastReceived;
    private ushort _lastChannel;
    private uint _pings;
    private bool _isRetired;
    private Exception? _failure;

    private TillConnection(EndPoint endPoint, Stream stream, TillConnectionOptions options, TimeProvider clock)
    {
        EndPoint = endPoint;
        _stream = stream;
        _options = options;
        _clock = clock;
        _idle = options.Idle;
        _lastReceived = clock.GetTimestamp();
        Outbound = new FrameOutbound(stream, options.OutboundBytesMax, Abort);
        _heartbeat = clock.CreateTimer(_ => Beat(), null, options.Heartbeat, options.Heartbeat);
        _running = RunAsync();
    }

    public EndPoint EndPoint { get; }

    public bool IsClosed => _running.IsCompleted;

    internal bool IsRetired
    {
        get
        {
            lock (_gate) return _isRetired;
        }
    }

    internal FrameOutbound Outbound { get; }

    /// <param name="turn">
    /// Which of a name's addresses is dialled first, counted round; the others follow if it does not answer. A resolver puts the
    /// nearest first, every time: all tills of a chain would come to one gateway.
    /// </param>
    public static async Task<TillConnection> ConnectAsync(
        EndPoint endPoint, TillConnectionOptions options, TimeProvider clock, int turn = 0, CancellationToken cancellation = default)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        var stream = await DialAsync(endPoint, turn, either.Token);
        try
        {
            if (options.Tls is { } tls) stream = await SecureAsync(stream, tls, either.Token);
            return new TillConnection(endPoint, stream, options, clock);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes no further till, and closes when the last one has left.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            _isRetired = true;
            if (_channels.Count > 0) return;
        }

        Abort(null);
    }

    public async ValueTask DisposeAsync()
    {
        Abort(null);
        await _running;
    }

    internal bool TryOpen(IChannelSink sink, [NotNullWhen(true)] out TillChannel? channel)
    {
        lock (_gate)
        {
            channel = null;
            if (_isRetired || _channels.Count >= _options.ChannelsMax) return false;

            // Numbers go round before they come again, so that a late frame to an old channel finds nobody.
            do _lastChannel++;
            while (_lastChannel == 0 || _channels.ContainsKey(_lastChannel));
            channel = new TillChannel(this, _lastChannel, sink);
            _channels.Add(_lastChannel, channel);
            return true;
        }
    }

    internal void Release(TillChannel channel)
    {
        lock (_gate)
        {
            _channels.Remove(channel.Number);
            if (!_isRetired || _channels.Count > 0) return;
        }

        Abort(null);
    }

    /// <summary>The server's own heartbeat and idle time replace ours.</summary>
    internal void Tune(LimitsPayload limits)
    {
        _idle = TimeSpan.FromSeconds(Math.Max(1, limits.IdleSeconds));
        var beat = TimeSpan.FromSeconds(Math.Max(1, limits.HeartbeatSeconds));
        _heartbeat.Change(beat, beat);
    }

    private async Task RunAsync()
    {
        var input = PipeReader.Create(_stream);
        Exception? failure = null;
        try
        {
            await FrameLoop.RunAsync(input, (frame, _) =>
            {
                OnFrame(frame);
                return ValueTask.CompletedTask;
            });
        }
        catch (Exception broken)
        {
            failure = broken;
        }

        Abort(failure);
        await _heartbeat.DisposeAsync();
        await input.CompleteAsync();
        foreach (var channel in Channels()) channel.Sink.OnCut(_failure);
    }

    private void OnFrame(Frame frame)
    {
        _lastReceived = _clock.GetTimestamp();
        if (frame.Header.Channel == 0)
        {
            // What is said to the connection is said to every till on it.
            if (frame.Header.Type == FrameType.Pong) return;
            foreach (var each in Channels()) each.Sink.OnFrame(frame, _lastReceived);
            return;
        }

        TillChannel? channel;
        lock (_gate) channel = _channels.GetValueOrDefault(frame.Header.Channel);
        channel?.Sink.OnFrame(frame, _lastReceived);
    }

    private void Beat()
    {
        var silence = _clock.GetElapsedTime(_lastReceived);
        if (silence > _idle) Abort(new IOException("The server has been silent for too long."));
        else Outbound.Write(new FrameHeader(FrameType.Ping, channel: 0, ++_pings));
    }

    private void Abort(Exception? failure)
    {
        lock (_gate)
        {
            _isRetired = true;
            _failure ??= failure;
        }

        _stream.Dispose();
    }

    private TillChannel[] Channels()
    {
        lock (_gate) return [.. _channels.Values];
    }

    private static async Task<Stream> DialAsync(EndPoint endPoint, int turn, CancellationToken cancellation)
    {
        if (endPoint is not DnsEndPoint named) return await DialAsync(endPoint, cancellation);
        var known = await Dns.GetHostAddressesAsync(named.Host, named.AddressFamily, cancellation);
        var addresses = known.OrderBy(address => address.ToString(), StringComparer.Ordinal).ToArray();
        for (var at = 0; ; at++)
        {
            try
            {
                return await DialAsync(new IPEndPoint(addresses[(turn + at) % addresses.Length], named.Port), cancellation);
            }
            catch (SocketException) when (at + 1 < addresses.Length)
            {
                // Of many gateways behind one name some may be away.
            }
        }
    }

    private static async Task<Stream> DialAsync(EndPoint endPoint, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> SecureAsync(
        Stream plain, SslClientAuthenticationOptions tls, CancellationToken cancellation)
    {
        var secure = new SslStream(plain);
        await secure.AuthenticateAsClientAsync(tls, cancellation);
        return secure;
    }
}
