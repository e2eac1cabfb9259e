using System.CommandLine;
using ChainCheckout.Cli.Demos;
using ChainCheckout.Cli.Processes;
using Spectre.Console;

namespace ChainCheckout.Cli.Commands;

/// <summary>What every demo takes, whatever carries its actors.</summary>
internal sealed class DemoArguments
{
    private readonly Option<int> _tills = new("--tills") { Description = "Tills, 20 to a store.", DefaultValueFactory = _ => 50 };

    private readonly Option<double> _seconds = new("--seconds") { Description = "Seconds in which sales are started.",
        DefaultValueFactory = _ => 10 };

    private readonly Option<double?> _rate = new("--rate")
    {
        Description = "Sales a second, on a Poisson schedule; without it tills sell back to back.",
    };

    private readonly Option<string> _customers = new("--customers") { Description = "mixed, or prompt: all approve at once.",
        DefaultValueFactory = _ => "mixed" };

    private readonly Option<bool> _loyaltyAway = new("--loyalty-away")
    {
        Description = "Keep the simulated Loyalty API away for the whole run; bring it back at the end.",
    };

    private readonly Option<string> _faults = new("--faults")
    {
        Description = "calm, or storm: Vipps' calls and webhooks fail, and the server is held still for seconds.",
        DefaultValueFactory = _ => DemoOptions.Calm,
    };

    private readonly Option<DirectoryInfo?> _keep = new("--keep")
    {
        Description = "A new folder for the books: ledger.jsonl, tills.jsonl, customers.jsonl, server/.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "The last line is one JSON object." };

    private readonly Option<int> _seed = new("--seed") { Description = "All chance comes from it.", DefaultValueFactory = _ => 1 };

    public DemoArguments() => _customers.AcceptOnlyFromAmong("mixed", "prompt");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _tills, _seconds, _rate, _customers, _loyaltyAway, _faults, _keep, _json, _seed }) command.Options.Add(option);
    }

    public DemoOptions Read(ParseResult parsed) => new(
        parsed.GetValue(_tills),
        TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
        parsed.GetValue(_rate),
        parsed.GetValue(_customers) == "prompt",
        KillEvery: null,
        parsed.GetValue(_keep),
        parsed.GetValue(_json),
        parsed.GetValue(_seed),
        parsed.GetValue(_loyaltyAway),
        parsed.GetValue(_faults)!);
}

internal static class DemoCommand
{
    private const int Violated = 1;

    public static Command Create()
    {
        var killEvery = new Option<double?>("--kill-every")
        {
            Description = "kill -9 the server so many seconds after it was ready, again and again.",
        };
        var common = new DemoArguments();
        var command = new Command("demo", "A chain at work: simulated Vipps, server and tills; then the books are compared.") { killEvery };
        common.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(
            common.Read(parsed) with { KillEvery = parsed.GetValue(killEvery) is { } every ? TimeSpan.FromSeconds(every) : null }, cancellation));
        return command;
    }

    public static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellation)
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
