using ChainCheckout.Load.Measure;

namespace ChainCheckout.Cli.Demos;

/// <summary>Where a run is watched.</summary>
public interface IDemoDisplay
{
    void Say(string what);

    /// <summary>Shows how the sales stand until it is cancelled; ends without an exception.</summary>
    Task ShowAsync(SaleCounts counts, Func<int> kills, DemoOptions options, CancellationToken cancellation);
}

/// <summary>A line a second: for a file, a pipe, a build's log.</summary>
public sealed class PlainDisplay(TextWriter output, TimeProvider clock) : IDemoDisplay
{
    public void Say(string what) => output.WriteLine(what);

    public async Task ShowAsync(SaleCounts counts, Func<int> kills, DemoOptions options, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        var seconds = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                var sums = counts.Sums();
                output.WriteLine(
                    $"{++seconds,4} s: {sums.Started} sales, {sums.Paid} paid, {sums.PaidElsewhere} paid " +
                    $"elsewhere, {sums.Refused} refused, " +
                    $"{sums.Expired} expired, {sums.Cancelled} cancelled, {sums.Failed.Values.Sum()} failed, " +
                    $"{sums.Open} open, " +
                    $"{counts.Refunds} refunds, {kills()} kills");
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }
}
