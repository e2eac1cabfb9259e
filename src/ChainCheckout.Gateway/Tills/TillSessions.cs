using System.Collections.Concurrent;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Gateway.Tills;

/// <summary>Which (till, role) is on which connection of this gateway, so that views find their way. The newest connection wins.</summary>
public sealed partial class TillSessions(GatewayOptions options, TimeProvider clock, ILogger<TillSessions> log) : IWatchers
{
    private readonly ConcurrentDictionary<(string Till, TillRole Role), (TillConnection Connection, TillChannel Channel)> _open = new();
    private readonly ConcurrentDictionary<TillConnection, bool> _connections = new();
    private readonly Lock _opening = new();
    private volatile bool _isClosing;

    public int ConnectionCount => _connections.Count;

    public int SessionCount => _open.Count;

    public bool IsWatched(ActorId id) =>
        id.Kind == ActorKind.Till && (_open.ContainsKey((id.Key, TillRole.Pos)) || _open.ContainsKey((id.Key, TillRole.Scanner)));

    public void Push(ActorId id, object view)
    {
        if (_open.TryGetValue((id.Key, TillRole.Pos), out var pos)) pos.Channel.Show((TillView)view);
        if (_open.TryGetValue((id.Key, TillRole.Scanner), out var scanner)) scanner.Channel.Show((TillView)view);
    }

    /// <summary>Asks for newer views of unfinished sales, so that a lost last one is mended, and cuts silent connections.</summary>
    public async Task WatchAsync(IActors actors, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(options.Tills.Watch, clock);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            foreach (var connection in _connections.Keys) connection.CutIfSilent();
            foreach (var (_, channel) in _open.Values)
            {
                if (channel.WatchFrom(options.Tills.Watch) is { } seen) _ = AskAsync(actors, channel, seen);
            }
        }
    }

    /// <summary>
    /// Goodbye to all, with a while to come back in, so that they do not come at once. Nobody new is let in after it.
    /// </summary>
    public void SayGoodbye()
    {
        _isClosing = true;
        foreach (var connection in _connections.Keys) connection.SayGoodbye();
    }

    /// <summary>Actors may have moved: whoever has them now learns at the next watch which tills are shown here, idle ones too.</summary>
    public void Doubt()
    {
        foreach (var (_, channel) in _open.Values) channel.Doubt();
    }

    /// <summary>Another gateway has opened the till with a newer session.</summary>
    public void Replaced(ActorId till, TillRole role, uint session)
    {
        if (!_open.TryGetValue((till.Key, role), out var old) || old.Channel.Session >= session) return;
        if (Close(old.Connection, old.Channel)) old.Connection.Replaced(old.Channel);
    }

    internal bool TryAdd(TillConnection connection)
    {
        if (_connections.Count >= options.Tills.ConnectionsMax) return false;
        _connections.TryAdd(connection, true);
        if (!_isClosing) return true;
        Remove(connection);
        return false;
    }

    internal void Remove(TillConnection connection) => _connections.TryRemove(connection, out _);

    internal void Open(TillConnection connection, TillChannel channel)
    {
        var key = (channel.Actor.Key, channel.Role);
        (TillConnection Connection, TillChannel Channel)? replaced;
        lock (_opening)
        {
            replaced = _open.TryGetValue(key, out var other) ? other : null;

            // The till minted the sessions: two Hellos that end at once may come here in the other order.
            if (replaced is { } newer && newer.Channel.Session > channel.Session) replaced = (connection, channel);
            else _open[key] = (connection, channel);
        }

        if (replaced is { } old) old.Connection.Replaced(old.Channel);
    }

    /// <summary>False when a newer connection has the till by now.</summary>
    internal bool Close(TillConnection connection, TillChannel channel) =>
        _open.TryRemove(new KeyValuePair<(string, TillRole), (TillConnection, TillChannel)>((channel.Actor.Key, channel.Role), (connection, channel)));

    /// <summary>Also tells the till what its POS has seen.</summary>
    internal async Task AskAsync(IActors actors, TillChannel channel, long seen)
    {
        try
        {
            var asking = channel.Asking();
            var reply = await actors.SendAsync(channel.Till, new TillMessage.Watch(channel.Role, channel.Session, seen));
            if (reply is TillReply.Watched { Newer: { } newer }) channel.Show(newer);
            channel.Answered(asking);
        }
        catch (Exception failure)
        {
            LogWatchFailed(failure, channel.Actor.Key);
        }
    }

    [LoggerMessage(1001, LogLevel.Debug, "Till {Till} could not be asked for its view; it is asked again")]
    private partial void LogWatchFailed(Exception failure, string till);
}
