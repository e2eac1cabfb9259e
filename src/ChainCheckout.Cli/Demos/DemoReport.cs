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
    double? RestartSeconds)
{
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.DemoReport);
}

/// <summary>Totals of the run divided by the sales started.</summary>
/// <param name="WakeSettles">Wake-ups that were moved or cleared without a save.</param>
/// <param name="FleetCpuMicros">Processor time of the tills, their transcript included.</param>
public sealed record PerSale(
    double Saves, long BytesSaved, double VippsCalls, long ServerCpuMicros, double WakeSettles, long SimulatorCpuMicros,
    long FleetCpuMicros);

public sealed record Latencies(LatencyMs ScanToView, LatencyMs PayToPaid, LatencyMs WebhookToView);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DemoReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
