using System.Net.Http.Headers;
using System.Net.Http.Json;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Gateway.Admin;

namespace ChainCheckout.Cli.Demos;

/// <summary>The server of a run through all its lives: started, killed, started again on the same ports and
/// folder.</summary>
public sealed class DemoServer(
    DemoFolder folder, Uri admin, string adminToken, TextWriter log, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = admin, Timeout = TimeSpan.FromSeconds(2),
    };
    private readonly List<Life> _kills = [];
    private ChildProcess? _process;
    private volatile bool _isReady;
    private TimeSpan _cpuOfTheDead;

    /// <summary>When it was killed, and when it was ready again.</summary>
    public IReadOnlyList<Life> Kills => _kills;

    /// <summary>How often it was held still.</summary>
    public int Pauses { get; private set; }

    /// <summary>Processor time of all its processes so far.</summary>
    public TimeSpan CpuTime => _cpuOfTheDead + (_process?.CpuTime() ?? TimeSpan.Zero);

    public async Task StartAsync(CancellationToken cancellation)
    {
        _process = ChildProcess.Start(log, "run", "--settings", folder.ServerSettings);
        var begun = clock.GetTimestamp();
        while (!await IsReadyAsync(cancellation))
        {
            if (_process.HasExited)
                throw new CommandException(
                    $"The server ended with code {_process.ExitCode} before it was ready; see {folder.ServerLog}.");
            if (clock.GetElapsedTime(begun) > ReadyWithin)
                throw new CommandException($"The server was not ready within {ReadyWithin.TotalSeconds:F0} s.");
            await Task.Delay(AskEvery, clock, cancellation);
        }

        _isReady = true;
    }

    /// <summary>Kills it again and again, each time so long after it was ready, until told to leave it alone.</summary>
    public async Task KillEveryAsync(TimeSpan after, long until, CancellationToken cancellation)
    {
        while (true)
        {
            var left = clock.GetElapsedTime(clock.GetTimestamp(), until);
            if (left <= after) return;
            await Task.Delay(after, clock, cancellation);
            _cpuOfTheDead += _process!.CpuTime();
            var killedAt = clock.GetUtcNow();
            _isReady = false;
            await _process.KillAsync();
            await _process.DisposeAsync();
            await StartAsync(cancellation);
            _kills.Add(new Life(killedAt, clock.GetUtcNow()));
        }
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

    /// <summary>What this life of it has counted so far.</summary>
    public async Task<Figures> FiguresAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/figures");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", adminToken);
        using var answer = await _http.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync(AdminJson.Default.Figures, cancellation)
            ?? throw new CommandException("The server told no figures.");
    }

    /// <summary>Throws if it has ended although nobody told it to.</summary>
    public void Demand()
    {
        if (_process is { HasExited: true })
            throw new CommandException(
                $"The server ended by itself with code {_process.ExitCode}; see {folder.ServerLog}.");
    }

    /// <returns>Whether it ended gracefully.</returns>
    public async Task<bool> StopAsync()
    {
        _cpuOfTheDead += _process!.CpuTime();
        return await _process.StopAsync(StopWithin);
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

/// <param name="KilledAt">When the last life ended.</param>
/// <param name="ReadyAt">When the next one was ready.</param>
public readonly record struct Life(DateTimeOffset KilledAt, DateTimeOffset ReadyAt);
