using System.Globalization;
using ChainCheckout.Load.Measure;
using Spectre.Console;

namespace ChainCheckout.Cli.Demos;

/// <summary>A table that changes in place, for a person at a terminal.</summary>
public sealed class TableDisplay(IAnsiConsole console, TimeProvider clock) : IDemoDisplay
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    public void Say(string what) => console.MarkupLineInterpolated($"[grey]{what}[/]");

    public Task ShowAsync(SaleCounts counts, Func<int> kills, DemoOptions options, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        return console.Live(Table(counts, kills(), TimeSpan.Zero, options)).StartAsync(async live =>
        {
            using var timer = new PeriodicTimer(Every, clock);
            try
            {
                while (await timer.WaitForNextTickAsync(cancellation))
                    live.UpdateTarget(Table(counts, kills(), clock.GetElapsedTime(begun), options));
            }
            catch (OperationCanceledException)
            {
                live.UpdateTarget(Table(counts, kills(), clock.GetElapsedTime(begun), options));
            }
        });
    }

    private static Table Table(SaleCounts counts, int kills, TimeSpan elapsed, DemoOptions options)
    {
        var sums = counts.Sums();
        var selling = elapsed < options.Seconds ? elapsed : options.Seconds;
        var table = new Table().Border(TableBorder.Rounded).AddColumn("sales")
            .AddColumn(new TableColumn("count").RightAligned());
        void Row(string name, string value) => table.AddRow(name, value);
        Row(elapsed < options.Seconds ? "time" : "time (settling)",
            string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:F1} s"));
        Row("started", Text(sums.Started));
        Row("paid", Text(sums.Paid));
        Row("paid by another tender", Text(sums.PaidElsewhere));
        Row("refused", Text(sums.Refused));
        Row("expired", Text(sums.Expired));
        Row("cancelled", Text(sums.Cancelled));
        Row("failed", Text(sums.Failed.Values.Sum()));
        Row("open", Text(sums.Open));
        Row("second attempts", Text(counts.SecondAttempts));
        Row("refunds", Text(counts.Refunds));
        Row("kills of the server", Text(kills));
        Row("paid a second",
            string.Create(CultureInfo.InvariantCulture, $"{sums.Paid / Math.Max(0.001, selling.TotalSeconds):F0}"));
        Row("scan to view, p50 / p99", Pair(counts.ScanToView));
        Row("pay to paid, p50 / p99", Pair(counts.PayToPaid));
        return table;
    }

    private static string Pair(Histogram latency) =>
        string.Create(
            CultureInfo.InvariantCulture, $"{latency.PercentileMs(0.5):F1} / {latency.PercentileMs(0.99):F1} ms");

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
}
