using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ChainCheckout.Vipps.Sending;

/// <summary>Calls of one operation (<c>epayment</c>, <c>create</c>) with one outcome, and how long they took together.</summary>
public readonly record struct VippsCallSum(string Api, string Call, string Outcome, long Calls, TimeSpan Took);

internal enum CallOutcome
{
    Ok = 0,
    Refused,
    Later,
    Unknown,
    Cancelled,
}

/// <summary>
/// How many calls ended how: as the meter <c>ChainCheckout.Vipps</c>, and as plain numbers for the admin listener.
/// </summary>
public sealed class VippsCalls : IDisposable
{
    public const string MeterName = "ChainCheckout.Vipps";

    private static readonly string[] Outcomes = ["ok", "refused", "later", "unknown", "cancelled"];

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _calls;
    private readonly Histogram<double> _seconds;
    private readonly long[] _counts = new long[VippsOperation.All.Length * Outcomes.Length];
    private readonly long[] _ticks = new long[VippsOperation.All.Length * Outcomes.Length];

    public VippsCalls()
    {
        _calls = _meter.CreateCounter<long>("chaincheckout.vipps.calls", "{call}", "Calls by operation and outcome.");
        _seconds =
            _meter.CreateHistogram<double>("chaincheckout.vipps.call.duration", "s", "From the call to its outcome.");
    }

    /// <summary>
    /// Calls since the start by <c>operation.outcome</c>, for example <c>epayment.create.ok</c>; those never made are
    /// left out.
    /// </summary>
    public IReadOnlyDictionary<string, long> Snapshot()
    {
        var snapshot = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var operation in VippsOperation.All)
        {
            for (var outcome = 0; outcome < Outcomes.Length; outcome++)
            {
                var count = Interlocked.Read(ref _counts[Index(operation, outcome)]);
                if (count > 0) snapshot[$"{operation.Name}.{Outcomes[outcome]}"] = count;
            }
        }

        return snapshot;
    }

    /// <summary>Every operation and outcome, those never met too.</summary>
    public IEnumerable<VippsCallSum> Sums()
    {
        foreach (var operation in VippsOperation.All)
        {
            var dot = operation.Name.IndexOf('.', StringComparison.Ordinal);
            for (var outcome = 0; outcome < Outcomes.Length; outcome++)
            {
                var at = Index(operation, outcome);
                yield return new VippsCallSum(
                    operation.Name[..dot], operation.Name[(dot + 1)..], Outcomes[outcome], Interlocked.Read(ref _counts[at]),
                    TimeSpan.FromTicks(Interlocked.Read(ref _ticks[at])));
            }
        }
    }

    public void Dispose() => _meter.Dispose();

    internal void Count(VippsOperation operation, CallOutcome outcome, TimeSpan took)
    {
        var at = Index(operation, (int)outcome);
        Interlocked.Increment(ref _counts[at]);
        Interlocked.Add(ref _ticks[at], took.Ticks);
        if (!_calls.Enabled && !_seconds.Enabled) return;
        var tags = new TagList { { "operation", operation.Name }, { "outcome", Outcomes[(int)outcome] } };
        _calls.Add(1, tags);
        _seconds.Record(took.TotalSeconds, tags);
    }

    /// <summary>For what is fetched beside the calls that somebody asked for.</summary>
    internal void Count(VippsOperation operation, Answer answer, TimeSpan took)
    {
        var outcome = answer.Status is >= 200 and < 300 ? CallOutcome.Ok
            : answer.Status is >= 400 and < 500 ? CallOutcome.Refused
            : CallOutcome.Unknown;
        Count(operation, outcome, took);
    }

    private static int Index(VippsOperation operation, int outcome) => (operation.Index * Outcomes.Length) + outcome;
}
