namespace ChainCheckout.Vipps.Loyalty;

internal enum PublishPass
{
    Open = 1,

    /// <summary>The API is away, and this one event tries it.</summary>
    Probe,

    /// <summary>The API is away: no call.</summary>
    Held,
}

/// <summary>
/// Whether the Loyalty API is there. Away after so many calls without an answer in a row, or when nobody is let in;
/// then one event now and then tries, and any answer about an event itself brings it back.
/// </summary>
internal sealed class LoyaltyPresence(TimeSpan retry, TimeProvider clock)
{
    /// <summary>Calls without an answer, in a row.</summary>
    public const int OutagesMax = 5;

    /// <summary>Customers that come back by themselves, however many wait.</summary>
    private const int ComeBackPerSecond = 500;

    private readonly Lock _gate = new();
    private bool _isAway;
    private bool _isProbing;
    private int _outages;
    private long _probeAt;
    private long _lastSlot = long.MinValue;

    public bool IsAway
    {
        get
        {
            lock (_gate) return _isAway;
        }
    }

    public PublishPass Ask()
    {
        lock (_gate)
        {
            if (!_isAway) return PublishPass.Open;
            if (_isProbing || clock.GetTimestamp() < _probeAt) return PublishPass.Held;
            _isProbing = true;
            return PublishPass.Probe;
        }
    }

    /// <summary>The API dealt with an event. True when that brought it back.</summary>
    public bool Worked()
    {
        lock (_gate)
        {
            _outages = 0;
            _lastSlot = long.MinValue;
            var wasAway = _isAway;
            _isAway = false;
            return wasAway;
        }
    }

    /// <param name="isCertain">Nobody is let in, or there is nothing there: one such answer says it all.</param>
    /// <returns>True when it is away only since this.</returns>
    public bool Failed(bool isCertain)
    {
        lock (_gate)
        {
            _outages++;
            if (!_isAway && !isCertain && _outages < OutagesMax) return false;
            _probeAt = clock.GetTimestamp() + Ticks(retry);
            var wasAway = _isAway;
            _isAway = true;
            return !wasAway;
        }
    }

    /// <summary>It asks for a pause: it is there, but an outage does not end by that.</summary>
    public void Paused(TimeSpan pause)
    {
        lock (_gate)
        {
            _outages = 0;
            if (_isAway) _probeAt = clock.GetTimestamp() + Ticks(pause > retry ? pause : retry);
        }
    }

    /// <summary>The probe has ended, however it did: another may go when it is due.</summary>
    public void Probed()
    {
        lock (_gate) _isProbing = false;
    }

    /// <summary>
    /// When to come again: each gets a moment of its own, so that the wait grows with how many are told to.
    /// </summary>
    public TimeSpan ComeAgain(TimeSpan atLeast)
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            var first = now + Ticks(atLeast > retry ? atLeast : retry);
            _lastSlot = Math.Max(first, _lastSlot + (clock.TimestampFrequency / ComeBackPerSecond));
            return clock.GetElapsedTime(now, _lastSlot);
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * clock.TimestampFrequency);
}
