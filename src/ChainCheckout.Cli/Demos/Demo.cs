using System.Text.Json;
using ChainCheckout.Cli.Members;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Gateway.Admin;
using ChainCheckout.Load.Books;
using ChainCheckout.Load.Crowds;
using ChainCheckout.Load.Fleets;
using ChainCheckout.Load.Pacing;
using ChainCheckout.Load.Transcripts;

namespace ChainCheckout.Cli.Demos;

/// <summary>
/// A whole chain for some seconds: the simulated Vipps and the server in processes of their own, the tills in this one,
/// everything between them over TCP. Then the three books are compared.
/// </summary>
public sealed class Demo(DemoOptions options, DemoFolder folder, IDemoDisplay display, TimeProvider clock)
{
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WakeUps = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan DrainAsk = TimeSpan.FromMilliseconds(100);
    private const int Triers = 16;
    private const int TrialsMin = 400;
    private static readonly TimeSpan TryOutAtLeast = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan TryOutAtMost = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(15);

    /// <exception cref="CommandException">The run could not be made.</exception>
    public async Task<(DemoReport Report, IReadOnlyList<string> Story)> RunAsync(CancellationToken cancellation)
    {
        var chain = new DemoChain(options.Tills);
        await using var serverLog = TextWriter.Synchronized(new StreamWriter(folder.ServerLog) { AutoFlush = true });
        await using var simulatorLog = TextWriter.Synchronized(
            new StreamWriter(folder.SimulatorLog) { AutoFlush = true });

        display.Say("starting the simulated Vipps and the server");
        DemoFolder.WriteSecretly(
            folder.SimulatorSettings, chain.SimulatorSettings(folder.Ledger, options.IsPrompt, options.Seed, options.IsLoyaltyAway));
        await using var simulator = ChildProcess.Start(
            simulatorLog, "simulator", "--settings", folder.SimulatorSettings);
        var address = await AddressOfAsync(simulator, cancellation);
        using var vipps = new SimulatedVipps(address, DemoTimes.Factor);

        await using IDemoServers server = options.Cluster is { } cluster
            ? new ClusterServers(folder, chain, options, cluster, serverLog, clock)
            : new DemoServer(folder, chain, options, serverLog, clock);
        await server.StartAsync(address, cancellation);

        var run = await SellAsync(chain, vipps, server, cancellation);
        var stats = await vipps.StatsAsync(cancellation);
        var simulatorCpu = simulator.CpuTime();
        var (isGraceful, books) = await server.StopAsync(cancellation);
        await vipps.FlushLedgerAsync(cancellation);
        await simulator.StopAsync(StopWithin);
        if (!isGraceful) display.Say("the server did not stop gracefully");

        display.Say("comparing the books");
        return DemoBooks.Close(options, folder, run with { Vipps = stats, SimulatorCpu = simulatorCpu }, server, books, chain.Secret);
    }

    private async Task<DemoRun> SellAsync(
        DemoChain chain, SimulatedVipps vipps, IDemoServers server, CancellationToken cancellation)
    {
        var timeline = new Timeline(clock);
        await using var transcript = new TillTranscript(folder.Tills);
        var count = options.Tills * Fleet.ShoppersPerTill;
        var everybody = await vipps.PeopleAsync(count + Triers, options.Seed, cancellation);
        var people = DemoPeople.Of([.. everybody.Take(count)]);
        var triers = everybody.TakeLast(Triers).ToList();
        using var admin = new AdminClient("demo", server.Admin, chain.AdminToken);
        await ImportAsync(people, admin, cancellation);
        foreach (var trier in triers) await vipps.TellAsync(trier, ShopperAnswer.Ignore, TimeSpan.Zero, cancellation);
        ICrowd crowd = options.IsPrompt ? new PromptCrowd() : vipps;
        var parts = new FleetParts(chain.Layout, server.Tills, people.All, crowd, transcript, timeline, options.Seed)
        {
            Triers = triers,
        };
        await using var fleet = new Fleet(parts);
        await fleet.ConnectAsync(cancellation);
        display.Say($"{options.Tills} tills in {chain.Layout.Stores.Count} stores are connected and tried out");
        var trials = await TryOutAsync(fleet, cancellation);
        var before = await CountAsync(vipps, server, trials, cancellation);
        fleet.Waits.Forget();
        display.Say(options.IsStorm ? "the doors open, and the storm begins" : "the doors open");
        if (options.IsStorm) await vipps.AddFaultsAsync(DemoStorm.Rules(), cancellation);

        var cpu = Environment.CpuUsage.TotalTime;
        var from = clock.GetTimestamp();
        var until = from + (long)(options.Seconds.TotalSeconds * clock.TimestampFrequency);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(options.Seconds + SettleWithin);
        using var shown = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var showing = display.ShowAsync(fleet.Counts, () => server.Kills.Count, options, shown.Token);

        var schedule = options.Rate is { } rate
            ? new PoissonArrivals(rate, clock, from, until, new Random(options.Seed))
            : null;
        var arriving = schedule?.RunAsync(patience.Token) ?? Task.CompletedTask;
        var selling = fleet.SellAsync(schedule as IArrivals ?? new BackToBack(clock, until), patience.Token);
        await Task.WhenAll(arriving, server.DisturbAsync(until, cancellation), CalmDownAsync(vipps, until, cancellation));
        await selling;
        var drain = await DrainAsync(vipps, admin, cancellation);
        cancellation.ThrowIfCancellationRequested();
        server.Demand();

        await shown.CancelAsync();
        await showing;
        return new DemoRun(fleet.Counts, schedule?.NeverStarted ?? 0, before)
        {
            FleetCpu = Environment.CpuUsage.TotalTime - cpu,
            Drain = drain,
            Visits = fleet.Visits,
            LongestWait = fleet.Waits.Longest,
            People = people,
        };
    }

