using System.Diagnostics.CodeAnalysis;
using ChainCheckout.Load.Journeys;

namespace ChainCheckout.Load.Fleets;

/// <summary>What one store still has to give back, the oldest first.</summary>
public sealed class RefundDesk
{
    private readonly Lock _gate = new();
    private readonly Queue<RefundJob> _jobs = new();

    public int Waiting
    {
        get
        {
            lock (_gate) return _jobs.Count;
        }
    }

    public void Add(RefundJob job)
    {
        lock (_gate) _jobs.Enqueue(job);
    }

    /// <param name="now">A timestamp; jobs that are due later stay, as do those behind them.</param>
    public bool TryTake(long now, [NotNullWhen(true)] out RefundJob? job)
    {
        lock (_gate)
        {
            if (_jobs.TryPeek(out job) && job.DueAt <= now) return _jobs.TryDequeue(out job);
            job = null;
            return false;
        }
    }
}
