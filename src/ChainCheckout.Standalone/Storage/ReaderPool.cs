using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace ChainCheckout.Standalone.Storage;

/// <summary>Read connections, kept for the next read. No read waits for another: it opens a connection.</summary>
internal sealed class ReaderPool(string path, SqliteStorageOptions options) : IDisposable
{
    private readonly ConcurrentBag<ActorReader> _idle = [];
    private int _idleCount;
    private volatile bool _closed;

    public TResult Read<TQuestion, TResult>(TQuestion question, Func<ActorReader, TQuestion, TResult> answer)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(SqliteActorStorage));
        var reader = TryTake(out var idle) ? idle : Open();
        TResult result;
        try
        {
            result = answer(reader, question);
        }
        catch
        {
            // Whatever it stumbled over, the next read starts from a fresh connection.
            reader.Dispose();
            throw;
        }

        Return(reader);
        return result;
    }

    public void Dispose()
    {
        _closed = true;
        while (TryTake(out var reader)) reader.Dispose();
    }

    private bool TryTake([NotNullWhen(true)] out ActorReader? reader)
    {
        if (!_idle.TryTake(out reader)) return false;
        Interlocked.Decrement(ref _idleCount);
        return true;
    }

    private void Return(ActorReader reader)
    {
        if (Interlocked.Increment(ref _idleCount) > options.ReadersMax)
        {
            Interlocked.Decrement(ref _idleCount);
            reader.Dispose();
            return;
        }

        _idle.Add(reader);

        // Closed meanwhile: whoever comes last empties the pool.
        if (_closed) Dispose();
    }

    private ActorReader Open()
    {
        var database = SqliteDatabase.Open(path, readOnly: true, options.BusyTimeout);
        try
        {
            return new ActorReader(database);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }
}
