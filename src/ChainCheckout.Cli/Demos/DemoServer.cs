using System.Net;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Gateway.Admin;

namespace ChainCheckout.Cli.Demos;

/// <summary>A server that stands alone, on one SQLite file.</summary>
internal sealed class DemoServer : IDemoServers
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    private readonly DemoFolder _folder;
    private readonly DemoChain _chain;
    private readonly DemoOptions _options;
    private readonly TimeProvider _clock;
    private readonly ServerProcess _server;
    private readonly List<Life> _kills = [];

    public DemoServer(DemoFolder folder, DemoChain chain, DemoOptions options, TextWriter log, TimeProvider clock)
    {
        (_folder, _chain, _options, _clock) = (folder, chain, options, clock);
        _server = new ServerProcess(
            () => ChildProcess.Start(log, "run", "--settings", folder.ServerSettings), ServerPorts.Take(FreePorts.Take(3)), chain.AdminToken,
            folder.ServerLog, clock);
    }

    public IReadOnlyList<EndPoint> Tills => [_server.Ports.TillsAt];

    public Uri Admin => _server.Ports.AdminAt;

    public int? Silos => null;

    public IReadOnlyList<Life> Kills => _kills;

    public int Pauses => _server.Pauses;

    public TimeSpan CpuTime => _server.CpuTime;

    public async Task StartAsync(Uri vipps, CancellationToken cancellation)
    {
        DemoFolder.WriteSecretly(_folder.ServerSettings, _chain.ServerSettings(_folder.Server, vipps, _server.Ports));
        await _server.StartAsync(cancellation);
    }

    public Task DisturbAsync(long until, CancellationToken cancellation) => Task.WhenAll(
        KillAsync(until, cancellation),
        _options.IsStorm ? _server.PauseAtRandomAsync(new Random(_options.Seed), until, cancellation) : Task.CompletedTask);

    public Task<Figures> FiguresAsync(CancellationToken cancellation) => _server.FiguresAsync(cancellation);

    public void Demand() => _server.Demand();

    public async Task<(bool IsGraceful, ServerBooks Books)> StopAsync(CancellationToken cancellation)
    {
        var isGraceful = await _server.StopAsync(StopWithin);
        return (isGraceful, await ServerBooks.ReadAsync(_folder.Server, _chain.Keys, cancellation));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>Again and again, each time so long after it was ready.</summary>
    private async Task KillAsync(long until, CancellationToken cancellation)
    {
        if (_options.KillEvery is not { } after) return;
        while (_clock.GetElapsedTime(_clock.GetTimestamp(), until) > after)
        {
            await Task.Delay(after, _clock, cancellation);
            var killedAt = _clock.GetUtcNow();
            await _server.KillAsync();
            await _server.StartAsync(cancellation);
            _kills.Add(new Life(killedAt, _clock.GetUtcNow()));
        }
    }
}
