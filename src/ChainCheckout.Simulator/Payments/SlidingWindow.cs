namespace ChainCheckout.Simulator.Payments;

/// <summary>
/// Lets <paramref name="limit"/> calls pass in any window of that length, counted exactly. The ring starts small:
/// most payments see three calls in their life. Not safe for two threads; its payment's lock guards it.
/// </summary>
internal sealed class SlidingWindow(int limit, TimeSpan window)
{
    private long[] _ring = new long[4];
    private int _oldest;
    private int _count;

    /// <param name="wait">How long until the next call passes, in the time of <paramref name="now"/>.</param>
    public bool TryPass(DateTimeOffset now, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        while (_count > 0 && _ring[_oldest] <= now.UtcTicks - window.Ticks)
        {
            _oldest = (_oldest + 1) % _ring.Length;
            _count--;
        }

        if (_count >= limit)
        {
            wait = TimeSpan.FromTicks(_ring[_oldest] + window.Ticks - now.UtcTicks);
            return false;
        }

        if (_count == _ring.Length) Grow();
        _ring[(_oldest + _count) % _ring.Length] = now.UtcTicks;
        _count++;
        return true;
    }

    private void Grow()
    {
        var larger = new long[_ring.Length * 2];
        for (var i = 0; i < _count; i++) larger[i] = _ring[(_oldest + i) % _ring.Length];
        _ring = larger;
        _oldest = 0;
    }
}
