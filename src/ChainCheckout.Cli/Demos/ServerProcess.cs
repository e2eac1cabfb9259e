using System.Net.Http.Headers;
using System.Net.Http.Json;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Gateway.Admin;

namespace ChainCheckout.Cli.Demos;

/// <summary>One server through all its lives: started, killed, started again on the same ports.</summary>
/// <param name="start">Starts a process of it.</param>
/// <param name="log">The file that it writes to, for whoever has to look.</param>
internal sealed class ServerProcess(Func<ChildProcess> start, ServerPorts ports, string adminToken, string log, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(25);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = ports.AdminAt, Timeout = TimeSpan.FromSeconds(2),
    };
    private ChildProcess? _process;
    private volatile bool _isReady;
    private TimeSpan _cpuOfTheDead;

    /// <summary>How often it was held still.</summary>
    public int Pauses { get; private set; }

    public ServerPorts Ports => ports;

    public TimeSpan CpuTime => _cpuOfTheDead + (_process?.CpuTime() ?? TimeSpan.Zero);

    public async Task StartAsync(CancellationToken cancellation)
    {
        _process = start();
        await ReadyAsync(cancellation);
        _isReady = true;
    }

    /// <summary>Completes when it says that tills may come.</summary>
    public async Task ReadyAsync(CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        while (!await IsReadyAsync(cancellation))
        {
            Demand();
            if (clock.GetElapsedTime(begun) > ReadyWithin)
                throw new CommandException($"The server was not ready within {ReadyWithin.TotalSeconds:F0} s; see {log}.");
            await Task.Delay(AskEvery, clock, cancellation);
        }
    }

    public async Task KillAsync()
    {
        _cpuOfTheDead += _process!.CpuTime();
        _isReady = false;
        await _process.KillAsync();
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>
    /// Holds it still for some seconds now and then, as a machine does that pages or is moved: it knows nothing of it
    /// but that its clocks have jumped. A life that is killed meanwhile needs no waking.
    /// </summary>
    public async Task PauseAtRandomAsync(Random random, long until, CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(Between(random, DemoStorm.BetweenMin, DemoStorm.BetweenMax), clock, cancellation);
            var left = clock.GetElapsedTime(clock.GetTimestamp(), until);
            if (left <= TimeSpan.Zero) return;
            if (!_isReady || _process is not { } life || !life.TryPause()) continue;
            Pauses++;
            try
            {
                await Task.Delay(Between(random, DemoStorm.PauseMin, DemoStorm.PauseMax), clock, cancellation);
            }
            finally
            {
                life.Resume();
            }
        }
    }

    /// <returns>Whether it ended gracefully in time.</returns>
    public async Task<bool> StopAsync(TimeSpan within)
    {
        _cpuOfTheDead += _process!.CpuTime();
        return await _process.StopAsync(within);
    }

    public void Demand()
    {
        if (_process is { HasExited: true })
            throw new CommandException($"The server ended by itself with code {_process.ExitCode}; see {log}.");
    }

    public async Task<Figures> FiguresAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/figures");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", adminToken);
        using var answer = await _http.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync(AdminJson.Default.Figures, cancellation)
            ?? throw new CommandException("The server told no figures.");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null) await _process.DisposeAsync();
    }

    private static TimeSpan Between(Random random, TimeSpan min, TimeSpan max) => min + ((max - min) * random.NextDouble());

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await _http.GetAsync("/health/ready", cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException
            || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // Nobody listens yet.
            return false;
        }
    }
}
