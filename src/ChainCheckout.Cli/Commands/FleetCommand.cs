using System.CommandLine;
using System.Net;
using ChainCheckout.Cli.Demos;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Load.Crowds;
using ChainCheckout.Load.Fleets;
using ChainCheckout.Load.Pacing;
using ChainCheckout.Load.Transcripts;

namespace ChainCheckout.Cli.Commands;

/// <summary>The tills of a running server's settings, selling to the people of a running simulator.</summary>
internal static class FleetCommand
{
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(60);

    public static Command Create()
    {
        var address = new Option<string?>("--address")
        {
            Description = "The server's till listener, host:port (default: that of the settings).",
        };
        var settings = new Option<FileInfo?>("--settings")
        {
            Description = "The server's settings file: stores, tills and their secrets.",
        };
        var simulator = HttpAddress.Option("--simulator", "The simulated Vipps that the server talks to, http://host:port.");
        simulator.Required = true;
        var factor = new Option<double>("--time-factor") { Description = "The simulator's.",
            DefaultValueFactory = _ => 1 };
        var seconds = new Option<double>("--seconds") { Description = "Seconds in which sales are started.",
            DefaultValueFactory = _ => 10 };
        var rate = new Option<double?>("--rate")
        {
            Description = "Sales a second, on a Poisson schedule; without it tills sell back to back.",
        };
        var customers = new Option<string>("--customers") { Description = "mixed, or prompt.",
            DefaultValueFactory = _ => "mixed" };
        customers.AcceptOnlyFromAmong("mixed", "prompt");
        var tills = new Option<FileInfo?>("--transcript")
        {
            Description = "Where every view and reply is written (tills.jsonl).",
        };
        var seed = new Option<int>("--seed") { Description = "All chance comes from it.",
            DefaultValueFactory = _ => 1 };
        var command = new Command("fleet", "Tills alone, against a running server and a running simulator.")
        {
            address, settings, simulator, factor, seconds, rate, customers, tills, seed,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var file = SettingsFile.Read(parsed.GetValue(settings));
            var layout = file.Layout();
            var options = new DemoOptions(
                layout.Tills, TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rate),
                parsed.GetValue(customers) == "prompt",
                KillEvery: null, Keep: null, IsJson: false, parsed.GetValue(seed));
            options.Check();
            var server = Server(parsed.GetValue(address) ?? file.Gateway?.Tills?.ToString());
            return RunAsync(options, layout, server, parsed.GetRequiredValue(simulator)!, parsed.GetValue(factor),
                parsed.GetValue(tills), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        DemoOptions options, FleetLayout layout, EndPoint server, Uri simulator, double factor, FileInfo? tills,
        CancellationToken cancellation)
    {
        var clock = TimeProvider.System;
        using var vipps = new SimulatedVipps(simulator, factor);
        var shoppers = await PeopleAsync(vipps, options, simulator, cancellation);
        await using var transcript = new TillTranscript(
            tills?.FullName ?? (OperatingSystem.IsWindows() ? "NUL" : "/dev/null"));
        ICrowd crowd = options.IsPrompt ? new PromptCrowd() : vipps;
        await using var fleet = new Fleet(
            new FleetParts(layout, [server], shoppers, crowd, transcript, new Timeline(clock), options.Seed));
        await fleet.ConnectAsync(cancellation);

        var display = new PlainDisplay(Console.Out, clock);
        var from = clock.GetTimestamp();
        var until = from + (long)(options.Seconds.TotalSeconds * clock.TimestampFrequency);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(options.Seconds + SettleWithin);
        using var shown = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var showing = display.ShowAsync(fleet.Counts, () => 0, options, shown.Token);
        var schedule = options.Rate is { } rate
            ? new PoissonArrivals(rate, clock, from, until, new Random(options.Seed))
            : null;
        var arriving = schedule?.RunAsync(patience.Token) ?? Task.CompletedTask;
        await fleet.SellAsync(schedule as IArrivals ?? new BackToBack(clock, until), patience.Token);
        await arriving;
        await shown.CancelAsync();
        await showing;

        foreach (var line in DemoSummary.Lines(fleet.Counts, options)) Console.WriteLine(line);
        return fleet.Counts.Sums().Open == 0 ? 0 : 1;
    }

    private static async Task<IReadOnlyList<Shopper>> PeopleAsync(
        SimulatedVipps vipps, DemoOptions options, Uri simulator, CancellationToken cancellation)
    {
        try
        {
            return await vipps.PeopleAsync(options.Tills * Fleet.ShoppersPerTill, options.Seed, cancellation);
        }
        catch (HttpRequestException failure)
        {
            throw new CommandException($"fleet: no simulator answers at {simulator.Authority}.", failure);
        }
    }

    /// <exception cref="CommandException">It is not host:port.</exception>
    internal static EndPoint Server(string? address)
    {
        var colon = address?.LastIndexOf(':') ?? -1;
        if (colon <= 0 || !ushort.TryParse(address.AsSpan(colon + 1), out var port) || port == 0)
            throw new CommandException("fleet: --address must be host:port.");
        return IPAddress.TryParse(address.AsSpan(0, colon), out var numeric)
            ? new IPEndPoint(numeric, port)
            : new DnsEndPoint(address![..colon], port);
    }
}
