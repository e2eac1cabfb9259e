using System.Net;

namespace ChainCheckout.Client;

/// <summary>
/// The connections of one process to its gateways. A till of its own makes one for itself; a scanner gateway hands
/// one pool to all its tills, and they share connections.
/// </summary>
public sealed class TillConnectionPool : IAsyncDisposable
{
    /// <summary>Many times as many as there will ever be gateways or addresses, and far from an overflow.</summary>
    private const int TurnMax = 1 << 30;

    private readonly Lock _gate = new();
    private readonly List<TillConnection> _live = [];
    private readonly IReadOnlyList<EndPoint> _endPoints;
    private readonly TillConnectionOptions _options;
    private readonly TimeProvider _clock;
    private Task<TillConnection>? _connecting;
    private TillConnection? _avoided;
    private int _turn;
    private bool _isClosed;

    /// <param name="endPoints">
    /// Gateways; one is picked by chance, and the next one after each failure. Behind a name there may be many: its addresses are asked
    /// for at each dial, and taken in turn likewise.
    /// </param>
    /// <param name="random">Need not be safe to share between threads: it is asked once, here.</param>
    public TillConnectionPool(
        IReadOnlyList<EndPoint> endPoints, TillConnectionOptions options, TimeProvider clock, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfZero(endPoints.Count);
        _endPoints = endPoints;
        _options = options;
        _clock = clock;
        _turn = random.Next(TurnMax);
    }

    /// <summary>A channel on a connection with room; one new connection at a time, for all who wait for it.</summary>
    /// <param name="preferred">Where the server asked the till to go; null: anywhere.</param>
    internal async Task<TillChannel> OpenAsync(IChannelSink sink, EndPoint? preferred, CancellationToken cancellation)
    {
        while (true)
        {
            Task<TillConnection> connecting;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                _live.RemoveAll(connection => connection.IsClosed);
                foreach (var connection in _live)
                {
                    var isWanted = preferred is null || preferred.Equals(connection.EndPoint);
                    if (isWanted && connection.TryOpen(sink, out var channel)) return channel;
                }

                if (_connecting is null or { IsCompleted: true }) _connecting = ConnectAsync(preferred);
                connecting = _connecting;
            }

            var fresh = await connecting.WaitAsync(cancellation);
            if (fresh.TryOpen(sink, out var opened)) return opened;
            if (fresh.IsRetired) throw new IOException("The server closed the connection at once.");
        }
    }

    /// <summary>A session on it broke, or was silent: who dials next tries another gateway first.</summary>
    internal void Avoid(TillConnection connection)
    {
        lock (_gate)
        {
            // All tills of a connection come to say so; it is one failure. Or others have moved on already.
            if (ReferenceEquals(_avoided, connection) || !_endPoints[_turn % _endPoints.Count].Equals(connection.EndPoint)) return;
            _avoided = connection;
            _turn++;
        }
    }

    public async ValueTask DisposeAsync()
    {
        TillConnection[] live;
        Task<TillConnection>? connecting;
        lock (_gate)
        {
            _isClosed = true;
            live = [.. _live];
            connecting = _connecting;
        }

        foreach (var connection in live) await connection.DisposeAsync();
        if (connecting is null) return;
        await connecting.ContinueWith(static _ => { }, TaskScheduler.Default);
        if (connecting.IsCompletedSuccessfully) await (await connecting).DisposeAsync();
    }

    private async Task<TillConnection> ConnectAsync(EndPoint? preferred)
    {
        try
        {
            var endPoint = preferred ?? _endPoints[_turn % _endPoints.Count];
            var connection = await TillConnection.ConnectAsync(endPoint, _options, _clock, _turn / _endPoints.Count);
            lock (_gate) _live.Add(connection);
            return connection;
        }
        catch
        {
            lock (_gate) _turn++;
            throw;
        }
    }
}
