using System.Net;
using System.Text.Json.Nodes;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Gateway.Admin;

namespace ChainCheckout.Cli.Demos;

/// <summary>A chain: one Redis, silos that each carry actors and tills' connections, and what befalls them.</summary>
internal sealed class ClusterServers : IDemoServers
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(15);

    /// <summary>From when all have joined to the next kill, at least.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);

    private readonly DemoFolder _folder;
    private readonly DemoChain _chain;
    private readonly ClusterOptions _options;
    private readonly DemoOptions _demo;
    private readonly TextWriter _log;
    private readonly TimeProvider _clock;
    private readonly RedisProcess _redis;
    private readonly List<ServerProcess> _silos = [];
    private readonly List<Life> _kills = [];
    private readonly List<(int Silo, int Client)> _siloPorts = [];

    public ClusterServers(DemoFolder folder, DemoChain chain, DemoOptions demo, ClusterOptions options, TextWriter log, TimeProvider clock)
    {
        (_folder, _chain, _demo, _options, _log, _clock) = (folder, chain, demo, options, log, clock);
        var free = FreePorts.Take(1 + (options.Silos * 5));
        _redis = new RedisProcess(folder.Redis, free[0], log, clock);
        foreach (var (own, silo) in free.Skip(1).Chunk(5).Select((own, silo) => (own, silo)))
        {
            var settings = folder.SiloSettings(silo);
            _siloPorts.Add((own[3], own[4]));
            _silos.Add(new ServerProcess(
                () => ChildProcess.StartProgram(log, options.Program, "--settings", settings), ServerPorts.Take(own), chain.AdminToken, folder.ServerLog, clock));
        }
    }

    public IReadOnlyList<EndPoint> Tills => [.. _silos.Select(silo => silo.Ports.TillsAt)];

    public Uri Admin => _silos[0].Ports.AdminAt;

    public int? Silos => _silos.Count;

    public IReadOnlyList<Life> Kills => _kills;

    public int Pauses => _silos.Sum(silo => silo.Pauses);

    /// <summary>Of silos and Redis: together they do what a server that stands alone does.</summary>
    public TimeSpan CpuTime => _silos.Aggregate(_redis.CpuTime, (sum, silo) => sum + silo.CpuTime);

    public async Task StartAsync(Uri vipps, CancellationToken cancellation)
    {
        await _redis.StartAsync(cancellation);
        foreach (var (silo, at) in _silos.Select((silo, at) => (silo, at)))
        {
            var cluster = new JsonObject
            {
                ["Name"] = "demo", ["SiloPort"] = _siloPorts[at].Silo, ["ClientPort"] = _siloPorts[at].Client,
                ["Redis"] = new JsonObject { ["Storage"] = $"127.0.0.1:{_redis.Port}" },
            };
            DemoFolder.WriteSecretly(
                _folder.SiloSettings(at), _chain.ServerSettings(_folder.Server, vipps, silo.Ports, _silos[0].Ports.Webhooks, cluster));
        }

        // The first makes the cluster, the others join it.
        await _silos[0].StartAsync(cancellation);
        await Task.WhenAll(_silos.Skip(1).Select(silo => silo.StartAsync(cancellation)));
    }

    public Task DisturbAsync(long until, CancellationToken cancellation) => Task.WhenAll(
        KillAsync(_options.KillSiloEvery, until, KillSiloAsync, cancellation),
        KillAsync(_options.KillRedisEvery, until, KillRedisAsync, cancellation),
        _options.IsRolling ? RollAsync(cancellation) : Task.CompletedTask,
        _demo.IsStorm ? _silos[^1].PauseAtRandomAsync(new Random(_demo.Seed), until, cancellation) : Task.CompletedTask);

    public async Task<Figures> FiguresAsync(CancellationToken cancellation)
    {
        var each = await Task.WhenAll(_silos.Select(silo => silo.FiguresAsync(cancellation)));
        return each.Aggregate((one, other) => one with
        {
            Saves = one.Saves + other.Saves,
            BytesSaved = one.BytesSaved + other.BytesSaved,
            WakesSettled = one.WakesSettled + other.WakesSettled,
        });
    }

    public void Demand()
    {
        foreach (var silo in _silos) silo.Demand();
    }

    /// <summary>The last silo has left before Redis is asked for the books.</summary>
    public async Task<(bool IsGraceful, ServerBooks Books)> StopAsync(CancellationToken cancellation)
    {
        var ends = await Task.WhenAll(_silos.Select(silo => silo.StopAsync(StopWithin)));
        var lines = new List<string>();
        var code = await Dotnet.RunAsync(
            _folder.Server, lines.Add, cancellation, _options.Program, "dump", "--settings", _folder.SiloSettings(0));
        if (code != 0) throw new CommandException($"The chain's storage cannot be read: {lines.LastOrDefault()}");
        return (ends.All(isGraceful => isGraceful), ServerBooks.Parse(lines, _chain.Keys));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private async Task KillAsync(TimeSpan? every, long until, Func<int, CancellationToken, Task> kill, CancellationToken cancellation)
    {
        if (every is not { } after) return;
        var wait = after;
        for (var kills = 0; _clock.GetElapsedTime(_clock.GetTimestamp(), until) > wait; kills++)
        {
            await Task.Delay(wait, _clock, cancellation);
            var (begun, killedAt) = (_clock.GetTimestamp(), _clock.GetUtcNow());
            await kill(kills, cancellation);
            foreach (var silo in _silos) await silo.ReadyAsync(cancellation);
            _kills.Add(new Life(killedAt, _clock.GetUtcNow()));

            // The time that it took to come back is part of the pace, a moment of calm for the tills is not.
            wait = after - _clock.GetElapsedTime(begun);
            if (wait < Calm) wait = Calm;
        }
    }

    private async Task KillSiloAsync(int kills, CancellationToken cancellation)
    {
        var silo = _silos[kills % _silos.Count];
        await silo.KillAsync();
        await silo.StartAsync(cancellation);
    }

    private async Task KillRedisAsync(int kills, CancellationToken cancellation)
    {
        await _redis.KillAsync();
        await _redis.StartAsync(cancellation);
    }

    private async Task RollAsync(CancellationToken cancellation)
    {
        foreach (var silo in _silos)
        {
            await Task.Delay(TimeSpan.FromSeconds(2), _clock, cancellation);
            var begun = _clock.GetTimestamp();
            if (!await silo.StopAsync(StopWithin)) throw new CommandException($"A silo did not stop gracefully within {StopWithin.TotalSeconds:F0} s.");
            _log.WriteLine($"a silo has stopped in {_clock.GetElapsedTime(begun).TotalSeconds:F1} s");
            await silo.StartAsync(cancellation);
        }
    }
}
