using System.Globalization;
using ChainCheckout.Simulation.Mutants;

namespace ChainCheckout.Simulation;

/// <summary>
/// <c>simulate [--seeds N] [--seed S] [--from S] [--mutants] [--json]</c>: runs seeds, or shows that each bug on purpose is
/// caught.
/// </summary>
public static class SimulateProgram
{
    private const int SeedsOtherwise = 2_000;
    private const int FailuresTold = 3;

    /// <returns>0 when nothing failed and nothing was missed; 1 otherwise; 2 for arguments that make no sense.</returns>
    public static int Run(string[] args, TextWriter output)
    {
        if (SimulateOptions.Parse(args) is { } options) return Run(options, output);
        output.WriteLine("simulate [--seeds N] [--seed S] [--from S] [--mutants] [--json]");
        return 2;
    }

    public static int Run(SimulateOptions options, TextWriter output) => options.Mutants ? Mutate(options, output) : Simulate(options, output);

    private static int Simulate(SimulateOptions options, TextWriter output)
    {
        var (from, count) = options.Seed is { } only ? (only, 1) : (options.From ?? 1, options.Seeds ?? SeedsOtherwise);
        var report = SeedRuns.Of(from, count);
        foreach (var failed in report.Failed.Take(FailuresTold)) Tell(failed, output);
        output.WriteLine(options.Json ? report.ToJson() : report.ToText());
        return report.Failed.Length == 0 ? 0 : 1;
    }

    private static void Tell(ulong seed, TextWriter output)
    {
        var told = Simulation.Run.Of(seed, keepsStory: true);
        if (told.Found is not { } found)
        {
            output.WriteLine($"seed {seed} failed and does not fail again: the simulation is not deterministic");
            return;
        }

        output.WriteLine($"seed {seed}: {found.Checker} ({found.Invariants}): {found.What}");
        output.WriteLine($"again: ./checkout simulate --seed {seed}");
        output.WriteLine(told.Story);
    }

    private static int Mutate(SimulateOptions options, TextWriter output)
    {
        var hunt = MutantHunt.Run(options.Seeds ?? MutantHunt.SeedsMax, options.Json ? null : output);
        if (options.Json) output.WriteLine(hunt.ToTable());
        output.WriteLine(options.Json ? hunt.ToJson() : hunt.ToText());
        return hunt.Missed.Length == 0 ? 0 : 1;
    }
}

/// <summary>The arguments of <c>simulate</c>.</summary>
public sealed record SimulateOptions(int? Seeds, ulong? Seed, ulong? From, bool Mutants, bool Json)
{
    /// <summary>Null for arguments that make no sense.</summary>
    public static SimulateOptions? Parse(string[] args)
    {
        var options = new SimulateOptions(null, null, null, false, false);
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length && ulong.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (ulong?)null;
            switch (args[i], value)
            {
                case ("--json", _):
                    options = options with { Json = true };
                    continue;
                case ("--mutants", _):
                    options = options with { Mutants = true };
                    continue;
                case ("--seeds", > 0 and <= 10_000_000):
                    options = options with { Seeds = (int)value };
                    break;
                case ("--seed", not null):
                    options = options with { Seed = value };
                    break;
                case ("--from", not null):
                    options = options with { From = value };
                    break;
                default:
                    return null;
            }

            i++;
        }

        return options;
    }
}
