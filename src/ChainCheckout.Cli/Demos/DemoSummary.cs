using ChainCheckout.Load.Measure;

namespace ChainCheckout.Cli.Demos;

/// <summary>A report in words.</summary>
internal static class DemoSummary
{
    /// <summary>Of a fleet that was on its own: there are no books to compare.</summary>
    public static IEnumerable<string> Lines(SaleCounts counts, DemoOptions options)
    {
        var sales = counts.Sums();
        var seconds = options.Seconds.TotalSeconds;
        yield return Sales(sales, seconds, options.Tills, sales.Paid / seconds);
        foreach (var (why, count) in sales.Failed) yield return $"failed, {why}: {count}";
        foreach (var (why, count) in counts.RefundsFailed) yield return $"refund failed, {why}: {count}";
        yield return $"{counts.SecondAttempts} second attempts, {counts.Refunds} refunds";
        yield return $"scan to view {Pair(counts.ScanToView.ToLatency())}, pay to paid " +
            $"{Pair(counts.PayToPaid.ToLatency())} (p50 / p99)";
    }

    public static IEnumerable<string> Lines(DemoReport report)
    {
        var sales = report.Sales;
        yield return "";
        yield return Sales(sales, report.Seconds, report.Tills, report.PaidPerSecond);
        foreach (var (why, count) in sales.Failed) yield return $"failed, {why}: {count}";
        foreach (var (why, count) in report.RefundsFailed) yield return $"refund failed, {why}: {count}";
        yield return $"Vipps' ledger: {report.Ledger.CapturedMinor / 100m:F2} captured, " +
            $"{report.Ledger.RefundedMinor / 100m:F2} refunded; " +
            $"receipts at tills: {report.TillReceipts.PaidMinor / 100m:F2} and " +
            $"{report.TillReceipts.RefundedMinor / 100m:F2}";
        yield return $"scan to view {Pair(report.LatencyMs.ScanToView)}, pay to paid " +
            $"{Pair(report.LatencyMs.PayToPaid)}, " +
            $"webhook to view {Pair(report.LatencyMs.WebhookToView)} (p50 / p99)";
        yield return $"members: {report.Members} imported, {report.Enrolled} enrolled, {report.EnrolRefused} did not join; "
            + $"{report.CheckIns.Ok} check-ins; loyalty events: {report.LoyaltyEvents.Accepted} accepted, "
            + $"{report.LoyaltyEvents.Merged} merged, {report.LoyaltyEvents.Posts} posts, drained in {report.DrainSeconds:F1} s";
        yield return $"per sale {report.PerSale.Saves} saves, {report.PerSale.BytesSaved} bytes, " +
            $"{report.PerSale.VippsCalls} calls to Vipps, " +
            $"{report.PerSale.ServerCpuMicros} µs of the server's processor";
        if (report.Kills > 0)
            yield return $"the server was killed {report.Kills} times and was back after " +
                $"{report.RestartSeconds:F1} s on average";
        if (report.Pauses > 0) yield return $"the server was held still {report.Pauses} times";
        foreach (var violation in report.Violations) yield return violation;
        yield return report.Violations.Count == 0
            ? "the books agree, nothing is violated"
            : $"{report.Violations.Count} VIOLATIONS";
    }

    private static string Sales(SaleSums sales, double seconds, int tills, double paidPerSecond) =>
        $"{sales.Started} sales in {seconds:0.#} s at {tills} tills: {sales.Paid} paid ({paidPerSecond:F1} a " +
        $"second), " +
        $"{sales.PaidElsewhere} paid elsewhere, {sales.Refused} refused, {sales.Expired} expired, " +
        $"{sales.Cancelled} cancelled, {sales.Open} open";

    private static string Pair(LatencyMs latency) => $"{latency.P50} / {latency.P99} ms";
}
