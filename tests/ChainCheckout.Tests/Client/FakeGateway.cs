using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Tests.Client;

/// <summary>What the fake does with a command that arrives.</summary>
public enum Act
{
    Answer,
    CutUnapplied,
    CutApplied,
    StaySilent,
    Busy,
    Malformed,
    Stale,
    Goodbye,
}

/// <summary>
/// A gateway by the book, in one file: numbers, stored replies, sessions, newest connection wins. A test scripts what
/// goes wrong, one <see cref="Act"/> a command.
/// </summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    public const string Secret = "YS1zaXh0ZWVuLWJ5dGUtaw==";

    private static readonly byte[] Key = TillProof.ReadSecret(Secret);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<(int Till, string Role), FakeTill> _tills = [];
    private readonly ConcurrentQueue<Task> _running = [];
    private int _connections;

    public FakeGateway()
    {
        _listener.Start();
        _running.Enqueue(AcceptAsync());
    }

    public EndPoint EndPoint => _listener.LocalEndpoint;

    public ConcurrentQueue<Act> Script { get; } = [];

    public ConcurrentQueue<Hello> Hellos { get; } = [];

    /// <summary>Every command frame that arrived: number and type.</summary>
    public ConcurrentQueue<(uint Number, string Type)> Arrived { get; } = [];

    public ConcurrentQueue<FakeChannel> Welcomed { get; } = [];

    public int Connections => _connections;

    public LimitsPayload Limits { get; set; } = new(65_536, 10, 30);

    /// <summary>The connection stands, but nothing comes over it any more, as after a pulled cable.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>Null: no TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    public string? RefuseHelloWith { get; set; }

    public Goodbye Farewell { get; set; } = new(GoodbyeReasons.Shutdown, 1);

    public FakeTill Till(int till = 1, string role = TillRoles.Pos) =>
        _tills.GetOrAdd((till, role), _ => new FakeTill());

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        while (_running.TryDequeue(out var task)) await task;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            socket.NoDelay = true;
            Interlocked.Increment(ref _connections);
            _running.Enqueue(ServeAsync(socket));
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        Stream plain = new NetworkStream(socket, ownsSocket: true);
        await using var stream = Certificate is null ? plain : new SslStream(plain);
        var output = PipeWriter.Create(stream);
        var channels = new Dictionary<ushort, FakeChannel>();
        try
        {
            if (stream is SslStream secure) await secure.AuthenticateAsServerAsync(Certificate!);
            await FrameLoop.RunAsync(
                PipeReader.Create(stream),
                (frame, _) => OnFrameAsync(channels, output, stream, frame),
                cancellation: _stop.Token);
        }
        catch (Exception broken) when (broken is OperationCanceledException or IOException or ObjectDisposedException or AuthenticationException)
        {
            Assert.NotNull(broken);
        }
    }

    private async ValueTask OnFrameAsync(
        Dictionary<ushort, FakeChannel> channels, PipeWriter output, Stream stream, Frame frame)
    {
        var header = frame.Header;
        if (IsDeaf) return;
        if (header.Type == FrameType.Ping)
        {
            FrameWriter.Write(output, header with { Type = FrameType.Pong }, []);
            await output.FlushAsync();
            return;
        }

        if (!channels.TryGetValue(header.Channel, out var channel))
            channels[header.Channel] = channel = new FakeChannel(header.Channel, output, stream);
        switch (header.Type)
        {
            case FrameType.Hello:
                Assert.True(PayloadReader.TryRead(frame.Payload, ProtocolJson.Default.Hello, out var hello));
                Hellos.Enqueue(hello);
                channel.Hello = hello;
                if (RefuseHelloWith is { } code) await channel.ErrorAsync(0, code);
                else await channel.ChallengeAsync();
                break;
            case FrameType.Proof:
                Assert.True(PayloadReader.TryRead(frame.Payload, ProtocolJson.Default.Proof, out var proof));
                await WelcomeAsync(channel, proof);
                break;
            case FrameType.Command:
                await OnCommandAsync(channel, header.Sequence, CommandReader.Read(frame.Payload));
                break;
            case FrameType.Bye:
                channels.Remove(header.Channel);
                break;
        }
    }

    private async Task WelcomeAsync(FakeChannel channel, Proof proof)
    {
        var hello = channel.Hello!;
        Assert.True(TillProof.Verify(
            Key, hello.Store, hello.Till, hello.Role, hello.Nonce, channel.Nonce, proof.Value));
        channel.Till = Till(hello.Till, hello.Role);
        channel.Session = channel.Till.Open(hello.LastEpoch);
        Welcomed.Enqueue(channel);
        var welcome = new Welcome(
            channel.Session, channel.Till.Epoch, channel.Till.LastApplied, channel.Till.View, Limits);
        await channel.SendAsync(FrameType.Welcome, welcome, ProtocolJson.Default.Welcome);
    }

    private async Task OnCommandAsync(FakeChannel channel, uint number, CommandReadResult read)
    {
        Assert.True(read.IsCommand, read.Fault?.ToString());
        Arrived.Enqueue((number, read.Command.Type));
        var act = Script.TryDequeue(out var scripted) ? scripted : Act.Answer;
        switch (act)
        {
            case Act.CutApplied:
                channel.Till!.Apply(number, read.Command);
                await channel.Stream.DisposeAsync();
                break;
            case Act.CutUnapplied:
                await channel.Stream.DisposeAsync();
                break;
            case Act.StaySilent:
                break;
            case Act.Busy:
                await channel.SendAsync(FrameType.Busy, new Busy(30), ProtocolJson.Default.Busy, number);
                break;
            case Act.Malformed:
                await channel.ErrorAsync(number, ErrorCodes.OutOfRange);
                break;
            case Act.Goodbye:
                await channel.SendAsync(FrameType.Goodbye, Farewell, ProtocolJson.Default.Goodbye);
                break;
            case Act.Answer when read.Session == channel.Till!.Session:
                var reply = channel.Till.Apply(number, read.Command);
                if (reply is null) await channel.ErrorAsync(number, ErrorCodes.SequenceGap);
                else await channel.SendAsync(FrameType.Reply, reply, ProtocolJson.Default.Reply, number);
                break;
            default:
                await channel.ErrorAsync(number, ErrorCodes.StaleSession);
                break;
        }
    }
}

