using System.Net;
using System.Text.Json.Nodes;
using ChainCheckout.Cli.Demos;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Client;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Simulator;
using ChainCheckout.Tests.EndToEnd;
using ChainCheckout.Tests.Vipps.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Cluster.Tests.Chains;

/// <summary>
/// A chain as its operator has it: settings files, a real Redis, the cluster's own program for each member, tills over TCP, and a
/// simulated Vipps. Its members run in this process; a test that kills them starts processes on the same files.
/// </summary>
internal sealed class Chain : IShop, IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chain-").FullName;
    private readonly ShopSettings _written = new();
    private readonly List<Till> _tills = [];
    private readonly WebApplication?[] _members;
    private readonly ServerPorts[] _ports;

    private Chain(SimulatorHost vipps, RedisServer redis, int members)
    {
        (Vipps, Redis) = (vipps, redis);
        _members = new WebApplication?[members];
        _ports = new ServerPorts[members];
    }

    public SimulatorHost Vipps { get; }

    public RedisServer Redis { get; }

    /// <summary>What the members in this process have logged, warnings and above.</summary>
    public LogLines Logs { get; } = new();

    /// <param name="change">Of the settings of one member.</param>
    public static async Task<Chain> OpenAsync(int members = 2, Action<int, JsonObject>? change = null, int tills = 6, bool start = true)
    {
        var chain = new Chain(
            await SimulatorHost.StartAsync(new SimulatorOptions { AllowHttpWebhooks = true, SalesUnits = [.. ShopSettings.SalesUnits([ShopStore.Storgata])] }),
            await RedisServer.StartAsync(), members);
        await chain.WriteSettingsAsync(change, tills);
        if (start) await chain.StartAllAsync();
        return chain;
    }

    public ServerPorts Ports(int member) => _ports[member];

    public string SettingsFile(int member) => Path.Combine(_folder, $"settings-{member}.json");

    public IServiceProvider Services(int member) => _members[member]!.Services;

    public T Of<T>(int member)
        where T : notnull => Services(member).GetRequiredService<T>();

    /// <summary>The first makes the cluster, the others join it.</summary>
    public async Task StartAllAsync()
    {
        await StartAsync(0);
        await Task.WhenAll(Enumerable.Range(1, _members.Length - 1).Select(member => StartAsync(member)));
    }

    public async Task StartAsync(int member, params string[] role)
    {
        var app = await ClusterProgram.BuildAsync(["--settings", SettingsFile(member), .. role]);
        _members[member] = app;
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(Logs);
        await app.StartAsync();
    }

    public async Task StopAsync(int member)
    {
        if (_members[member] is not { } app) return;
        _members[member] = null;
        await app.StopAsync();
        await app.DisposeAsync();
    }

    public Task StopAllAsync() => Task.WhenAll(Enumerable.Range(0, _members.Length).Select(StopAsync));

    /// <summary>A till that knows these members as gateways.</summary>
    public async Task<Till> TillAsync(int till, params int[] gateways)
    {
        var known = Observed(till, null, gateways);
        await known.StartAsync().WaitAsync(TimeSpan.FromSeconds(15));
        return known;
    }

    /// <summary>As <see cref="TillAsync"/>, not yet connected.</summary>
    public Till Observed(int till, ITillObserver? observer, params int[] gateways) => Made(till, TillRoles.Pos, observer, gateways);

    /// <summary>The scanner beside a till, as <see cref="TillAsync"/>.</summary>
    public async Task<Till> ScannerAsync(int till, params int[] gateways)
    {
        var known = Made(till, TillRoles.Scanner, null, gateways);
        await known.StartAsync().WaitAsync(TimeSpan.FromSeconds(15));
        return known;
    }

    private Till Made(int till, string role, ITillObserver? observer, int[] gateways)
    {
        var identity = new TillIdentity(1, till, role, _written.SecretOf(1, till, role));
        var options = new TillOptions { Observer = observer, AnswerTimeout = TimeSpan.FromSeconds(4) };
        var made = new Till(identity, [.. gateways.Select(EndPoint (one) => _ports[one].TillsAt)], options, TimeProvider.System, new Random(till));
        _tills.Add(made);
        return made;
    }

    public async Task CloseAsync(Till till)
    {
        _tills.Remove(till);
        await till.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_tills.Select(till => till.DisposeAsync().AsTask()));
        await StopAllAsync();
        await Vipps.DisposeAsync();
        await Redis.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WriteSettingsAsync(Action<int, JsonObject>? change, int tills)
    {
        var free = FreePorts.Take(_members.Length * 5).Chunk(5).ToArray();
        for (var member = 0; member < _members.Length; member++) _ports[member] = ServerPorts.Take(free[member]);
        var common = _written.Write(
            Vipps.Address, Path.Combine(_folder, "data"), (_ports[0].Tills, _ports[0].Webhooks, _ports[0].Admin), [ShopStore.Storgata], tills);
        for (var member = 0; member < _members.Length; member++)
        {
            var own = (JsonObject)common.DeepClone();
            own["Gateway"]!["Tills"]!["Port"] = _ports[member].Tills;
            own["Gateway"]!["Webhooks"]!["Port"] = _ports[member].Webhooks;
            own["Gateway"]!["Admin"]!["Port"] = _ports[member].Admin;
            own["Cluster"] = new JsonObject
            {
                ["Name"] = "tests", ["SiloPort"] = free[member][3], ["ClientPort"] = free[member][4],
                ["Probe"] = "00:00:00.5", ["CallTimeout"] = "00:00:02",
                ["Redis"] = new JsonObject { ["Storage"] = $"127.0.0.1:{Redis.Port}", ["Timeout"] = "00:00:01" },
            };
            change?.Invoke(member, own);
            await File.WriteAllTextAsync(SettingsFile(member), own.ToJsonString());
        }
    }
}
