using ChainCheckout.Core.Values;
using ChainCheckout.Load.Books;
using ChainCheckout.Load.Crowds;
using ChainCheckout.Load.Measure;

namespace ChainCheckout.Cli.Demos;

/// <summary>What the fleet and the simulator have counted.</summary>
public sealed record DemoRun(SaleCounts Counts, int NeverStarted, BeforeOpening Before)
{
    public VippsStats? Vipps { get; init; }

    public TimeSpan FleetCpu { get; init; }

    public TimeSpan SimulatorCpu { get; init; }

    public TimeSpan Drain { get; init; }

    public TimeSpan LongestWait { get; init; }

    /// <summary>Who stood at the till, by the sale's name.</summary>
    public required IReadOnlyDictionary<string, Shopper> Visits { get; init; }

    public required DemoPeople People { get; init; }
}

/// <summary>What was counted while the tills were tried out; the sales' own costs begin after it.</summary>
/// <param name="Trials">Sales that were tried and cancelled.</param>
public sealed record BeforeOpening(
    int Trials, long VippsCalls, long Saves, long BytesSaved, long WakesSettled, TimeSpan ServerCpu);

/// <summary>Closes the books of a run: reads them, compares them, and picks the sale that is told.</summary>
internal static class DemoBooks
{
    public static (DemoReport Report, IReadOnlyList<string> Story) Close(
        DemoOptions options, DemoFolder folder, DemoRun run, IDemoServers server, ServerBooks stored, ChainSecret secret)
    {
        var entries = BookFiles.ReadLedger(folder.Ledger).ToList();
        var ledger = new LedgerBook(entries);
        var tills = new TillBook(BookFiles.ReadTills(folder.Tills));
        var members = AskMembers(run, entries, ledger, tills, run.People.InBooks(secret, stored.Members));
        IReadOnlyList<string> violations = [.. BookRules.Violations(ledger, tills, stored.Payments), .. members.Violations];
        var sales = run.Counts.Sums();
        var calls = run.Vipps!.Calls;
        var each = Math.Max(1, sales.Started);
        var seconds = options.Seconds.TotalSeconds;
        var report = new DemoReport(
            seconds,
            options.Tills,
            sales,
            run.Counts.SecondAttempts,
            calls.GetValueOrDefault("exchange"),
            LedgerSums.Of(ledger),
            ReceiptSums.Of(tills),
            server.Kills.Count,
            violations,
            Math.Round(sales.Paid / seconds, 1),
            PerSale(run, server, stored, each),
            new Latencies(
                run.Counts.ScanToView.ToLatency(),
                run.Counts.PayToPaid.ToLatency(),
                WebhookLag.Measure(ledger, tills).ToLatency(),
                run.Counts.AskToEnrolled.ToLatency()),
            run.Counts.RefundsFailed,
            run.NeverStarted,
            run.Before.Trials,
            options.Seed,
            server.Kills.Count == 0
                ? null
                : Math.Round(server.Kills.Average(life => (life.ReadyAt - life.KilledAt).TotalSeconds), 2),
            run.People.MemberCount,
            run.Counts.Enrolled,
            run.Counts.EnrolRefused,
            new CheckInSums(calls.GetValueOrDefault("checkIn"), entries.Count(entry => entry.Kind == LedgerKinds.CheckIn)),
            new LoyaltySums(members.Sums.Expected, members.Sums.Accepted, members.Sums.Merged, calls.GetValueOrDefault("loyalty")),
            Math.Round(run.Drain.TotalSeconds, 2),
            options.Faults,
            server.Pauses,
            server.Silos,
            Math.Round(run.LongestWait.TotalSeconds, 2));
        return (report, DemoStory.Tell(folder, tills, server.Kills));
    }

    private static MemberRules AskMembers(
        DemoRun run, IReadOnlyList<LedgerEntry> entries, LedgerBook ledger, TillBook tills, IReadOnlyDictionary<Shopper, BookCustomer> books)
    {
        var visits = run.Visits.Where(visit => books.ContainsKey(visit.Value))
            .ToDictionary(visit => visit.Key, visit => books[visit.Value], StringComparer.Ordinal);
        return new MemberRules(entries, ledger, tills, visits, [.. books.Values], DemoChain.Programme);
    }

    private static PerSale PerSale(DemoRun run, IDemoServers server, ServerBooks stored, int each)
    {
        var (before, stats) = (run.Before, stored.Stats);
        double Each(long total) => Math.Round((double)total / each, 2);
        long Micros(TimeSpan total) => (long)total.TotalMicroseconds / each;
        return new PerSale(
            Each(stats.Saves - before.Saves),
            (stats.Bytes - before.BytesSaved) / each,
            Each(run.Vipps!.Calls.Values.Sum() - before.VippsCalls),
            Micros(server.CpuTime - before.ServerCpu),
            Each(stats.Settles - before.WakesSettled),
            Micros(run.SimulatorCpu),
            Micros(run.FleetCpu));
    }
}