/// <summary>What the server remembers of one (till, role).</summary>
internal sealed class FakeTill
{
    private Reply? _stored;

    public uint Session { get; private set; }

    public uint Epoch { get; private set; }

    public uint LastApplied { get; set; }

    public List<string> Applied { get; } = [];

    public ViewPayload View { get; set; } = FakeChannel.NewView(0, "idle");

    public uint Open(uint lastEpoch)
    {
        Epoch = Math.Max(Epoch, lastEpoch) + 1;
        return ++Session;
    }

    /// <summary>Null for a gap.</summary>
    public Reply? Apply(uint number, TillCommand command)
    {
        if (number == LastApplied) return _stored;
        if (number != LastApplied + 1) return null;
        LastApplied = number;
        Applied.Add(command.Type);
        return _stored = new Reply(ReplyStatus.Done, $"Done{number}", null, "");
    }
}

internal sealed class FakeChannel(ushort number, PipeWriter output, Stream stream)
{
    private readonly SemaphoreSlim _writing = new(1, 1);

    public ushort Number => number;

    public string Nonce { get; } = TillProof.NewNonce();

    public Stream Stream => stream;

    public PipeWriter Output => output;

    public Hello? Hello { get; set; }

    public FakeTill? Till { get; set; }

    public uint Session { get; set; }

    public static ViewPayload NewView(long version, string stage) => new(version, null, stage, "", "", "", []);

    public Task ShowAsync(long version, string stage) =>
        SendAsync(FrameType.View, NewView(version, stage), ProtocolJson.Default.ViewPayload);

    public Task ChallengeAsync() =>
        SendAsync(FrameType.Challenge, new Challenge(Nonce, 1), ProtocolJson.Default.Challenge);

    public Task ErrorAsync(uint sequence, string code)
    {
        var error = new Error(code, null, "No.", Till?.LastApplied);
        return SendAsync(FrameType.Error, error, ProtocolJson.Default.Error, sequence);
    }

    public async Task SendAsync<T>(FrameType type, T payload, JsonTypeInfo<T> json, uint sequence = 0)
    {
        await _writing.WaitAsync();
        try
        {
            FrameWriter.Write(output, new FrameHeader(type, number, sequence), payload, json);
            await output.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }
    }
}
