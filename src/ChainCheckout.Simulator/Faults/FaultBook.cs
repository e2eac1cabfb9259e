namespace ChainCheckout.Simulator.Faults;

/// <summary>A rule and how often it has struck.</summary>
public sealed record FaultCount(FaultRule Rule, int Struck);

/// <summary>The faults that are switched on. Chance comes from the seed, so that a run can be repeated.</summary>
public sealed class FaultBook
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];
    private readonly Random _random;
    private volatile bool _any;

    internal FaultBook(int seed) => _random = new Random(seed);

    internal bool Any => _any;

    /// <exception cref="ArgumentException">The rule names a call, a fault or a number that does not exist.</exception>
    public void Add(FaultRule rule)
    {
        Check(rule);
        lock (_gate)
        {
            _entries.Add(new Entry(rule));
            _any = true;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
            _any = false;
        }
    }

    public IReadOnlyList<FaultCount> All()
    {
        lock (_gate) return _entries.ConvertAll(entry => new FaultCount(entry.Rule, entry.Struck));
    }

    /// <summary>The first rule that strikes this call, counted; mostly none.</summary>
    internal FaultRule? Draw(string call, string? reference)
    {
        if (!_any) return null;
        lock (_gate)
        {
            foreach (var entry in _entries)
            {
                var rule = entry.Rule;
                if (rule.Call != call || entry.Struck >= rule.Times) continue;
                if (rule.Reference is not null && rule.Reference != reference) continue;
                if (rule.Probability < 1 && _random.NextDouble() >= rule.Probability) continue;
                entry.Struck++;
                return rule;
            }
        }

        return null;
    }

    internal static void Check(FaultRule rule)
    {
        if (!FaultCalls.All.Contains(rule.Call, StringComparer.Ordinal))
            throw new ArgumentException($"No call is named '{rule.Call}'.", nameof(rule));
        if (rule.Probability is not (>= 0 and <= 1))
            throw new ArgumentException("The probability must be 0 to 1.", nameof(rule));
        if (rule.Status is < 200 or > 599) throw new ArgumentException("The status must be 200 to 599.", nameof(rule));
        if (!Enum.IsDefined(rule.Kind)) throw new ArgumentException("The fault does not exist.", nameof(rule));
        if (rule.DelayMs < 0 || rule.Times < 1)
            throw new ArgumentException("delayMs must be 0 or more, times 1 or more.", nameof(rule));
        if (rule.Kind is FaultKind.Reorder or FaultKind.Lose && rule.Call != FaultCalls.WebhookDelivery)
            throw new ArgumentException("Only a webhook's delivery can be lost or reordered.", nameof(rule));
    }

    private sealed class Entry(FaultRule rule)
    {
        public FaultRule Rule => rule;

        public int Struck { get; set; }
    }
}
