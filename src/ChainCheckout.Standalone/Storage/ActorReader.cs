using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;

namespace ChainCheckout.Standalone.Storage;

/// <summary>One read connection. A read sees every commit before it and never waits for the writer.</summary>
internal sealed class ActorReader : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _load;
    private readonly SqliteStatement _due;
    private readonly SqliteStatement _flagged;
    private readonly SqliteStatement _flagSums;
    private readonly SqliteStatement _page;
    private readonly SqliteStatement _stats;

    public ActorReader(SqliteDatabase database)
    {
        _database = database;
        _load = database.Prepare("SELECT counter, activation, state FROM actors WHERE kind = ?1 AND key = ?2");
        _due = database.Prepare("""
            SELECT kind, key, counter, activation, wake_at FROM actors WHERE wake_at <= ?1 ORDER BY wake_at LIMIT ?2
            """);
        _flagged = database.Prepare("""
            SELECT kind, key, flags FROM actors
            WHERE flags <> 0 AND flags & ?1 <> 0 AND (kind, key) >= (?2, ?3) ORDER BY kind, key LIMIT ?4
            """);
        _flagSums = database.Prepare("SELECT flags, count(*) FROM actors WHERE flags <> 0 GROUP BY flags");
        _page = database.Prepare("""
            SELECT key, counter, activation, state FROM actors WHERE kind = ?1 AND key >= ?2 ORDER BY key LIMIT ?3
            """);
        _stats = database.Prepare("SELECT saves, bytes, settles, batches FROM stats");
    }

    public StoredActor? Load(ActorId id)
    {
        try
        {
            return _load.Bind(1, (long)id.Kind).Bind(2, id.Key).Step()
                ? new StoredActor(new StoredVersion(_load.Number(0), _load.Number(1)), _load.Blob(2))
                : null;
        }
        finally
        {
            _load.Reset();
        }
    }

    public List<DueActor> Due(DateTimeOffset now, int max) =>
        Rows(_due.Bind(1, now.ToUnixTimeMilliseconds()).Bind(2, max), static row => new DueActor(
            new ActorId((ActorKind)row.Number(0), row.Text(1)),
            new StoredVersion(row.Number(2), row.Number(3)),
            DateTimeOffset.FromUnixTimeMilliseconds(row.Number(4))));

    public List<FlaggedActor> Flagged(ActorFlags any, int max, ActorId? after) =>
        Rows(
            _flagged.Bind(1, (long)any).Bind(2, (long)(after?.Kind ?? 0)).Bind(3, After(after?.Key)).Bind(4, max),
            static row => new FlaggedActor(
                new ActorId((ActorKind)row.Number(0), row.Text(1)), (ActorFlags)row.Number(2)));

    public List<(ActorFlags Flag, long Actors)> CountFlagged()
    {
        var sums = Rows(_flagSums, static row => (Flags: (ActorFlags)row.Number(0), Actors: row.Number(1)));
        return [.. Enum.GetValues<ActorFlags>().Where(flag => flag != ActorFlags.None)
            .Select(flag => (flag, sums.Where(sum => sum.Flags.HasFlag(flag)).Sum(sum => sum.Actors)))];
    }

    public List<(ActorId Id, StoredActor Stored)> Page(ActorKind kind, string? afterKey, int max) =>
        Rows(_page.Bind(1, (long)kind).Bind(2, After(afterKey)).Bind(3, max), row => (
            new ActorId(kind, row.Text(0)),
            new StoredActor(new StoredVersion(row.Number(1), row.Number(2)), row.Blob(3))));

    public StorageStats Stats() =>
        Rows(_stats, static row => new StorageStats(row.Number(0), row.Number(1), row.Number(2), row.Number(3)))[0];

    public void Dispose() => _database.Dispose();

    /// <summary>The first text after <paramref name="key"/> in byte order; for null the first of all.</summary>
    private static string After(string? key) => key is null ? "" : key + '\0';

    private static List<T> Rows<T>(SqliteStatement statement, Func<SqliteStatement, T> read)
    {
        try
        {
            var rows = new List<T>();
            while (statement.Step()) rows.Add(read(statement));
            return rows;
        }
        finally
        {
            statement.Reset();
        }
    }
}
