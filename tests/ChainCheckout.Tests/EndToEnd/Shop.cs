using System.Net;
using System.Text.Json.Nodes;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Client;
using ChainCheckout.Core.Ports;
using ChainCheckout.Gateway.Tills;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Simulator;
using ChainCheckout.Standalone;
using ChainCheckout.Tests.Vipps.Support;
using ChainCheckout.Vipps.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Tests.EndToEnd;

/// <summary>A chain's server and Vipps, all real but in one process: TCP, HTTP, SQLite on a temporary folder.</summary>
internal sealed class Shop : IShop, IAsyncDisposable
{
    public const string Msn = ShopSettings.Msn;
    public const string Customer = ShopSettings.Customer;
    public const string AdminToken = ShopSettings.AdminToken;

    private readonly ShopSettings _written = new();
    private readonly List<IAsyncDisposable> _tills = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("shop-").FullName;
    private WebApplication? _server;
    private bool _vippsIsGone;

    private Shop(SimulatorHost simulator) => Vipps = simulator;

    public SimulatorHost Vipps { get; }

    public JsonObject Settings { get; private set; } = [];

    public string SettingsFile => Path.Combine(_folder, "settings.json");

    public string DataFolder => Path.Combine(_folder, "data");

    public int TillPort { get; } = FreePort();

    public int WebhookPort { get; } = FreePort();

    public int AdminPort { get; } = FreePort();

    public bool IsRunning => _server is not null;

    public IServiceProvider Services => _server!.Services;

    public int Connections => Services.GetRequiredService<TillSessions>().ConnectionCount;

    public IActors Actors => Services.GetRequiredService<IActors>();

    /// <summary>Everything that any server of this shop has logged, at the level of its settings.</summary>
    public LogLines Logs { get; } = new();

    public IEnumerable<string> AllSecrets => _written.AllSecrets;

    public static async Task<Shop> OpenAsync(
        SimulatorOptions? options = null, Action<JsonObject>? change = null, int tills = 2, ShopStore[]? stores = null, bool start = true)
    {
        stores ??= [ShopStore.Storgata];
        var shop = new Shop(await SimulatorHost.StartAsync((options ?? new SimulatorOptions()) with
        {
            AllowHttpWebhooks = true,
            SalesUnits = [.. ShopSettings.SalesUnits(stores)],
        }));
        var ports = (shop.TillPort, shop.WebhookPort, shop.AdminPort);
        shop.Settings = shop._written.Write(shop.Vipps.Address, shop.DataFolder, ports, stores, tills);
        change?.Invoke(shop.Settings);
        await shop.WriteSettingsAsync();
        if (start) await shop.StartServerAsync();
        return shop;
    }

    public Task WriteSettingsAsync() => File.WriteAllTextAsync(SettingsFile, Settings.ToJsonString());

    public async Task StartServerAsync()
    {
        _server = StandaloneProgram.Build(["--settings", SettingsFile]);
        _server.Services.GetRequiredService<ILoggerFactory>().AddProvider(Logs);
        await _server.StartAsync();
    }

    public async Task StopServerAsync()
    {
        await _server!.StopAsync();
        await _server.DisposeAsync();
        _server = null;
    }

    public async Task RestartServerAsync()
    {
        await StopServerAsync();
        await StartServerAsync();
    }

    /// <summary>From now on nobody listens where Vipps was.</summary>
    public async Task TakeVippsAwayAsync()
    {
        _vippsIsGone = true;
        await Vipps.DisposeAsync();
    }

    public string SecretOf(int till, string role = TillRoles.Pos, int store = 1) => _written.SecretOf(store, till, role);

    public async Task<Till> TillAsync(
        int till = 1, string role = TillRoles.Pos, TillConnectionPool? pool = null, ITillObserver? observer = null, int store = 1)
    {
        var identity = new TillIdentity(store, till, role, SecretOf(till, role, store));
        var options = new ChainCheckout.Client.TillOptions { Observer = observer };
        var made = pool is null
            ? new Till(identity, [new IPEndPoint(IPAddress.Loopback, TillPort)], options, TimeProvider.System, new Random(till))
            : new Till(identity, pool, options, TimeProvider.System, new Random(till));
        _tills.Add(made);
        await made.StartAsync().WaitAsync(TimeSpan.FromSeconds(10));
        return made;
    }

    /// <summary>The till goes away for good.</summary>
    public async Task CloseAsync(Till till)
    {
        _tills.Remove(till);
        await till.DisposeAsync();
    }

    public TillConnectionPool Pool() =>
        new([new IPEndPoint(IPAddress.Loopback, TillPort)], new TillConnectionOptions(), TimeProvider.System, new Random(1));

    public HttpClient Admin(string? token = AdminToken)
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{AdminPort}"), Timeout = TimeSpan.FromSeconds(10) };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    /// <summary>Reads of payments that Vipps has had from this server.</summary>
    public long Reads => Calls("epayment.read");

    /// <summary>Scanned codes that Vipps has been asked about.</summary>
    public long Exchanges => Calls("qr.exchange");

    /// <summary>Waits for what comes about outside of any till.</summary>
    public static Task UntilAsync(Func<bool> holds, string what, double seconds = 10) => Wait.UntilAsync(holds, what, seconds);

    private long Calls(string operation) => Services.GetRequiredService<VippsCalls>().Snapshot()
        .Where(call => call.Key.StartsWith(operation, StringComparison.Ordinal)).Sum(call => call.Value);

    public async ValueTask DisposeAsync()
    {
        foreach (var till in _tills) await till.DisposeAsync();
        if (_server is not null) await StopServerAsync();
        if (!_vippsIsGone) await Vipps.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public static int FreePort() => FreePorts.Take(1)[0];
}
