using System.CommandLine;
using System.Net;
using System.Threading.Channels;
using ChainCheckout.Cli.Commands;
using ChainCheckout.Cli.Demos;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Client;
using ChainCheckout.Load.Crowds;
using ChainCheckout.Load.Fleets;
using ChainCheckout.Load.Journeys;
using ChainCheckout.Load.Transcripts;
using NBomber.Contracts;
using NBomber.CSharp;
using NBomberScenario = NBomber.CSharp.Scenario;
using NBomberSimulation = NBomber.CSharp.Simulation;

namespace ChainCheckout.Load.NBomber;

/// <summary>The fleet's journeys as an NBomber scenario, against a server and a simulator that run already.</summary>
internal static class Program
{
    private const int RateMax = 100_000;
    private const int SecondsMax = 86_400;

    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(60);

    private static readonly Option<string> Scenario = new("--scenario")
    {
        Description = "sale: scan, pay, paid, and nothing else. mixed: what customers do, as in fleet.",
        DefaultValueFactory = _ => "sale",
    };

    private static readonly Option<FileInfo?> Settings = new("--settings")
    {
        Description = "The server's settings file: stores, tills and their secrets.",
    };

    private static readonly Option<string?> Address = new("--address")
    {
        Description = "The server's till listener, host:port (default: that of the settings).",
    };

    private static readonly Option<Uri?> Simulator =
        HttpAddress.Option("--simulator", "The simulated Vipps that the server talks to, http://host:port.");

    private static readonly Option<double> TimeFactor = new("--time-factor")
    {
        Description = "The simulator's.", DefaultValueFactory = _ => 1,
    };

    private static readonly Option<int?> Rate = new("--rate")
    {
        Description = "Sales that arrive in a second, whether a till is free or not; without it tills sell back to back.",
    };