    /// <summary>What is open when no more sales are started is settled in calm weather.</summary>
    private async Task CalmDownAsync(SimulatedVipps vipps, long until, CancellationToken cancellation)
    {
        if (!options.IsStorm) return;
        await Task.Delay(Positive(clock.GetElapsedTime(clock.GetTimestamp(), until)), clock, cancellation);
        await vipps.ClearFaultsAsync(cancellation);
        display.Say("the storm is over");
    }

    private static TimeSpan Positive(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;

    private async Task ImportAsync(DemoPeople people, AdminClient admin, CancellationToken cancellation)
    {
        DemoFolder.WriteSecretly(folder.Customers, people.CustomerFile());
        DemoFolder.WriteSecretly(folder.Members, people.MemberFile());
        using var file = File.OpenText(folder.Members);
        var sums = await MemberImport.RunAsync(admin, file, cancellation);
        if (sums.Imported != people.MemberCount)
            throw new CommandException($"demo: {sums.Imported} of {people.MemberCount} members were imported.");
        display.Say($"{sums.Imported} of {people.All.Count} customers are members, by import");
    }

    /// <summary>Waits until Vipps has been told everything.</summary>
    private async Task<TimeSpan> DrainAsync(SimulatedVipps vipps, AdminClient admin, CancellationToken cancellation)
    {
        if (options.IsLoyaltyAway)
        {
            var waiting = await admin.GetAsync("/admin/loyalty", AdminJson.Default.LoyaltyBacklog, cancellation);
            display.Say($"the Loyalty API comes back to {waiting.EventsWaiting} events of {waiting.CustomersWaiting} customers");
            await vipps.BringLoyaltyBackAsync(cancellation);
        }

        // Whoever could not be told of a sale while servers came and went is told again by the stored wake-up.
        if (options.IsDisturbed) await Task.Delay(WakeUps, clock, cancellation);

        var begun = clock.GetTimestamp();
        while (clock.GetElapsedTime(begun) < DrainWithin)
        {
            if (await admin.GetAsync("/admin/loyalty", AdminJson.Default.LoyaltyBacklog, cancellation) is { EventsWaiting: 0 }) break;
            await Task.Delay(DrainAsk, clock, cancellation);
        }

        return clock.GetElapsedTime(begun);
    }

    private static async Task<int> TryOutAsync(Fleet fleet, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(SettleWithin);
        try
        {
            return await fleet.TryOutAsync((TrialsMin, TryOutAtLeast), TryOutAtMost, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException(
                $"demo: a till that was tried out had no answer within {SettleWithin.TotalSeconds:F0} s.");
        }
    }

    private static async Task<BeforeOpening> CountAsync(
        SimulatedVipps vipps, IDemoServers server, int trials, CancellationToken cancellation)
    {
        var stats = await vipps.StatsAsync(cancellation);
        var figures = await server.FiguresAsync(cancellation);
        return new BeforeOpening(
            trials, stats.Calls.Values.Sum(), figures.Saves, figures.BytesSaved, figures.WakesSettled, server.CpuTime);
    }

    private static async Task<Uri> AddressOfAsync(ChildProcess simulator, CancellationToken cancellation)
    {
        var line = await simulator.FirstLine.WaitAsync(TimeSpan.FromSeconds(60), cancellation);
        try
        {
            using var said = JsonDocument.Parse(line ?? "");
            return new Uri(said.RootElement.GetProperty("address").GetString()!);
        }
        catch (Exception unexpected) when (unexpected is JsonException or KeyNotFoundException or UriFormatException)
        {
            throw new CommandException("The simulated Vipps did not start.", unexpected);
        }
    }
}
