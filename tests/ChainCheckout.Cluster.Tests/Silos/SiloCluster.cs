using System.Text;
using System.Text.Json.Nodes;
using ChainCheckout.Cluster.Storage;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Stores;
using ChainCheckout.Simulator;
using ChainCheckout.Tests.EndToEnd;
using ChainCheckout.Tests.Vipps.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;

namespace ChainCheckout.Cluster.Tests.Silos;

/// <summary>Silos and a gateway without one in this process, all that the program puts into them, and a simulated Vipps.</summary>
internal sealed class SiloCluster : IShop, IAsyncDisposable
{
    private readonly InProcessTestCluster _silos;
    private readonly Dictionary<string, PoweredStorage> _storages = [];
    private readonly IAsyncDisposable? _store;

    private SiloCluster(SimulatorHost vipps, JsonObject written, short silos, IChainStorage storage, IAsyncDisposable? store)
    {
        (Vipps, _store) = (vipps, store);
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(written.ToJsonString()))).Build();
        var settings = ClusterSettings.Read(configuration);
        Profile = settings.Server.Stores[0].Profile;

        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSiloHost((options, host) =>
        {
            PoweredStorage powered;
            lock (_storages) powered = _storages[options.SiloName] = new PoweredStorage(storage);
            host.UseOrleans(silo => ClusterProgram.ConfigureCalls(silo, settings.Cluster));
            Add(host, Roles.Silo, powered);
        });
        builder.ConfigureClientHost(host =>
        {
            host.UseOrleansClient(client => ClusterProgram.ConfigureCalls(client, settings.Cluster));
            Add(host, Roles.Gateway, storage);
        });
        _silos = builder.Build();

        void Add(IHostApplicationBuilder host, Roles roles, IChainStorage of)
        {
            host.Logging.AddProvider(Logs).AddFilter("Orleans", LogLevel.Error);
            ClusterProgram.AddChain(host.Services, settings, configuration, roles, of);
        }
    }

    public SimulatorHost Vipps { get; }

    public LogLines Logs { get; } = new();

    public StoreProfile Profile { get; }

    /// <summary>The gateway that carries no actors.</summary>
    public IServiceProvider Gateway => _silos.Client.ServiceProvider;

    public int SiloCount => _silos.Silos.Count;

    public static async Task<SiloCluster> StartAsync(short silos = 2, IChainStorage? storage = null, IAsyncDisposable? store = null)
    {
        var vipps = await SimulatorHost.StartAsync(new SimulatorOptions { SalesUnits = [.. ShopSettings.SalesUnits([ShopStore.Storgata])] });
        var written = new ShopSettings().Write(vipps.Address, Path.GetTempPath(), (1_001, 1_002, 1_003), [ShopStore.Storgata], tills: 9);
        written["Gateway"]!["Webhooks"]!["PublicAddress"] = "";
        written["Cluster"] = new JsonObject
        {
            ["Probe"] = "00:00:01", ["CallTimeout"] = "00:00:02", ["Redis"] = new JsonObject { ["Timeout"] = "00:00:01" },
        };
        var cluster = new SiloCluster(vipps, written, silos, storage ?? new MemoryChainStorage(), store);
        await cluster._silos.DeployAsync();
        return cluster;
    }

    /// <summary>What a silo has of the program.</summary>
    public IServiceProvider Silo(int at) => _silos.GetSiloServiceProvider(_silos.Silos[at].SiloAddress);

    public IActors Actors(int silo) => Silo(silo).GetRequiredService<IActors>();

    /// <summary>Without a word to anybody, as by <c>kill -9</c>.</summary>
    public async Task KillAsync(int at)
    {
        var silo = _silos.Silos[at];
        _storages[silo.Name].Cut();
        await _silos.KillSiloAsync(silo);
    }

    public Task StopAsync(int at) => _silos.StopSiloAsync(_silos.Silos[at]);

    public async ValueTask DisposeAsync()
    {
        await _silos.StopAllSilosAsync();
        await _silos.DisposeAsync();
        await Vipps.DisposeAsync();
        if (_store is not null) await _store.DisposeAsync();
    }
}
