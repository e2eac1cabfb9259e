using System.Collections.Concurrent;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Gateway.Tills;
using Orleans.Concurrency;

namespace ChainCheckout.Cluster.Views;

/// <summary>A gateway, as the grain of a till sees it. What does not arrive is mended by the gateway's next question.</summary>
[Alias("chaincheckout.views")]
public interface IViewObserver : IGrainObserver
{
    /// <param name="till">The key of the till's actor.</param>
    [Alias("show")]
    [OneWay]
    ValueTask ShowAsync(string till, TillView view);

    /// <summary>A role of the till has a newer session at another gateway.</summary>
    [Alias("replaced")]
    [OneWay]
    ValueTask ReplacedAsync(string till, bool isScanner, uint session);
}

/// <summary>This process as a gateway: shows what grains anywhere have to show to its tills.</summary>
public sealed class GatewayViews(IGrainFactory grains, TillSessions sessions) : IViewObserver
{
    private IViewObserver? _self;

    /// <summary>What grains are told to find this process by; null before <see cref="Open"/>.</summary>
    public IViewObserver? Self => Volatile.Read(ref _self);

    /// <summary>Once the process has joined the cluster.</summary>
    public void Open() => Volatile.Write(ref _self, grains.CreateObjectReference<IViewObserver>(this));

    public ValueTask ShowAsync(string till, TillView view)
    {
        sessions.Push(new ActorId(ActorKind.Till, till), view);
        return default;
    }

    public ValueTask ReplacedAsync(string till, bool isScanner, uint session)
    {
        sessions.Replaced(new ActorId(ActorKind.Till, till), isScanner ? TillRole.Scanner : TillRole.Pos, session);
        return default;
    }
}

/// <summary>Which gateway watches which till of this silo, a role each: the one with the newest session.</summary>
public sealed class GrainViews(GatewayViews own) : IWatchers
{
    private readonly ConcurrentDictionary<ActorId, Watch> _watches = new();

    /// <summary>The till has been spoken to through this gateway.</summary>
    public void Heard(ActorId till, TillMessage message, IViewObserver gateway)
    {
        switch (message)
        {
            case TillMessage.Command command:
                Come(till, command.Role, new Place(gateway, command.Session));
                break;
            case TillMessage.Watch watch:
                Come(till, watch.Role, new Place(gateway, watch.Session));
                break;
            case TillMessage.Gone gone:
                Leave(till, gone.Role, gone.Session);
                break;
        }
    }

    /// <summary>The till has minted this session for somebody at this gateway.</summary>
    public void Welcomed(ActorId till, TillRole role, uint session, IViewObserver gateway) => Come(till, role, new Place(gateway, session));

    public void Forget(ActorId till) => _watches.TryRemove(till, out _);

    public bool IsWatched(ActorId id) => _watches.ContainsKey(id);

    public void Push(ActorId id, object view)
    {
        if (!_watches.TryGetValue(id, out var watch)) return;
        var (pos, scanner) = (watch.Pos?.Gateway, watch.Scanner?.Gateway);
        if (pos is not null) Tell(pos, gateway => gateway.ShowAsync(id.Key, (TillView)view));
        if (scanner is not null && !scanner.Equals(pos)) Tell(scanner, gateway => gateway.ShowAsync(id.Key, (TillView)view));
    }

    private void Come(ActorId till, TillRole role, Place place)
    {
        while (true)
        {
            var known = _watches.GetOrAdd(till, new Watch(null, null));
            var before = known.Of(role);
            if (before == place || before?.Session > place.Session) return;
            if (!_watches.TryUpdate(till, known.With(role, place), known)) continue;
            if (before is { } old && !old.Gateway.Equals(place.Gateway))
                Tell(old.Gateway, gateway => gateway.ReplacedAsync(till.Key, role == TillRole.Scanner, place.Session));
            return;
        }
    }

    private void Leave(ActorId till, TillRole role, uint session)
    {
        while (_watches.TryGetValue(till, out var known) && known.Of(role)?.Session == session)
        {
            if (_watches.TryUpdate(till, known.With(role, null), known)) return;
        }
    }

    private void Tell(IViewObserver gateway, Func<IViewObserver, ValueTask> tell) =>
        _ = TellAsync(gateway.Equals(own.Self) ? own : gateway, tell);

    private static async Task TellAsync(IViewObserver gateway, Func<IViewObserver, ValueTask> tell)
    {
        try
        {
            await tell(gateway);
        }
        catch (Exception)
        {
            // A gateway that is gone: whoever has the till now asks for the view.
            return;
        }
    }

    private sealed record Place(IViewObserver Gateway, uint Session);

    private sealed record Watch(Place? Pos, Place? Scanner)
    {
        public Place? Of(TillRole role) => role == TillRole.Pos ? Pos : Scanner;

        public Watch With(TillRole role, Place? place) => role == TillRole.Pos ? this with { Pos = place } : this with { Scanner = place };
    }
}
