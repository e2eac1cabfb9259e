using ChainCheckout.Simulation.Time;
using ChainCheckout.Simulation.Vipps;

namespace ChainCheckout.Simulation.Hosting;

/// <summary>What a machine does with any activation, whatever its messages are.</summary>
internal interface IActivationSlot
{
    ActorId Id { get; }

    void Wake(bool stored, Action done, Action<Exception> failed);

    void Retire(TimeSpan? idleFor);
}

/// <summary>
/// One machine of the chain, from its start until it loses power. What it waits for when it dies never comes; what it does
/// while it is frozen happens when it thaws.
/// </summary>
internal sealed class Node
{
    private readonly World _world;
    private readonly Dictionary<ActorId, IActivationSlot> _live = [];
    private readonly List<IActivationSlot> _order = [];

    public Node(World world, int number)
    {
        _world = world;
        Number = number;
        Clock = new NodeClock(world.Schedule, After);
        Actors = new NodeActors(world, this);
        Vipps = new VippsPort(world, this);
        Ports = new ShellPorts(
            new StoragePort(world, this), world.Bugs.Codec(world.Codec), new WatchedOperations(world, this), new NodeWatchers(world, this),
            new NodeLog(world), Clock, () => (long)(world.Chance.Next() >> 1));
    }

    public int Number { get; }

    public bool IsUp { get; private set; } = true;

    public DateTimeOffset FrozenUntil { get; private set; }

    public bool IsFrozen => FrozenUntil > _world.Schedule.Now;

    /// <summary>Others took over what lived here while it was frozen: what it still believes may be old.</summary>
    public bool WasZombie { get; private set; }

    public NodeClock Clock { get; }

    public NodeActors Actors { get; }

    public VippsPort Vipps { get; }

    public ShellPorts Ports { get; }

    public IReadOnlyList<IActivationSlot> Live => _order;

    public static Task<T> Never<T>() => new TaskCompletionSource<T>().Task;

    /// <summary>Something that this machine does: not at all when it has died, later when it is frozen.</summary>
    public Happening After(TimeSpan delay, Action act) => _world.Schedule.After(delay, () => Do(act));

    public void Die()
    {
        IsUp = false;
        _live.Clear();
        _order.Clear();
    }

    public void Freeze(TimeSpan most)
    {
        FrozenUntil = _world.Schedule.Now + most;
        WasZombie = true;
    }

    public void Thaw() => FrozenUntil = default;

    public IActivationSlot? Find(ActorId id) => _live.GetValueOrDefault(id);

    public void Add(IActivationSlot slot)
    {
        _live.Add(slot.Id, slot);
        _order.Add(slot);
    }

    public void Remove(IActivationSlot slot)
    {
        if (_live.GetValueOrDefault(slot.Id) != slot) return;
        _live.Remove(slot.Id);
        _order.Remove(slot);
        _world.Whereabouts.Release(slot.Id, this);
    }

    /// <summary>The wall clock has jumped: every timer was set by the old one.</summary>
    public void WakeAll()
    {
        foreach (var slot in _order.ToArray()) slot.Wake(stored: false, () => { }, _ => { });
    }

    private void Do(Action act)
    {
        if (!IsUp) return;
        if (IsFrozen) _world.Schedule.At(FrozenUntil, () => Do(act));
        else act();
    }
}
