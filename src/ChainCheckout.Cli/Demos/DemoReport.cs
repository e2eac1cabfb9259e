using System.Text.Json;
using System.Text.Json.Serialization;
using ChainCheckout.Load.Books;
using ChainCheckout.Load.Measure;

namespace ChainCheckout.Cli.Demos;

/// <summary>What a run says in the end. The names are promised to whoever reads it; more may be added, none
/// changed.</summary>
/// <param name="Seconds">In which sales were started.</param>
/// <param name="Exchanges">Calls that exchanged a scanned code.</param>
/// <param name="Violations">Each begins with the number of its invariant.</param>
/// <param name="RefundsFailed">Refunds that did not come through, by reason.</param>
/// <param name="Trials">Sales with which the tills were tried out before the doors opened: cancelled, and counted
/// nowhere else.</param>
/// <param name="Members">Imported before the doors opened.</param>
/// <param name="EnrolRefused">Asked to join, and not joined, for whatever reason.</param>
/// <param name="DrainSeconds">From the last settled sale (with the Loyalty API away: from its return) until nothing was
/// waiting to be published.</param>
/// <param name="Silos">Processes that carried the actors; null for a server that stands alone.</param>
/// <param name="LongestWaitSeconds">That any one till with a command outstanding had neither an answer nor Busy.</param>
/// <param name="Faults">calm or storm.</param>
/// <param name="Pauses">How often a storm held the server still.</param>
/// <param name="NeverStarted">Arrivals for which no till was free before the time was over.</param>
public sealed record DemoReport(
    double Seconds,
    int Tills,
    SaleSums Sales,
    int SecondAttempts,
    long Exchanges,
    LedgerSums Ledger,
    ReceiptSums TillReceipts,
    int Kills,
    IReadOnlyList<string> Violations,
    double PaidPerSecond,
    PerSale PerSale,
    Latencies LatencyMs,
    IReadOnlyDictionary<string, int> RefundsFailed,
    int NeverStarted,
    int Trials,
    int Seed,
    double? RestartSeconds,
    int Members,
    int Enrolled,
    int EnrolRefused,
    CheckInSums CheckIns,
    LoyaltySums LoyaltyEvents,
    double DrainSeconds,
    string Faults,
    int Pauses,
    int? Silos,
    double LongestWaitSeconds)
{
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.DemoReport);
}

/// <summary>Totals of the run divided by the sales started.</summary>
/// <param name="WakeSettles">Wake-ups that were moved or cleared without a save.</param>
/// <param name="FleetCpuMicros">Processor time of the tills, their transcript included.</param>
public sealed record PerSale(
    double Saves, long BytesSaved, double VippsCalls, long ServerCpuMicros, double WakeSettles, long SimulatorCpuMicros,
    long FleetCpuMicros);

public sealed record Latencies(LatencyMs ScanToView, LatencyMs PayToPaid, LatencyMs WebhookToView, LatencyMs AskToEnrolled);

/// <param name="Sent">Calls.</param>
/// <param name="Ok">Of these, taken by Vipps.</param>
public sealed record CheckInSums(long Sent, long Ok);

/// <param name="Expected">The sum of the next two.</param>
/// <param name="Merged">Made old by a newer whole value of the same member and kind that was accepted.</param>
/// <param name="Posts">Calls to the Loyalty API, retries included.</param>
public sealed record LoyaltySums(int Expected, int Accepted, int Merged, long Posts);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DemoReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
