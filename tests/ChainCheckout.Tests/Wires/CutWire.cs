using System.Net;
using System.Net.Sockets;

namespace ChainCheckout.Tests.Wires;

/// <summary>Where a connection is cut: behind so many bytes of one direction. Null: it is whole.</summary>
internal sealed record Cut(bool IsTowardsServer, long After);

/// <summary>
/// The wire between one till and the gateway. Its first connection is cut at a chosen byte; those after it are whole.
/// A piece size makes every write that small.
/// </summary>
internal sealed class CutWire : IAsyncDisposable
{
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _gatewayPort;
    private readonly Cut? _cut;
    private readonly int _pieceBytes;
    private readonly Task _accepting;
    private readonly List<Task> _carrying = [];
    private int _connections;

    public CutWire(int gatewayPort, Cut? cut, int pieceBytes = int.MaxValue)
    {
        (_gatewayPort, _cut, _pieceBytes) = (gatewayPort, cut, pieceBytes);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public EndPoint EndPoint => _listener.LocalEndPoint!;

    public int Connections => Volatile.Read(ref _connections);

    public bool WasCut { get; private set; }

    /// <summary>Bytes that the first connection has carried towards the server, and towards the till.</summary>
    public (long ToServer, long ToTill) Carried { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_carrying);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var till = await _listener.AcceptAsync(_stop.Token);
                _carrying.Add(CarryAsync(till, Interlocked.Increment(ref _connections) == 1));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            Assert.True(_stop.IsCancellationRequested, "The wire ended by itself.");
        }
    }

    private async Task CarryAsync(Socket till, bool isFirst)
    {
        using var gateway = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (till)
        {
            till.NoDelay = gateway.NoDelay = true;
            await gateway.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _gatewayPort));
            await using var stopping = _stop.Token.Register(() => Hang(till, gateway, reset: false));
            var there = PumpAsync(till, gateway, isTowardsServer: true, isFirst);
            var back = PumpAsync(gateway, till, isTowardsServer: false, isFirst);
            await Task.WhenAny(there, back);
            Hang(till, gateway, reset: false);
            await Task.WhenAll(there, back);
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isTowardsServer, bool isFirst)
    {
        var limit = isFirst && _cut is { } cut && cut.IsTowardsServer == isTowardsServer ? cut.After : long.MaxValue;
        var buffer = new byte[4_096];
        long carried = 0;
        try
        {
            while (carried < limit)
            {
                var read = await from.ReceiveAsync(buffer);
                if (read == 0) return;
                var wanted = (int)Math.Min(read, limit - carried);
                for (var sent = 0; sent < wanted;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, Math.Min(_pieceBytes, wanted - sent)));
                carried += wanted;
                if (isFirst) Carried = isTowardsServer ? (carried, Carried.ToTill) : (Carried.ToServer, carried);
            }

            // Half of the cuts are a hang-up, half a reset: the other end hears of them differently.
            WasCut = true;
            Hang(from, to, reset: limit % 2 == 1);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // One of the two ends has hung up; so does the wire.
            Hang(from, to, reset: false);
        }
    }

    private static void Hang(Socket one, Socket other, bool reset)
    {
        foreach (var socket in (Socket[])[one, other])
        {
            if (reset) socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
    }
}
