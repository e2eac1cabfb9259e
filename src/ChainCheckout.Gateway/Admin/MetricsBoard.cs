using Prometheus;

namespace ChainCheckout.Gateway.Admin;

/// <summary>A part of the process that has something to tell whoever scrapes it.</summary>
public interface IMetricsSource
{
    /// <summary>Names its families, once, before the first scrape.</summary>
    void Register(MetricsBoard board);
}

/// <summary>One line of a family: the values of its labels, in the family's order, and the number.</summary>
public readonly record struct Sample(double Value, params string[] Labels);

/// <summary>
/// All that <c>GET /metrics</c> tells, as Prometheus' text format 0.0.4 has it. What is counted elsewhere is read at each scrape, so that it
/// costs nothing in between. A label's values are names out of the code: never a till, a store, a phone number, a reference.
/// </summary>
public sealed class MetricsBoard
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>A scraper gives up after ten seconds as a rule: what is asked of storage must not take the rest with it.</summary>
    private static readonly TimeSpan AskWithin = TimeSpan.FromSeconds(3);

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly IMetricFactory _families;
    private readonly TimeProvider _clock;

    public MetricsBoard(IEnumerable<IMetricsSource> sources, TimeProvider clock)
    {
        (_families, _clock) = (Metrics.WithCustomRegistry(_registry), clock);

        // The process itself: processor, memory, threads, collections, under the names that every dashboard knows.
        DotNetStats.Register(_registry);
        foreach (var source in sources) source.Register(this);
    }

    /// <summary>What only grows; <paramref name="read"/> tells the whole sum.</summary>
    public void Counter(string name, string help, Func<double> read)
    {
        var counter = _families.CreateCounter(name, help);
        _registry.AddBeforeCollectCallback(() => counter.IncTo(read()));
    }

    /// <inheritdoc cref="Counter(string, string, Func{double})"/>
    public void Counter(string name, string help, string[] labels, Func<IEnumerable<Sample>> read)
    {
        var counter = _families.CreateCounter(name, help, labels);
        _registry.AddBeforeCollectCallback(() =>
        {
            foreach (var sample in read()) counter.WithLabels(sample.Labels).IncTo(sample.Value);
        });
    }

    /// <summary>What stands at some value now.</summary>
    public void Gauge(string name, string help, Func<double> read)
    {
        var gauge = _families.CreateGauge(name, help);
        _registry.AddBeforeCollectCallback(() => gauge.Set(read()));
    }

    /// <inheritdoc cref="Gauge(string, string, Func{double})"/>
    public void Gauge(string name, string help, string[] labels, Func<IEnumerable<Sample>> read)
    {
        var gauge = _families.CreateGauge(name, help, labels);
        _registry.AddBeforeCollectCallback(() =>
        {
            foreach (var sample in read()) gauge.WithLabels(sample.Labels).Set(sample.Value);
        });
    }

    /// <summary>
    /// What must be asked for. A family whose question fails, or takes too long, is left out of that scrape: the last answer would be a
    /// lie.
    /// </summary>
    public void Gauge(string name, string help, string[] labels, Func<CancellationToken, Task<IReadOnlyList<Sample>>> ask)
    {
        var gauge = _families.CreateGauge(name, help, new GaugeConfiguration { LabelNames = labels, SuppressInitialValue = true });
        _registry.AddBeforeCollectCallback(async cancellation =>
        {
            try
            {
                var samples = await ask(cancellation).WaitAsync(AskWithin, _clock, cancellation);
                foreach (var sample in samples) gauge.WithLabels(sample.Labels).Set(sample.Value);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // Whoever stores tells of its failure itself.
                foreach (var known in gauge.GetAllLabelValues()) gauge.WithLabels(known).Unpublish();
            }
        });
    }

    /// <returns>Takes one observation.</returns>
    public Action<double> Histogram(string name, string help, double[] buckets) =>
        _families.CreateHistogram(name, help, new HistogramConfiguration { Buckets = buckets }).Observe;

    public Task WriteAsync(Stream to, CancellationToken cancellation) => _registry.CollectAndExportAsTextAsync(to, cancellation);
}
