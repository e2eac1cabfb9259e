using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;
using Microsoft.Data.Sqlite;

namespace ChainCheckout.Standalone.Storage;

/// <summary>Actors in one SQLite file, for a server that stands alone. A save is on the disk when it returns.</summary>
public sealed class SqliteActorStorage : IActorStorage, IAsyncDisposable
{
    private const int PageRows = 200;

    private readonly ReaderPool _readers;
    private readonly Writing? _writing;
    private int _disposed;

    private SqliteActorStorage(ReaderPool readers, Writing? writing) => (_readers, _writing) = (readers, writing);

    /// <summary>What was written since this storage was opened.</summary>
    public WriteCounters Counters => _writing?.Writer.Counters ?? new WriteCounters();

    /// <summary>Writes that wait for the disk now.</summary>
    public int Queued => _writing?.Writer.Queue.Count ?? 0;

    /// <summary>Opens the storage for the one server of a folder; makes folder and file where there are none.</summary>
    /// <exception cref="StorageOpenException">In use by another server, newer, damaged, or not accessible.</exception>
    public static SqliteActorStorage Open(string folder, TimeProvider clock, SqliteStorageOptions? options = null)
    {
        options ??= new SqliteStorageOptions();
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        return Guarded(folder, () =>
        {
            Directory.CreateDirectory(folder);
            var folderLock = FolderLock.Take(folder);
            SqliteDatabase? database = null;
            try
            {
                var path = Path.Combine(folder, ActorSchema.FileName);
                database = SqliteDatabase.Open(path, readOnly: false, options.BusyTimeout);
                ActorSchema.Prepare(database, options);
                var writer = new ActorWriter(database, options, clock);
                writer.Start();
                return new SqliteActorStorage(new ReaderPool(path, options), new Writing(folderLock, database, writer));
            }
            catch
            {
                database?.Dispose();
                folderLock.Dispose();
                throw;
            }
        });
    }

    /// <summary>Opens what a server left behind, to compare books. Takes no lock and refuses every write.</summary>
    /// <exception cref="StorageOpenException">No such storage, newer, or not accessible.</exception>
    public static SqliteActorStorage ReadOnly(string folder)
    {
        var path = Path.Combine(folder, ActorSchema.FileName);
        if (!File.Exists(path)) throw new StorageOpenException($"There is no storage in '{folder}'.");
        var options = new SqliteStorageOptions();
        return Guarded(folder, () =>
        {
            using var database = SqliteDatabase.Open(path, readOnly: true, options.BusyTimeout);
            ActorSchema.Require(database, create: false);
            return new SqliteActorStorage(new ReaderPool(path, options), writing: null);
        });
    }

    public ValueTask<StoredActor?> LoadAsync(ActorId id, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_readers.Read(id, static (reader, id) => reader.Load(id)));
    }

    public ValueTask SaveAsync(ActorSave save, CancellationToken cancellation = default) =>
        new(WriteAsync(new PendingWrite.Save(save), cancellation));

    public ValueTask<IReadOnlyList<DueActor>> DueAsync(
        DateTimeOffset now, int max, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IReadOnlyList<DueActor>>(
            _readers.Read((now, max), static (reader, ask) => reader.Due(ask.now, ask.max)));
    }

    public ValueTask SettleWakeAsync(
        ActorId id, StoredVersion version, DateTimeOffset? wakeAt, CancellationToken cancellation = default) =>
        new(WriteAsync(new PendingWrite.Settle(id, version, wakeAt), cancellation));

    public ValueTask<IReadOnlyList<FlaggedActor>> FlaggedAsync(
        ActorFlags any, int max, ActorId? after = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IReadOnlyList<FlaggedActor>>(
            _readers.Read((any, max, after), static (reader, ask) => reader.Flagged(ask.any, ask.max, ask.after)));
    }

    /// <summary>How many actors have each flag; those without any cost nothing.</summary>
    public IReadOnlyList<(ActorFlags Flag, long Actors)> CountFlagged() => _readers.Read(0, static (reader, _) => reader.CountFlagged());

    public ValueTask<int> ForgetAsync(DateTimeOffset now, int max, CancellationToken cancellation = default) =>
        new(WriteAsync(new PendingWrite.Forget(now, max), cancellation));

    /// <summary>Page by page, so that a long comparison does not keep the log from being moved into the file.</summary>
    public async IAsyncEnumerable<(ActorId Id, StoredActor Stored)> ReadAllAsync(
        ActorKind kind, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string? after = null;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = _readers.Read((kind, after), static (reader, ask) => reader.Page(ask.kind, ask.after, PageRows));
            foreach (var row in page) yield return row;
            if (page.Count < PageRows) yield break;
            after = page[^1].Id.Key;

            // Reading is synchronous: let others onto this thread between two pages.
            await Task.Yield();
        }
    }

    /// <summary>What was written since the file was made, as committed.</summary>
    public StorageStats ReadStats() => _readers.Read(0, static (reader, _) => reader.Stats());

    /// <summary>Refuses new writes, writes what waits, moves the log into the file, and lets the folder go.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        if (_writing is null)
        {
            _readers.Dispose();
            return;
        }

        _writing.Writer.Queue.Close();
        await _writing.Writer.Ended;
        _readers.Dispose();

        // A checkpoint that fails loses nothing: the next start reads the log.
        _writing.Database.TryExecute("PRAGMA wal_checkpoint(TRUNCATE)");
        _writing.Database.Dispose();
        _writing.Lock.Dispose();
    }

    private Task<int> WriteAsync(PendingWrite write, CancellationToken cancellation) =>
        _writing is { } writing
            ? writing.Writer.Queue.AddAsync(write, cancellation)
            : throw new InvalidOperationException("The storage was opened for reading only.");

    private static SqliteActorStorage Guarded(string folder, Func<SqliteActorStorage> open)
    {
        try
        {
            return open();
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StorageOpenException($"The storage in '{folder}' cannot be opened: {failure.Message}", failure);
        }
    }

    private sealed record Writing(FolderLock Lock, SqliteDatabase Database, ActorWriter Writer);
}
