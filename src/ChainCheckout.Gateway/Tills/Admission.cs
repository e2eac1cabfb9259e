namespace ChainCheckout.Gateway.Tills;

/// <summary>Bounds the commands under way in this process. New sales are told Busy first; outcomes and cancels go on.</summary>
public sealed class Admission(GatewayOptions options)
{
    private readonly int _newMax = options.Tills.CommandsInFlightMax * 3 / 4;
    private int _underWay;

    public int UnderWay => Volatile.Read(ref _underWay);

    public bool TryEnter(bool isNewWork)
    {
        if (Interlocked.Increment(ref _underWay) <= (isNewWork ? _newMax : options.Tills.CommandsInFlightMax)) return true;
        Interlocked.Decrement(ref _underWay);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _underWay);

    /// <summary>Spread out, so that those who were turned away do not come back as one.</summary>
    public int RetryAfterMs() => 250 + (Environment.TickCount & 0x1FF);
}
