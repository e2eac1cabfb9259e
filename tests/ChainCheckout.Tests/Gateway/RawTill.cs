using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Tests.EndToEnd;
using ChainCheckout.Tests.Protocol;

namespace ChainCheckout.Tests.Gateway;

/// <summary>One frame as it came.</summary>
internal sealed record Received(FrameHeader Header, string Json)
{
    public JsonNode Body => JsonNode.Parse(Json)!;

    public string? this[string field] => Body[field]?.ToString();
}

/// <summary>A peer that says what it likes, byte for byte, and reads whole frames.</summary>
internal sealed class RawTill : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly PipeReader _input;
    private readonly List<byte[]> _sent = [];

    private RawTill(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket);
        _input = PipeReader.Create(_stream);
    }

    public uint Session { get; private set; }

    /// <summary>Where numbering stands: of the last Welcome or Reply.</summary>
    public uint LastApplied { get; private set; }

    /// <summary>All frames sent, as an eavesdropper has them.</summary>
    public IReadOnlyList<byte[]> Sent => _sent;

    public static async Task<RawTill> ConnectAsync(Shop shop, int? receiveBuffer = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } bytes) socket.ReceiveBufferSize = bytes;
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, shop.TillPort));
        return new RawTill(socket);
    }

    /// <summary>A connection on which the till is welcome on channel 1.</summary>
    public static async Task<RawTill> WelcomeAsync(Shop shop, int till, string role = TillRoles.Pos, uint lastEpoch = 0, uint lastAnswered = 0)
    {
        var raw = await ConnectAsync(shop);
        var answer = await raw.ShakeAsync(till, shop.SecretOf(till, role), role, lastEpoch: lastEpoch, lastAnswered: lastAnswered);
        Assert.Equal(FrameType.Welcome, answer.Header.Type);
        return raw;
    }

    /// <summary>Hello, Challenge, Proof: what the server says at the end, or where it ends.</summary>
    public async Task<Received> ShakeAsync(
        int till, string secret, string role = TillRoles.Pos, ushort channel = 1, int store = 1, uint lastEpoch = 0, uint lastAnswered = 0)
    {
        var nonce = TillProof.NewNonce();
        await SendAsync(FrameType.Hello, channel, 0, HelloOf(store, till, role, nonce, lastEpoch, lastAnswered));
        var challenge = await NextAsync(channel);
        if (challenge.Header.Type != FrameType.Challenge) return challenge;

        var proof = TillProof.Compute(TillProof.ReadSecret(secret), store, till, role, nonce, challenge["nonce"]!);
        await SendAsync(FrameType.Proof, channel, 0, $$"""{"proof":"{{proof}}"}""");
        var answer = await NextAsync(channel);
        if (answer.Header.Type == FrameType.Welcome)
            (Session, LastApplied) = ((uint)answer.Body["session"]!, (uint)answer.Body["lastApplied"]!);
        return answer;
    }

    /// <summary>The number that the next command has.</summary>
    public uint Next() => LastApplied + 1;

    public static string HelloOf(int store, int till, string role, string nonce, uint lastEpoch = 0, uint lastAnswered = 0) =>
        $$"""{"store":{{store}},"till":{{till}},"role":"{{role}}","versions":[1],"lastEpoch":{{lastEpoch}},"lastAnswered":{{lastAnswered}},"nonce":"{{nonce}}"}""";

    /// <param name="fields">Of the command, without the session.</param>
    public async Task<Received> CommandAsync(uint number, string fields, uint? session = null, ushort channel = 1)
    {
        await SendAsync(FrameType.Command, channel, number, $$"""{"session":{{session ?? Session}},{{fields.Trim()}}}""");
        var answer = await NextAsync(channel);
        if (answer.Header.Type == FrameType.Reply) LastApplied = answer.Header.Sequence;
        return answer;
    }

    public Task SendAsync(FrameType type, ushort channel, uint sequence, string json) =>
        SendBytesAsync(FrameBytes.Of(type, channel, sequence, Encoding.UTF8.GetBytes(json)));

    public async Task SendBytesAsync(byte[] bytes)
    {
        _sent.Add(bytes);
        await _stream.WriteAsync(bytes);
    }

    /// <summary>Sends what no eavesdropper needs: a flood would be kept whole.</summary>
    public async Task SendUnheardAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Takes the numbering from replies that were read frame by frame.</summary>
    public void Heard(IEnumerable<Received> frames)
    {
        foreach (var frame in frames.Where(frame => frame.Header.Type == FrameType.Reply)) LastApplied = Math.Max(LastApplied, frame.Header.Sequence);
    }

    /// <summary>The next frame for this channel or the connection that is not a view.</summary>
    public async Task<Received> NextAsync(ushort channel = 1)
    {
        while (true)
        {
            var frame = await AnyAsync() ?? throw new InvalidOperationException("The server hung up.");
            if (frame.Header.Type != FrameType.View && (frame.Header.Channel == channel || frame.Header.Channel == 0)) return frame;
        }
    }

    /// <summary>The next frame; null when the server has hung up or cut the connection.</summary>
    public async Task<Received?> AnyAsync(TimeSpan? patience = null)
    {
        using var limit = new CancellationTokenSource(patience ?? Patience);
        while (true)
        {
            ReadResult read;
            try
            {
                read = await _input.ReadAsync(limit.Token);
            }
            catch (IOException)
            {
                return null;
            }

            var buffer = read.Buffer;
            if (FrameReader.TryRead(ref buffer, out var frame, out _) == ReadStatus.Frame)
            {
                var received = new Received(frame.Header, Encoding.UTF8.GetString(frame.Payload.ToArray()));
                _input.AdvanceTo(buffer.Start);
                return received;
            }

            _input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted) return null;
        }
    }

    /// <summary>Whether the server ends the connection in this time; what it still says is let go by.</summary>
    public async Task<bool> IsCutAsync(TimeSpan within)
    {
        try
        {
            while (await AnyAsync(within) is not null)
            {
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _input.CompleteAsync();
        await _stream.DisposeAsync();
        _socket.Dispose();
    }
}