    private static readonly Option<int> Seconds = new("--seconds")
    {
        Description = "Seconds in which sales are started.", DefaultValueFactory = _ => 30,
    };

    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "All chance comes from it.", DefaultValueFactory = _ => 1,
    };

    private static readonly Option<FileInfo?> Config = new("--config")
    {
        Description = "NBomber's JSON configuration; its load simulations go over --rate and --seconds.",
    };

    private static readonly Option<DirectoryInfo?> Reports = new("--reports")
    {
        Description = "Where NBomber writes its reports (default: reports in the current folder).",
    };

    public static async Task<int> Main(string[] args)
    {
        Scenario.AcceptOnlyFromAmong("sale", "mixed");
        Simulator.Required = true;
        var root = new RootCommand("The tills of a server's settings as an NBomber scenario.")
        {
            Scenario, Settings, Address, Simulator, TimeFactor, Rate, Seconds, Seed, Config, Reports,
        };
        root.SetAction(RunAsync);
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (CommandException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return CommandException.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("stopped");
            return CommandException.ExitCode;
        }
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var seconds = parsed.GetValue(Seconds);
        var rate = parsed.GetValue(Rate);
        Demand(rate is null or (>= 1 and <= RateMax), $"--rate must be a whole number from 1 to {RateMax}");
        Demand(seconds is >= 1 and <= SecondsMax, $"--seconds must be a whole number from 1 to {SecondsMax}");
        Demand(parsed.GetValue(TimeFactor) > 0, "--time-factor must be above 0");
        var config = parsed.GetValue(Config);
        Demand(config is not { Exists: false }, $"--config: there is no file {config?.FullName}");
        var file = SettingsFile.Read(parsed.GetValue(Settings));
        var layout = file.Layout();
        Demand(layout.Tills > 0, "--settings: the file names no till");
        var server = FleetCommand.Server(parsed.GetValue(Address) ?? file.Gateway?.Tills?.ToString());

        var isPlain = parsed.GetValue(Scenario) == "sale";
        using var vipps = new SimulatedVipps(parsed.GetRequiredValue(Simulator)!, parsed.GetValue(TimeFactor));
        await using var transcript = new TillTranscript(OperatingSystem.IsWindows() ? "NUL" : "/dev/null");
        var shoppers = await PeopleAsync(vipps, layout.Tills, parsed, cancellation);
        ICrowd crowd = isPlain ? new PromptCrowd() : vipps;
        var parts = new FleetParts(
            layout, [server], shoppers, crowd, transcript, new Timeline(TimeProvider.System), parsed.GetValue(Seed))
        {
            IsPlain = isPlain,
        };
        await using var fleet = Create(parts);
        await ConnectAsync(fleet, server, cancellation);

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var tills = new TillPool(fleet, layout.Tills, patience.Token);
        var during = TimeSpan.FromSeconds(seconds);
        var load = rate is { } perSecond
            ? NBomberSimulation.Inject(perSecond, TimeSpan.FromSeconds(1), during)
            : NBomberSimulation.KeepConstant(layout.Tills, during);
        var lasted = RunNBomber(tills, load, parsed);
        patience.CancelAfter(SettleWithin);
        await tills.CloseAsync();

        var options = new DemoOptions(
            layout.Tills, lasted, rate, isPlain, KillEvery: null, Keep: null, IsJson: false, parsed.GetValue(Seed));
        foreach (var line in DemoSummary.Lines(fleet.Counts, options)) Console.WriteLine(line);
        if (tills.Unserved > 0) Console.WriteLine($"{tills.Unserved} customers found no till before the end");
        return tills.Failed == 0 && fleet.Counts.Sums().Open == 0 && fleet.Counts.RefundsFailed.Count == 0 ? 0 : 1;
    }

    /// <returns>How long sales were started: a configuration may say otherwise than the command line.</returns>
    private static TimeSpan RunNBomber(TillPool tills, LoadSimulation load, ParseResult parsed)
    {
        var config = parsed.GetValue(Config);
        var name = parsed.GetValue(Scenario)!;
        var scenario = NBomberScenario.Create(name, tills.SellAsync)
            .WithoutWarmUp()
            // A journey ends itself, whatever becomes of a step: its till has to be left as the next customer needs it.
            .WithRestartIterationOnFail(false)
            .WithLoadSimulations(load);
        var run = NBomberRunner.RegisterScenarios(scenario).WithTestSuite("ChainCheckout").WithTestName(name);
        if (parsed.GetValue(Reports) is { } folder) run = run.WithReportFolder(folder.FullName);
        try
        {
            if (config is not null) run = run.LoadConfig(config.FullName);
        }
        catch (Exception failure)
        {
            throw new CommandException($"--config: NBomber cannot read it: {FirstLine(failure)}", failure);
        }

        try
        {
            return run.Run().Duration;
        }
        catch (Exception failure)
        {
            var what = config is null ? "NBomber gave up" : "--config: NBomber refuses it";
            throw new CommandException($"{what}: {FirstLine(failure)}", failure);
        }
    }

    private static async Task<IReadOnlyList<Shopper>> PeopleAsync(
        SimulatedVipps vipps, int tills, ParseResult parsed, CancellationToken cancellation)
    {
        try
        {
            return await vipps.PeopleAsync(tills * Fleet.ShoppersPerTill, parsed.GetValue(Seed), cancellation);
        }
        catch (HttpRequestException failure)
        {
            var authority = parsed.GetRequiredValue(Simulator)!.Authority;
            throw new CommandException($"--simulator: no simulator answers at {authority}.", failure);
        }
    }

    private static Fleet Create(FleetParts parts)
    {
        try
        {
            return new Fleet(parts);
        }
        catch (FormatException wrong)
        {
            throw new CommandException("--settings: a till's secret is not base64 of at least 16 bytes.", wrong);
        }
    }

    private static async Task ConnectAsync(Fleet fleet, EndPoint server, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ConnectWithin);
        try
        {
            await fleet.ConnectAsync(limit.Token);
        }
        catch (TillRefusedException refused)
        {
            throw new CommandException(
                $"--settings: the server at {server} refuses a till of it: {refused.Error.Code}.", refused);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException(
                $"--address: {server} has not welcomed all tills within {ConnectWithin.TotalSeconds} s.", late);
        }
    }

    // NBomber's messages go on with a stack trace.
    private static string FirstLine(Exception failure) => failure.Message.Trim().Split('\n')[0].TrimEnd();

    private static void Demand(bool holds, string rule)
    {
        if (!holds) throw new CommandException($"{rule}.");
    }
}

/// <summary>The tills that are free. Each run of the scenario takes one, sells once, and gives it back.</summary>
internal sealed class TillPool(Fleet fleet, int tills, CancellationToken patience)
{
    private const string Wait = "till";

