namespace ChainCheckout.Simulation.Time;

/// <summary>
/// Chance by a seed (SplitMix64): the same numbers on every machine and in every version of the runtime.
/// </summary>
public sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>0 up to, not including, <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>Both ends included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    public TimeSpan Between(TimeSpan least, TimeSpan most) =>
        least + new TimeSpan((long)(Next() % (ulong)Math.Max(1, (most - least).Ticks)));

    /// <summary>Seconds, to the millisecond.</summary>
    public TimeSpan Seconds(double least, double most) =>
        TimeSpan.FromMilliseconds(Between((int)(least * 1_000), (int)(most * 1_000)));

    /// <summary>True with this probability.</summary>
    public bool Draw(double probability) => probability > 0 && (Next() >> 11) * (1.0 / (1UL << 53)) < probability;

    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    /// <summary>Chance of its own, so that one part's draws do not shift another's.</summary>
    public Chance Fork() => new(Next());

    public string Hex(int digits)
    {
        Span<char> text = stackalloc char[digits];
        for (var i = 0; i < digits; i++) text[i] = "0123456789abcdef"[Below(16)];
        return new string(text);
    }
}
