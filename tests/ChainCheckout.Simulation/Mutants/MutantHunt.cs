using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ChainCheckout.Simulation.Mutants;

/// <summary>Who caught a bug on purpose.</summary>
/// <param name="By">Null when nobody did.</param>
internal sealed record Catch(Mutant Mutant, string? By, string Invariants, ulong Seed);

/// <summary>Whether every bug on purpose was caught, and by whom.</summary>
internal sealed record MutantReport(ImmutableArray<Catch> Catches)
{
    public ImmutableArray<string> Missed => [.. Catches.Where(one => one.By is null).Select(one => $"{one.Mutant}")];

    public string ToJson() => JsonSerializer.Serialize(new
    {
        mutants = Catches.Length, caught = Catches.Count(one => one.By is not null), names = Catches.Select(one => $"{one.Mutant}"), missed = Missed,
    });

    public string ToTable()
    {
        var text = new StringBuilder();
        foreach (var one in Catches) text.AppendLine(Line(one));
        return text.ToString();
    }

    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"{Catches.Length} mutants, {Catches.Count(one => one.By is not null)} caught{(Missed.IsEmpty ? "" : $", missed: {string.Join(", ", Missed)}")}");

    public static string Line(Catch one) => string.Create(
        CultureInfo.InvariantCulture, $"{one.Mutant,-28} {(one.By is null ? "MISSED" : $"caught by {one.By} ({one.Invariants}), seed {one.Seed}")}");
}

/// <summary>The checker of checkers: each bug on purpose, run until some checker notices it.</summary>
internal static class MutantHunt
{
    public const int SeedsMax = 1_000;

    public static MutantReport Run(int seedsMax, TextWriter? told)
    {
        var mutants = Enum.GetValues<Mutant>().Where(one => one != Mutant.None).ToArray();
        var catches = new Catch[mutants.Length];
        var next = -1;
        SeedRuns.OnThreads(2, () =>
        {
            for (var index = Interlocked.Increment(ref next); index < mutants.Length; index = Interlocked.Increment(ref next))
            {
                catches[index] = Of(mutants[index], seedsMax);
                if (told is not null) lock (told) told.WriteLine(MutantReport.Line(catches[index]));
            }
        });
        return new MutantReport([.. catches]);
    }

    public static Catch Of(Mutant mutant, int seedsMax)
    {
        if (WireMutants.Catches(mutant) is { } caught) return caught;
        for (ulong seed = 1; seed <= (ulong)seedsMax; seed++)
        {
            // A seed that fails without the bug proves nothing about it.
            if (Simulation.Run.Of(seed, mutant).Found is { } found && Simulation.Run.Of(seed).Found is null) return new Catch(mutant, found.Checker, found.Invariants, seed);
        }

        return new Catch(mutant, null, "", 0);
    }
}
