using System.Diagnostics;
using ChainCheckout.Core.Ports;

namespace ChainCheckout.Standalone.Storage;

/// <summary>
/// The only writer of the file: takes what waits, writes it as one transaction, tells every caller after the commit.
/// While one batch is on its way to the disk the next one gathers, so no delay is needed to make batches.
/// </summary>
internal sealed class ActorWriter
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStorageOptions _options;
    private readonly TimeProvider _clock;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _update;
    private readonly SqliteStatement _settle;
    private readonly SqliteStatement _forget;
    private readonly SqliteStatement _count;
    private readonly SqliteStatement _commit;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ActorWriter(SqliteDatabase database, SqliteStorageOptions options, TimeProvider clock)
    {
        (_database, _options, _clock) = (database, options, clock);
        Queue = new WriteQueue(options.QueueMax);
        _begin = database.Prepare("BEGIN IMMEDIATE");
        _insert = database.Prepare("""
            INSERT INTO actors(kind, key, counter, activation, wake_at, forget_at, flags, state)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING
            """);
        _update = database.Prepare("""
            UPDATE actors SET counter = ?3, activation = ?4, wake_at = ?5, forget_at = ?6, flags = ?7, state = ?8
            WHERE kind = ?1 AND key = ?2 AND counter = ?9 AND activation = ?10
            """);
        _settle = database.Prepare("""
            UPDATE actors SET wake_at = ?5 WHERE kind = ?1 AND key = ?2 AND counter = ?3 AND activation = ?4
            """);
        _forget = database.Prepare("""
            DELETE FROM actors
            WHERE rowid IN (SELECT rowid FROM actors WHERE forget_at <= ?1 ORDER BY forget_at LIMIT ?2)
            """);
        _count = database.Prepare("""
            UPDATE stats SET saves = saves + ?1, bytes = bytes + ?2, settles = settles + ?3, batches = batches + 1
            """);
        _commit = database.Prepare("COMMIT");
    }

    public WriteQueue Queue { get; }

    public WriteCounters Counters { get; } = new();

    /// <summary>Ends when the queue is closed and everything in it was written.</summary>
    public Task Ended => _ended.Task;

    public void Start() => new Thread(Run) { Name = "actor writer", IsBackground = true }.Start();

    private void Run()
    {
        var batch = new List<PendingWrite>(_options.BatchMax);
        while (Queue.Take(batch, _options.BatchMax))
        {
            WriteBatch(batch);
            Queue.Release(batch.Count);
            batch.Clear();
        }

        _ended.SetResult();
    }

    private void WriteBatch(List<PendingWrite> batch)
    {
        var started = _clock.GetTimestamp();
        BatchSum sum;
        try
        {
            sum = Commit(batch);
        }
        catch (Exception failure)
        {
            if (_database.InTransaction) _database.TryExecute("ROLLBACK");
            Counters.AddFailed();
            foreach (var write in batch) write.Fail(failure);
            return;
        }

        Counters.Add(sum, _clock.GetElapsedTime(started));
        foreach (var write in batch) write.Succeed();
    }

    private BatchSum Commit(List<PendingWrite> batch)
    {
        // A rollback that failed has left its transaction open.
        if (_database.InTransaction) _database.Execute("ROLLBACK");
        _begin.Run();
        var sum = default(BatchSum);
        foreach (var write in batch) sum = Apply(write, sum);
        _count.Bind(1, sum.Saves).Bind(2, sum.Bytes).Bind(3, sum.Settles).Run();
        _commit.Run();
        return sum;
    }

    private BatchSum Apply(PendingWrite write, BatchSum sum)
    {
        switch (write)
        {
            case PendingWrite.Save save:
                save.Changed = Apply(save.Row, save.Key);
                return save.Changed == 1
                    ? sum with { Saves = sum.Saves + 1, Bytes = sum.Bytes + save.Row.State.Length }
                    : sum with { Conflicts = sum.Conflicts + 1 };

            case PendingWrite.Settle settle:
                settle.Changed = _settle
                    .Bind(1, (long)settle.Kind).BindText(2, settle.Key)
                    .Bind(3, settle.Version.Counter).Bind(4, settle.Version.Activation)
                    .Bind(5, settle.WakeAt?.ToUnixTimeMilliseconds())
                    .Run();
                return sum with { Settles = sum.Settles + settle.Changed };

            case PendingWrite.Forget forget:
                forget.Changed = _forget.Bind(1, forget.Now.ToUnixTimeMilliseconds()).Bind(2, forget.Max).Run();
                return sum with { Forgotten = sum.Forgotten + forget.Changed };

            default:
                throw new UnreachableException($"Nobody writes {write.GetType().Name}.");
        }
    }

    private int Apply(ActorSave save, byte[] key)
    {
        var isNew = save.Expected == StoredVersion.None;
        var statement = (isNew ? _insert : _update)
            .Bind(1, (long)save.Id.Kind).BindText(2, key)
            .Bind(3, save.Next.Counter).Bind(4, save.Next.Activation)
            .Bind(5, save.WakeAt?.ToUnixTimeMilliseconds())
            .Bind(6, save.ForgetAt?.ToUnixTimeMilliseconds())
            .Bind(7, (long)save.Flags)
            .Bind(8, save.State.Span);
        if (!isNew) statement.Bind(9, save.Expected.Counter).Bind(10, save.Expected.Activation);
        return statement.Run();
    }
}
