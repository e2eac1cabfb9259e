namespace ChainCheckout.Simulation.Hosting;

/// <summary>One actor as the disk holds it.</summary>
internal sealed record DiskRow(StoredVersion Version, ReadOnlyMemory<byte> State, DateTimeOffset? WakeAt, DateTimeOffset? ForgetAt, ActorFlags Flags);

/// <summary>One write that reached the disk.</summary>
internal sealed record DiskWrite(ActorSave Save, DiskRow? Before);

/// <summary>
/// What is durable. It survives every process, and it can be rolled back: every write is remembered with what it replaced.
/// </summary>
internal sealed class Disk(World world)
{
    private readonly Dictionary<ActorId, DiskRow> _rows = [];
    private readonly List<ActorId> _order = [];
    private readonly SortedSet<(DateTimeOffset At, ActorId Id)> _wakes = new(new ByTime());
    private readonly List<(DateTimeOffset At, ActorId Id, DiskRow? Before)> _journal = [];

    public long Saves { get; private set; }

    public DiskRow? Find(ActorId id) => _rows.GetValueOrDefault(id);

    /// <summary>By the order in which they were first saved.</summary>
    public IEnumerable<(ActorId Id, DiskRow Row)> All(ActorKind kind) =>
        _order.Where(id => id.Kind == kind && _rows.ContainsKey(id)).Distinct().Select(id => (id, _rows[id]));

    /// <exception cref="StorageConflictException">Somebody else has saved since.</exception>
    public void Write(ActorSave save, bool ignoresVersion = false)
    {
        var before = Find(save.Id);
        if (!ignoresVersion && (before?.Version ?? StoredVersion.None) != save.Expected)
        {
            world.Trace.Say(save.Id.ToString(), "save refused: somebody else has saved since");
            throw new StorageConflictException(save.Id);
        }

        Put(save.Id, new DiskRow(save.Next, save.State, save.WakeAt, save.ForgetAt, save.Flags));
        Saves++;
        world.Trace.Hash(save.Id.Key, save.State.Span);
        world.Checks.Saved(new DiskWrite(save, before));
        world.Caretaker.Expect(save.WakeAt);
    }

    public void Settle(ActorId id, StoredVersion version, DateTimeOffset? wakeAt)
    {
        if (Find(id) is not { } row || row.Version != version) return;
        Set(id, row with { WakeAt = wakeAt });
        world.Caretaker.Expect(wakeAt);
    }

    public IReadOnlyList<DueActor> Due(DateTimeOffset now, int max) =>
    [
        .. _wakes.TakeWhile(wake => wake.At <= now).Take(max).Select(wake => new DueActor(wake.Id, _rows[wake.Id].Version, wake.At)),
    ];

    /// <summary>The first wake-up of all; null when nobody is to be woken.</summary>
    public (DateTimeOffset At, ActorId Id)? NextWake => _wakes.Count == 0 ? null : _wakes.Min;

    public int Forget(DateTimeOffset now)
    {
        var forgotten = _order.Where(id => Find(id)?.ForgetAt <= now).Distinct().ToArray();
        foreach (var id in forgotten)
        {
            world.Trace.Say(id.ToString(), "forgotten");
            Put(id, null);
        }

        _order.RemoveAll(id => !_rows.ContainsKey(id));
        return forgotten.Length;
    }

    /// <summary>As a failover does that lost what it had acknowledged: everything written since is gone.</summary>
    public int RollBack(DateTimeOffset to)
    {
        var undone = 0;
        while (_journal.Count > 0 && _journal[^1].At > to)
        {
            var (_, id, before) = _journal[^1];
            _journal.RemoveAt(_journal.Count - 1);
            Set(id, before);
            undone++;
        }

        return undone;
    }

    private void Put(ActorId id, DiskRow? row)
    {
        var before = Find(id);
        if (world.Faults.RollsBack) _journal.Add((world.Schedule.Now, id, before));
        if (before is null && row is not null) _order.Add(id);
        Set(id, row);
    }

    private void Set(ActorId id, DiskRow? row)
    {
        if (Find(id)?.WakeAt is { } old) _wakes.Remove((old, id));
        if (row is null) _rows.Remove(id);
        else _rows[id] = row;
        if (row?.WakeAt is { } wake) _wakes.Add((wake, id));
    }

    private sealed class ByTime : IComparer<(DateTimeOffset At, ActorId Id)>
    {
        public int Compare((DateTimeOffset At, ActorId Id) left, (DateTimeOffset At, ActorId Id) right)
        {
            var order = left.At.CompareTo(right.At);
            if (order == 0) order = left.Id.Kind.CompareTo(right.Id.Kind);
            return order != 0 ? order : string.CompareOrdinal(left.Id.Key, right.Id.Key);
        }
    }
}
