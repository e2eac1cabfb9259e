using System.CommandLine;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Standalone;

namespace ChainCheckout.Cli.Commands;

internal static class RunCommand
{
    public static Command Create()
    {
        var settings = new Option<FileInfo?>("--settings")
        {
            Description = "The settings file (default: appsettings.json here).",
        };
        var lifeline = new Option<bool>(InputEnd.Option) { Hidden = true };
        const string About = "Run the server: tills, webhooks and operators, on one SQLite file.";
        var command = new Command("run", About) { settings, lifeline };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var end = InputEnd.Link(parsed.GetValue(lifeline), cancellation);
            string[] args = parsed.GetValue(settings) is { } file ? ["--settings", file.FullName] : [];
            return await StandaloneProgram.RunAsync(args, end.Token);
        });
        return command;
    }
}
