using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChainCheckout.Simulation.Faults;
using ChainCheckout.Simulation.People;

namespace ChainCheckout.Simulation;

/// <summary>What many seeds came to.</summary>
internal sealed record SeedReport(
    int Seeds, ImmutableArray<ulong> Failed, long Sales, ImmutableSortedDictionary<string, long> Outcomes, long Faults,
    ImmutableSortedDictionary<string, long> FaultsByKind, double VirtualHours, double Seconds, string Digest)
{
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            seeds = Seeds, failed = Failed, sales = Sales, outcomes = Outcomes, faults = Faults, faultsByKind = FaultsByKind,
            virtualHours = Math.Round(VirtualHours, 1), seconds = Math.Round(Seconds, 1), digest = Digest,
        });

    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var (name, count) in FaultsByKind) text.Append(CultureInfo.InvariantCulture, $"  {name,-28} {count,10:N0}\n");
        text.Append(string.Join(", ", Outcomes.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key} {one.Value:N0}")))).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"{Seeds:N0} seeds, {Failed.Length} failed, {Sales:N0} sales, {Faults:N0} faults, {VirtualHours:N0} virtual hours in {Seconds:N1} s, digest {Digest}");
        if (!Failed.IsEmpty) text.Append(CultureInfo.InvariantCulture, $"\nfailed: {string.Join(' ', Failed)}");
        return text.ToString();
    }
}

/// <summary>Runs seeds on a few threads. Each run has one thread to itself; the sum is made in the order of the seeds.</summary>
internal static class SeedRuns
{
    private const int StackBytes = 16 * 1024 * 1024;
    private const int ThreadsMax = 2;

    public static SeedReport Of(ulong from, int count)
    {
        var watch = Stopwatch.StartNew();
        var results = new RunResult[count];
        var next = -1;
        OnThreads(Math.Min(Math.Min(ThreadsMax, Environment.ProcessorCount), count), () =>
        {
            for (var index = Interlocked.Increment(ref next); index < count; index = Interlocked.Increment(ref next))
                results[index] = Run.Of(from + (ulong)index);
        });
        return Sum(results, watch.Elapsed.TotalSeconds);
    }

    /// <summary>Threads of their own: a pool's would be shared with whoever else waits for one.</summary>
    public static void OnThreads(int count, Action work)
    {
        var threads = Enumerable.Range(0, count).Select(_ => new Thread(() => work(), StackBytes)).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
    }

    private static SeedReport Sum(RunResult[] results, double seconds)
    {
        var faults = Enum.GetValues<FaultKind>().ToImmutableSortedDictionary(kind => $"{kind}", kind => results.Sum(one => one.Faults[(int)kind]), StringComparer.Ordinal);
        var ends = Enum.GetValues<SaleEnd>().ToImmutableSortedDictionary(end => $"{end}", end => results.Sum(one => one.Ends[(int)end]), StringComparer.Ordinal);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(results.Select(one => one.Digest)))).AsSpan(0, 16));
        return new SeedReport(
            results.Length, [.. results.Where(one => one.Found is not null).Select(one => one.Seed)], results.Sum(one => (long)one.Sales), ends,
            faults.Values.Sum(), faults, results.Sum(one => one.VirtualHours), seconds, digest);
    }
}
