using System.Collections.Concurrent;
using System.Collections.Immutable;
using ChainCheckout.Load.Journeys;

namespace ChainCheckout.Load.Measure;

/// <summary>What became of the sales so far.</summary>
/// <param name="Started">The sum of all outcomes and the open ones.</param>
/// <param name="Failed">By reason.</param>
public sealed record SaleSums(
    int Started, int Paid, int PaidElsewhere, int Refused, int Expired, int Cancelled,
    ImmutableSortedDictionary<string, int> Failed, int Open);

/// <summary>Counts what becomes of sales. Safe to share by a whole fleet.</summary>
public sealed class SaleCounts
{
    private readonly ConcurrentDictionary<string, int> _failed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _refundsFailed = new(StringComparer.Ordinal);
    private readonly int[] _ends = new int[Enum.GetValues<Outcome>().Length + 1];
    private int _started;
    private int _secondAttempts;
    private int _refunds;
    private int _enrolled;
    private int _enrolRefused;

    public Histogram ScanToView { get; } = new();

    public Histogram PayToPaid { get; } = new();

    public Histogram AskToEnrolled { get; } = new();

    public int Enrolled => Volatile.Read(ref _enrolled);

    /// <summary>Asked to join, and not joined: denied, expired, not possible.</summary>
    public int EnrolRefused => Volatile.Read(ref _enrolRefused);

    public int SecondAttempts => Volatile.Read(ref _secondAttempts);

    public int Refunds => Volatile.Read(ref _refunds);

    /// <summary>Refunds that did not come through, by reason.</summary>
    public IReadOnlyDictionary<string, int> RefundsFailed => _refundsFailed;

    public void Start() => Interlocked.Increment(ref _started);

    public void SecondAttempt() => Interlocked.Increment(ref _secondAttempts);

    public void End(SaleEnd end)
    {
        if (end.Outcome == Outcome.Failed) _failed.AddOrUpdate(end.Why, 1, static (_, count) => count + 1);
        Interlocked.Increment(ref _ends[(int)end.Outcome]);
    }

    public void Refunded() => Interlocked.Increment(ref _refunds);

    public void EnrolEnded(bool hasJoined) => Interlocked.Increment(ref hasJoined ? ref _enrolled : ref _enrolRefused);

    public void RefundFailed(string why) => _refundsFailed.AddOrUpdate(why, 1, static (_, count) => count + 1);

    public SaleSums Sums()
    {
        int Of(Outcome outcome) => Volatile.Read(ref _ends[(int)outcome]);
        var settled = Enum.GetValues<Outcome>().Where(outcome => outcome != Outcome.Open).Sum(Of);
        var started = Volatile.Read(ref _started);
        return new SaleSums(
            started, Of(Outcome.Paid), Of(Outcome.PaidElsewhere), Of(Outcome.Refused), Of(Outcome.Expired),
            Of(Outcome.Cancelled), _failed.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Math.Max(0, started - settled));
    }
}
