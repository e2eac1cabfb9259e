using System.CommandLine;
using ChainCheckout.Cli.Demos;
using ChainCheckout.Cli.Processes;
using Spectre.Console;

namespace ChainCheckout.Cli.Commands;

internal static class DemoCommand
{
    private const int Violated = 1;

    public static Command Create()
    {
        var tills = new Option<int>("--tills") { Description = "Tills, 20 to a store.", DefaultValueFactory = _ => 50 };
        var seconds = new Option<double>("--seconds") { Description = "Seconds in which sales are started.",
            DefaultValueFactory = _ => 10 };
        var rate = new Option<double?>("--rate")
        {
            Description = "Sales a second, on a Poisson schedule; without it tills sell back to back.",
        };
        var customers = new Option<string>("--customers") { Description = "mixed, or prompt: all approve at once.",
            DefaultValueFactory = _ => "mixed" };
        customers.AcceptOnlyFromAmong("mixed", "prompt");
        var killEvery = new Option<double?>("--kill-every")
        {
            Description = "kill -9 the server so many seconds after it was ready, again and again.",
        };
        var loyaltyAway = new Option<bool>("--loyalty-away")
        {
            Description = "Keep the simulated Loyalty API away for the whole run; bring it back at the end.",
        };
        var faults = new Option<string>("--faults")
        {
            Description = "calm, or storm: Vipps' calls and webhooks fail, and the server is held still for seconds.",
            DefaultValueFactory = _ => DemoOptions.Calm,
        };
        var keep = new Option<DirectoryInfo?>("--keep")
        {
            Description = "A new folder for the books: ledger.jsonl, tills.jsonl, customers.jsonl, server/.",
        };
        var json = new Option<bool>("--json") { Description = "The last line is one JSON object." };
        var seed = new Option<int>("--seed") { Description = "All chance comes from it.",
            DefaultValueFactory = _ => 1 };
        var command = new Command(
            "demo", "A chain at work: simulated Vipps, server and tills; then the books are compared.")
        {
            tills, seconds, rate, customers, killEvery, faults, loyaltyAway, keep, json, seed,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new DemoOptions(
                parsed.GetValue(tills),
                TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                parsed.GetValue(rate),
                parsed.GetValue(customers) == "prompt",
                parsed.GetValue(killEvery) is { } every ? TimeSpan.FromSeconds(every) : null,
                parsed.GetValue(keep),
                parsed.GetValue(json),
                parsed.GetValue(seed),
                parsed.GetValue(loyaltyAway),
                parsed.GetValue(faults)!),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellation)
    {
        options.Check();
        var isTerminal = !Console.IsOutputRedirected && !options.IsJson;
        IDemoDisplay display = isTerminal
            ? new TableDisplay(AnsiConsole.Console, TimeProvider.System)
            : new PlainDisplay(Console.Out, TimeProvider.System);
        using var folder = new DemoFolder(options.Keep);
        var (report, story) = await new Demo(options, folder, display, TimeProvider.System).RunAsync(cancellation);

        foreach (var line in story) Console.WriteLine(line);
        foreach (var line in DemoSummary.Lines(report)) Console.WriteLine(line);
        if (options.Keep is not null) Console.WriteLine($"the books are in {folder.Root}");
        if (options.IsJson) Console.WriteLine(report.ToJson());
        return report.Violations.Count == 0 ? 0 : Violated;
    }
}
