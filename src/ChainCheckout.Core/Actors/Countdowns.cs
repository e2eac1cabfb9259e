namespace ChainCheckout.Core.Actors;

/// <summary>
/// How long what one actor owes has still to wait. It was due at a time of the wall clock; from when it is first seen the monotonic
/// clock counts as well, and whichever says "now" first is believed: a wall clock that goes back holds nothing up.
/// </summary>
internal sealed class Countdowns(TimeProvider clock)
{
    private const int Most = 16;

    private readonly Dictionary<string, (DateTimeOffset DueAt, TimeSpan Left, long Since)> _running = [];

    /// <summary>Zero or less: due.</summary>
    public TimeSpan Left(Owed owed)
    {
        var left = owed.DueAt - clock.GetUtcNow();
        if (left <= TimeSpan.Zero) return left;
        if (_running.TryGetValue(owed.Name, out var known) && known.DueAt == owed.DueAt)
        {
            var counted = known.Left - clock.GetElapsedTime(known.Since);
            return counted < left ? counted : left;
        }

        // Names of what is no longer owed are among them; a countdown that begins anew harms nothing.
        if (_running.Count == Most) _running.Clear();
        _running[owed.Name] = (owed.DueAt, left, clock.GetTimestamp());
        return left;
    }

    /// <summary>It starts. Should it go on being owed under the same time, its next countdown is a new one.</summary>
    public void Start(Owed owed) => _running.Remove(owed.Name);
}
