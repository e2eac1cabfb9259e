using ChainCheckout.Cli.Demos;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Cluster.Tests.Chains;
using ChainCheckout.Tests.EndToEnd;

namespace ChainCheckout.Cluster.Tests.Processes;

/// <summary>A member of a chain in a process of its own, through all its lives.</summary>
internal sealed class ChainProcess : IAsyncDisposable
{
    private readonly StringWriter _said = new();
    private readonly ServerProcess _server;
    private readonly HttpClient _http;
    private ChildProcess? _life;

    public ChainProcess(Chain chain, int member, params string[] role)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "ChainCheckout.Cluster.dll");
        var log = TextWriter.Synchronized(_said);
        _http = new HttpClient { BaseAddress = chain.Ports(member).AdminAt, Timeout = TimeSpan.FromSeconds(3) };
        _server = new ServerProcess(
            () => _life = ChildProcess.StartProgram(log, program, ["--settings", chain.SettingsFile(member), .. role]), chain.Ports(member),
            ShopSettings.AdminToken, "its output", TimeProvider.System);
    }

    /// <summary>Completes when it is ready.</summary>
    public async Task StartAsync()
    {
        try
        {
            await _server.StartAsync(CancellationToken.None);
        }
        catch (CommandException failure)
        {
            Assert.Fail($"{failure.Message}: {_said}");
        }
    }

    public Task KillAsync() => _server.KillAsync();

    /// <summary>What it said that somebody should look at, for a test that fails.</summary>
    public string Complaints => string.Join('\n', $"{_said}".Split('\n').Where(line => !line.Contains("\"Information\"", StringComparison.Ordinal)).Select(line => line[..Math.Min(line.Length, 400)]));

    public bool HasExited => _life!.HasExited;

    /// <summary>It stands still, and knows nothing of it.</summary>
    public void Pause() => Assert.True(_life!.TryPause());

    public void Resume() => _life!.Resume();

    /// <returns>Whether it ended by itself, with exit code 0, within this time.</returns>
    public Task<bool> TerminateAsync(TimeSpan within) => _life!.TerminateAsync(within);

    public async Task<(int Status, string Body)> HealthAsync()
    {
        using var answer = await _http.GetAsync("/health/ready");
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }
}
