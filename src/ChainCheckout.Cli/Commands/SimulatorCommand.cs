using System.CommandLine;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Standalone;
using ChainCheckout.Simulator;

namespace ChainCheckout.Cli.Commands;

internal static class SimulatorCommand
{
    public static Command Create()
    {
        var lifeline = new Option<bool>(InputEnd.Option) { Hidden = true };
        var command = new Command("simulator", "Run a simulated Vipps; its own options are in docs/simulator.md.")
        {
            lifeline,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancellation) =>
        {
            using var end = InputEnd.Link(parsed.GetValue(lifeline), cancellation);
            return await SimulatorProgram.RunAsync([.. parsed.UnmatchedTokens], end.Token);
        });
        return command;
    }
}
