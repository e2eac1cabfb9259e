namespace ChainCheckout.Standalone.Storage;

/// <summary>
/// Writes on their way to the one writer thread, in order. Callers wait for room without holding a thread; the writer
/// waits for work on its own thread, because a commit blocks and two cores have no pool thread to spare for that.
/// </summary>
internal sealed class WriteQueue(int max)
{
    private readonly object _gate = new();
    private readonly Queue<PendingWrite> _waiting = new();
    private readonly SemaphoreSlim _room = new(max, max);
    private bool _closed;

    /// <summary>Writes that wait or are being written.</summary>
    public int Count => max - _room.CurrentCount;

    /// <param name="cancellation">
    /// Ends the wait for room only. What is in the queue is written: half-known is worse than late.
    /// </param>
    public async Task<int> AddAsync(PendingWrite write, CancellationToken cancellation)
    {
        await _room.WaitAsync(cancellation);
        Enqueue(write);
        return await write.Committed;
    }

    /// <summary>
    /// Blocks until there is something, and takes up to <paramref name="countMax"/>. False: closed, and all is taken.
    /// </summary>
    public bool Take(List<PendingWrite> batch, int countMax)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_closed) Monitor.Wait(_gate);
            while (batch.Count < countMax && _waiting.TryDequeue(out var write)) batch.Add(write);
            return batch.Count > 0;
        }
    }

    /// <summary>Lets as many callers in as writes have ended.</summary>
    public void Release(int count) => _room.Release(count);

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Enqueue(PendingWrite write)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _waiting.Enqueue(write);
                if (_waiting.Count == 1) Monitor.Pulse(_gate);
                return;
            }
        }

        _room.Release();
        throw new ObjectDisposedException(nameof(SqliteActorStorage), "The storage is closed: nothing was written.");
    }
}
