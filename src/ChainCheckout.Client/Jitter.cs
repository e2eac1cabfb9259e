namespace ChainCheckout.Client;

/// <summary>Keeps a fleet that was cut at one instant from coming back at one instant. Safe to share.</summary>
internal sealed class Jitter(Random random)
{
    private readonly Lock _gate = new();

    public int Below(int max)
    {
        lock (_gate) return random.Next(max);
    }

    /// <summary>Half to the whole of <paramref name="min"/> doubled <paramref name="failures"/> times.</summary>
    public TimeSpan Backoff(TimeSpan min, TimeSpan max, int failures)
    {
        var whole = Math.Min(max.TotalMilliseconds, min.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 16)));
        return TimeSpan.FromMilliseconds(whole * (0.5 + Fraction() / 2));
    }

    /// <summary>Not sooner than told, and up to a fifth later.</summary>
    public TimeSpan After(TimeSpan told) => told + told * (Fraction() / 5);

    private double Fraction()
    {
        lock (_gate) return random.NextDouble();
    }
}