    private readonly Channel<int> _free = Filled(tills);
    private int _selling;
    private int _out;
    private int _unserved;
    private int _failed;

    /// <summary>Runs of the scenario that came to something else than planned, those without a till included.</summary>
    public int Failed => Volatile.Read(ref _failed);

    /// <summary>Customers who found no till before the end, or none that sells any more.</summary>
    public int Unserved => Volatile.Read(ref _unserved);

    public async Task<IResponse> SellAsync(IScenarioContext context)
    {
        var steps = new MeasuredSteps(context);
        try
        {
            if (await TakeAsync(steps) is { } till) await SellAtAsync(till, steps);
            return steps.Failed is null ? Response.Ok() : Fail(steps.Failed);
        }
        catch (Exception failure)
        {
            // Its name alone: an exception's message may hold what must be in no report.
            return Fail(steps.Failed ?? failure.GetType().Name);
        }
    }

    /// <summary>No new sale begins; returns when those under way have ended, or patience is over.</summary>
    public async Task CloseAsync()
    {
        _free.Writer.TryComplete();
        try
        {
            while (Volatile.Read(ref _selling) > 0) await Task.Delay(TimeSpan.FromMilliseconds(20), patience);
            await fleet.EmptyDesksAsync(UnmeasuredSteps.Instance, patience);
        }
        catch (OperationCanceledException)
        {
            // What is still under way was counted when it began and never when it ended: it is open.
            return;
        }
    }

    private IResponse Fail(string why)
    {
        Interlocked.Increment(ref _failed);
        return Response.Fail(statusCode: $"sale:{why}");
    }

    private static Channel<int> Filled(int tills)
    {
        var free = Channel.CreateUnbounded<int>();
        for (var till = 0; till < tills; till++) free.Writer.TryWrite(till);
        return free;
    }

    /// <summary>Null: there is none any more. The wait is a step of its own, so that a lack of tills does not pass for a
    /// slow server.</summary>
    private async Task<int?> TakeAsync(MeasuredSteps steps)
    {
        var till = await steps.RunAsync(
            Wait, WaitAsync, static till => till is null ? new StepEnd(false, "NoneFree") : new StepEnd(true, "Free"));
        if (till is null) Interlocked.Increment(ref _unserved);
        return till;
    }

    private async Task<int?> WaitAsync()
    {
        while (await _free.Reader.WaitToReadAsync(patience))
        {
            if (!_free.Reader.TryRead(out var till)) continue;
            Interlocked.Increment(ref _selling);
            return till;
        }

        return null;
    }

    private async Task SellAtAsync(int till, MeasuredSteps steps)
    {
        var canSellOn = false;
        try
        {
            canSellOn = await fleet.SellAtAsync(till, steps, patience) is not null;
        }
        finally
        {
            if (canSellOn) _free.Writer.TryWrite(till);
            else if (Interlocked.Increment(ref _out) == tills) _free.Writer.TryComplete();
            Interlocked.Decrement(ref _selling);
        }
    }
}

/// <summary>One sale's steps as steps of NBomber.</summary>
internal sealed class MeasuredSteps(IScenarioContext context) : IJourneySteps
{
    /// <summary>Step and code of the first step that failed; null until one has.</summary>
    public string? Failed { get; private set; }

    public async Task<T> RunAsync<T>(string name, Func<Task<T>> step, Func<T, StepEnd> end)
    {
        // Step.Run hands on no exception and no result of ours.
        Task<T>? ran = null;
        await Step.Run(name, context, async () =>
        {
            ran = step();
            var came = await EndAsync(ran, end);
            var status = $"{name}:{came.Code}";
            if (came.IsOk) return Response.Ok(statusCode: status);
            Failed ??= status;
            return Response.Fail(statusCode: status);
        });
        return await ran!;
    }

    private static async Task<StepEnd> EndAsync<T>(Task<T> ran, Func<T, StepEnd> end)
    {
        try
        {
            return end(await ran);
        }
        catch (OperationCanceledException)
        {
            return new StepEnd(false, "TimedOut");
        }
        catch (Exception failure)
        {
            // It is thrown once more by who awaits the step; NBomber is told its name alone.
            return new StepEnd(false, failure.GetType().Name);
        }
    }
}
