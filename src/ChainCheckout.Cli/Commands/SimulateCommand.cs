using System.CommandLine;
using ChainCheckout.Simulation;

namespace ChainCheckout.Cli.Commands;

internal static class SimulateCommand
{
    public static Command Create()
    {
        var seeds = new Option<int?>("--seeds") { Description = "How many seeds; 2,000 otherwise, for mutants 1,000 each at most." };
        var seed = new Option<ulong?>("--seed") { Description = "Only this one." };
        var from = new Option<ulong?>("--from") { Description = "The first seed; 1 otherwise." };
        var mutants = new Option<bool>("--mutants") { Description = "Show that each bug on purpose is caught, and by which checker." };
        var json = new Option<bool>("--json") { Description = "The last line is one JSON object." };
        var command = new Command("simulate", "Run a whole chain by seeds, with everything that can go wrong, in virtual time.") { seeds, seed, from, mutants, json };
        command.SetAction(parsed => SimulateProgram.Run(
            new SimulateOptions(parsed.GetValue(seeds), parsed.GetValue(seed), parsed.GetValue(from), parsed.GetValue(mutants), parsed.GetValue(json)), Console.Out));
        return command;
    }
}
