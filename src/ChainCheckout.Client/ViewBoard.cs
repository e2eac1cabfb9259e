using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Client;

/// <summary>
/// The view that stands, and who waits for one. Every view is shown to every waiter, however short it stands.
/// </summary>
internal sealed class ViewBoard
{
    private readonly Lock _gate = new();
    private readonly List<Waiter> _waiters = [];
    private ViewPayload? _current;
    private Exception? _closed;

    public ViewPayload? Current
    {
        get
        {
            lock (_gate) return _current;
        }
    }

    /// <summary>False for a view that is not newer than the one that stands.</summary>
    /// <param name="isFirst">
    /// The view of a Welcome: it holds whatever its version, for the server may have lost state.
    /// </param>
    public bool Show(ViewPayload view, bool isFirst)
    {
        lock (_gate)
        {
            if (!isFirst && _current is not null && view.Version <= _current.Version) return false;
            _current = view;
            _waiters.RemoveAll(waiter => waiter.IsEndedBy(view));
            return true;
        }
    }

    /// <summary>Waits from the moment of the call: the view that stands counts, and each one after it.</summary>
    public async Task<ViewPayload> WhenAsync(Func<ViewPayload, bool> isWanted, CancellationToken cancellation)
    {
        var waiter = new Waiter(isWanted);
        lock (_gate)
        {
            if (_closed is not null) throw _closed;
            if (_current is null || !waiter.IsEndedBy(_current)) _waiters.Add(waiter);
        }

        try
        {
            return await waiter.Seen.WaitAsync(cancellation);
        }
        finally
        {
            if (!waiter.Seen.IsCompleted) Forget(waiter);
        }
    }

    public void Close(Exception why)
    {
        lock (_gate)
        {
            _closed = why;
            foreach (var waiter in _waiters) waiter.Fail(why);
            _waiters.Clear();
        }
    }

    private void Forget(Waiter waiter)
    {
        lock (_gate) _waiters.Remove(waiter);
    }

    private sealed class Waiter(Func<ViewPayload, bool> isWanted)
    {
        private readonly TaskCompletionSource<ViewPayload> _seen =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<ViewPayload> Seen => _seen.Task;

        public bool IsEndedBy(ViewPayload view)
        {
            try
            {
                return isWanted(view) && _seen.TrySetResult(view);
            }
            catch (Exception fault)
            {
                // The condition is the waiter's own; it must not cost the connection.
                return _seen.TrySetException(fault);
            }
        }

        public void Fail(Exception why) => _seen.TrySetException(why);
    }
}
