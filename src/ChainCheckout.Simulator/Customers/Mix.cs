namespace ChainCheckout.Simulator.Customers;

/// <summary>
/// Chance that can be repeated: a number from a seed and what it is drawn for, the same on every machine.
/// </summary>
internal static class Mix
{
    public static ulong Of(long seed, ulong drawnFor)
    {
        // SplitMix64's finaliser: every bit of the input reaches every bit of the result.
        var z = unchecked((ulong)seed * 0x9E3779B97F4A7C15UL) + drawnFor + 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    public static ulong Of(long seed, string drawnFor)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var character in drawnFor) hash = (hash ^ character) * 0x100000001B3UL;
        return Of(seed, hash);
    }

    /// <summary>0 inclusive to 1 exclusive.</summary>
    public static double Fraction(ulong drawn) => (drawn >> 11) * (1.0 / (1UL << 53));
}
