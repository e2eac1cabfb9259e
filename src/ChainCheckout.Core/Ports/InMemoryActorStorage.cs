using System.Runtime.CompilerServices;

namespace ChainCheckout.Core.Ports;

/// <summary>
/// Actor storage that lives and dies with the process: for tests and for simulations. Keeps the whole contract but
/// durability, and can be told to fail. Instants are kept in whole milliseconds, like the stores on disk.
/// </summary>
public sealed class InMemoryActorStorage : IActorStorage
{
    private static readonly Comparer<ActorId> ByKey = Comparer<ActorId>.Create((left, right) =>
        left.Kind != right.Kind ? left.Kind.CompareTo(right.Kind) : string.CompareOrdinal(left.Key, right.Key));

    private static readonly Comparer<Wake> ByWake = Comparer<Wake>.Create((left, right) =>
        left.AtMs != right.AtMs ? left.AtMs.CompareTo(right.AtMs) : ByKey.Compare(left.Id, right.Id));

    private readonly Lock _lock = new();
    private readonly Dictionary<ActorId, Row> _rows = [];
    private readonly SortedSet<Wake> _wakes = new(ByWake);
    private readonly Queue<(Exception Failure, bool Written)> _failures = new();

    /// <summary>Saves that were written.</summary>
    public long Saves { get; private set; }

    /// <summary>
    /// The next save or settling ends in this exception, after writing or without: the caller cannot know which.
    /// </summary>
    public void FailNext(Exception failure, bool written = false)
    {
        lock (_lock) _failures.Enqueue((failure, written));
    }

    public ValueTask<StoredActor?> LoadAsync(ActorId id, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock) return ValueTask.FromResult(_rows.TryGetValue(id, out var row) ? row.Stored : null);
    }

    public ValueTask SaveAsync(ActorSave save, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return Write(() =>
            {
                var stored = _rows.TryGetValue(save.Id, out var row) ? row.Stored.Version : StoredVersion.None;
                if (stored != save.Expected) throw new StorageConflictException(save.Id);
                Put(save.Id, new Row(
                    new StoredActor(save.Next, save.State),
                    Milliseconds(save.WakeAt),
                    Milliseconds(save.ForgetAt),
                    save.Flags));
                Saves++;
            });
        }
    }

    public ValueTask<IReadOnlyList<DueActor>> DueAsync(
        DateTimeOffset now, int max, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<DueActor>>([.. _wakes
                .TakeWhile(wake => wake.AtMs <= now.ToUnixTimeMilliseconds())
                .Take(max)
                .Select(wake => new DueActor(
                    wake.Id, _rows[wake.Id].Stored.Version, DateTimeOffset.FromUnixTimeMilliseconds(wake.AtMs)))]);
        }
    }

    public ValueTask SettleWakeAsync(
        ActorId id, StoredVersion version, DateTimeOffset? wakeAt, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return Write(() =>
            {
                if (_rows.TryGetValue(id, out var row) && row.Stored.Version == version)
                    Put(id, row with { WakeAtMs = Milliseconds(wakeAt) });
            });
        }
    }

    public ValueTask<IReadOnlyList<FlaggedActor>> FlaggedAsync(
        ActorFlags any, int max, ActorId? after = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<FlaggedActor>>([.. _rows
                .Where(entry => (entry.Value.Flags & any) != 0)
                .Where(entry => after is not { } last || ByKey.Compare(entry.Key, last) > 0)
                .OrderBy(entry => entry.Key, ByKey)
                .Take(max)
                .Select(entry => new FlaggedActor(entry.Key, entry.Value.Flags))]);
        }
    }

    public ValueTask<int> ForgetAsync(DateTimeOffset now, int max, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            ActorId[] forgotten = [.. _rows
                .Where(entry => entry.Value.ForgetAtMs <= now.ToUnixTimeMilliseconds())
                .OrderBy(entry => entry.Value.ForgetAtMs).ThenBy(entry => entry.Key, ByKey)
                .Take(max)
                .Select(entry => entry.Key)];
            foreach (var id in forgotten) Put(id, null);
            return ValueTask.FromResult(forgotten.Length);
        }
    }

    public async IAsyncEnumerable<(ActorId Id, StoredActor Stored)> ReadAllAsync(
        ActorKind kind, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        (ActorId Id, StoredActor Stored)[] all;
        lock (_lock)
        {
            all = [.. _rows
                .Where(entry => entry.Key.Kind == kind)
                .OrderBy(entry => entry.Key, ByKey)
                .Select(entry => (entry.Key, entry.Value.Stored))];
        }

        foreach (var one in all)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return one;
        }

        await ValueTask.CompletedTask;
    }

    private ValueTask Write(Action write)
    {
        var fails = _failures.TryDequeue(out var failing);
        if (fails && !failing.Written) return ValueTask.FromException(failing.Failure);
        try
        {
            write();
        }
        catch (StorageConflictException conflict)
        {
            return ValueTask.FromException(conflict);
        }

        return fails ? ValueTask.FromException(failing.Failure) : ValueTask.CompletedTask;
    }

    private void Put(ActorId id, Row? row)
    {
        if (_rows.TryGetValue(id, out var old) && old.WakeAtMs is { } oldWake) _wakes.Remove(new Wake(oldWake, id));
        if (row is null)
        {
            _rows.Remove(id);
            return;
        }

        _rows[id] = row;
        if (row.WakeAtMs is { } wake) _wakes.Add(new Wake(wake, id));
    }

    private static long? Milliseconds(DateTimeOffset? instant) => instant?.ToUnixTimeMilliseconds();

    private readonly record struct Wake(long AtMs, ActorId Id);

    private sealed record Row(StoredActor Stored, long? WakeAtMs, long? ForgetAtMs, ActorFlags Flags);
}
