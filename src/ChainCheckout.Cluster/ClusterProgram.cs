using ChainCheckout.Cluster.Grains;
using ChainCheckout.Cluster.Storage;
using ChainCheckout.Cluster.Views;
using ChainCheckout.Core.Ports;
using ChainCheckout.Gateway;
using ChainCheckout.Gateway.Admin;
using ChainCheckout.Gateway.Tills;
using ChainCheckout.Gateway.Webhooks;
using ChainCheckout.Standalone;
using ChainCheckout.Standalone.Actors;
using ChainCheckout.Standalone.Storage;
using ChainCheckout.Vipps.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Configuration;
using Orleans.Serialization.Serializers;

namespace ChainCheckout.Cluster;

/// <summary>One process of a chain: a silo that carries actors, a gateway that carries tills' connections, or both.</summary>
public static class ClusterProgram
{
    private const int BeforeJoining = ServiceLifecycleStage.AfterRuntimeGrainServices - 1;

    /// <summary>Runs until it is told to stop. Arguments: <c>--role silo|gateway</c>, <c>--settings FILE</c>, <c>Section:Name=value</c>.</summary>
    /// <returns>As <see cref="CheckoutHost.RunAsync"/>.</returns>
    public static Task<int> RunAsync(string[] args, CancellationToken cancellation = default) =>
        CheckoutHost.RunAsync(() => BuildAsync(args), cancellation);

    /// <summary>Everything put together, not started; the storage is open.</summary>
    /// <exception cref="SettingsException">Names every setting that is wrong.</exception>
    /// <exception cref="StorageOpenException">Redis cannot be used.</exception>
    public static async Task<WebApplication> BuildAsync(string[] args)
    {
        var (roles, others) = ClusterSettings.TakeRole(args);
        var builder = CheckoutHost.NewBuilder(others);
        var settings = ClusterSettings.Read(builder.Configuration);

        // A silo that dies costs everybody who calls it a record; whoever asked tells of it too. Who is in the cluster is told.
        builder.Logging.AddFilter("Orleans", LogLevel.Error);
        builder.Logging.AddFilter("Orleans.Messaging", LogLevel.Critical);
        builder.Logging.AddFilter("Orleans.Runtime.Messaging", LogLevel.Critical);

        // Orleans repeats a placement with it, and it tells of every try with the whole failure.
        builder.Logging.AddFilter("Polly", LogLevel.Critical);
        builder.Logging.AddFilter("Orleans.Runtime.MembershipService", LogLevel.Warning);
        var storage = await RedisActorStorage.OpenAsync(settings.Cluster.Redis);

        if (roles.HasFlag(Roles.Silo)) builder.UseOrleans(silo => Configure(silo, settings.Cluster));
        else builder.UseOrleansClient(client => Configure(client, settings.Cluster));
        AddChain(builder.Services, settings, builder.Configuration, roles, storage);
        builder.Services.AddSingleton(storage);
        builder.Services.AddSingleton<CountFlagged>(storage.CountFlaggedAsync);
        builder.Services.AddSingleton<IMetricsSource, ClusterMetrics>();

        builder.WebHost.ConfigureKestrel(kestrel => GatewayListeners.Listen(kestrel, settings.Server.Gateway, roles.HasFlag(Roles.Gateway)));
        var app = builder.Build();
        GatewayListeners.Route(app);
        return app;
    }

    /// <summary>
    /// What a process of a chain is made of, wherever it finds the others and whatever its actors are stored in. After Orleans: the
    /// process leaves the cluster last.
    /// </summary>
    public static void AddChain(
        IServiceCollection services, ClusterSettings settings, IConfiguration configuration, Roles roles, IChainStorage storage)
    {
        CheckoutHost.AddCheckout(services, settings.Server, configuration);
        services.AddSingleton(settings.Cluster);
        services.AddSingleton(new RoleOf(roles));
        services.AddSingleton(_ => storage);
        services.AddSingleton<IActorStorage>(provider => provider.GetRequiredService<IChainStorage>());
        services.AddSingleton<GatewayViews>();
        services.AddSingleton<GrainViews>();
        services.AddSingleton<IWatchers>(provider => provider.GetRequiredService<GrainViews>());
        services.AddSingleton<IActors, GrainActors>();
        services.AddSingleton<IWakes, GrainWakes>();
        services.AddSingleton<ClusterHealth>();
        services.AddSingleton<Missing>(provider => provider.GetRequiredService<ClusterHealth>().Missing);
        services.AddSingleton<GatewayCountChangedHandler>(provider =>
        {
            var (health, sessions) = (provider.GetRequiredService<ClusterHealth>(), provider.GetRequiredService<TillSessions>());
            return (_, change) =>
            {
                health.OnSilosReached(change.NumberOfConnectedGateways);
                sessions.Doubt();
            };
        });
        services.AddSingleton(FiguresOf);
        AddSerializer(services);
        services.AddHostedService<ClusterOperator>();
    }

    /// <summary>What every silo of the chain has in common, wherever it finds the others.</summary>
    public static void ConfigureCalls(ISiloBuilder silo, ChainClusterOptions cluster)
    {
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = cluster.CallTimeout);
        silo.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = cluster.CallTimeout);
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = cluster.Probe;
            options.NumMissedProbesLimit = 3;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            options.DefunctSiloExpiration = TimeSpan.FromHours(1);
            options.IAmAliveTablePublishTimeout = DeadSilos.Signs;
        });
        silo.Configure<GrainCollectionOptions>(options =>
        {
            options.CollectionAge = TimeSpan.FromMinutes(5);
            options.DeactivationTimeout = TimeSpan.FromSeconds(10);
        });
    }

    /// <summary>The same for a gateway that carries no silo.</summary>
    public static void ConfigureCalls(IClientBuilder client, ChainClusterOptions cluster)
    {
        client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = cluster.CallTimeout);
        client.Configure<Orleans.Configuration.GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
    }

    /// <summary>Messages of the actors as JSON; everything else is Orleans' own.</summary>
    private static void AddSerializer(IServiceCollection services)
    {
        services.AddSingleton<CoreCodec>();
        services.AddSingleton<IGeneralizedCodec>(provider => provider.GetRequiredService<CoreCodec>());
        services.AddSingleton<IGeneralizedCopier>(provider => provider.GetRequiredService<CoreCodec>());
        services.AddSingleton<ITypeFilter>(provider => provider.GetRequiredService<CoreCodec>());

        // A failure of an actor, or of the storage under it, reaches who asked as what it is; its text names actors, never persons.
        // Without it each that crosses silos is an error of its own as well.
        services.Configure<ExceptionSerializationOptions>(options =>
        {
            options.SupportedNamespacePrefixes.Add("ChainCheckout");
            options.SupportedNamespacePrefixes.Add("StackExchange.Redis");
        });
        services.AddSerializer(serializer =>
            serializer.Configure(options => options.WellKnownTypeAliases[CoreCodec.Alias] = typeof(CoreCodec)));
    }

    private static void Configure(ISiloBuilder silo, ChainClusterOptions cluster)
    {
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.Name, cluster.Name));
        silo.UseRedisClustering(options => options.ConfigurationOptions = cluster.Redis.ToConfiguration("membership"));

        // The list is open by then, and this silo has not come to join. It is not waited for: joining waits for it.
        silo.AddStartupTask(
            (services, cancellation) =>
            {
                _ = ActivatorUtilities.CreateInstance<DeadSilos>(services).WatchAsync();
                return Task.CompletedTask;
            },
            BeforeJoining);
        silo.ConfigureEndpoints(cluster.ToOwnAddress(), cluster.SiloPort, cluster.ClientPort, cluster.ListenOnAny);
        ConfigureCalls(silo, cluster);
    }

    private static void Configure(IClientBuilder client, ChainClusterOptions cluster)
    {
        client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.Name, cluster.Name));
        client.UseRedisClustering(options => options.ConfigurationOptions = cluster.Redis.ToConfiguration("membership"));
        ConfigureCalls(client, cluster);
        client.UseConnectionRetryFilter(async (_, cancellation) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellation);
            return true;
        });
    }

    private static Func<Figures> FiguresOf(IServiceProvider provider) => () =>
    {
        var (saves, bytes, settles) = provider.GetRequiredService<IChainStorage>().Counters;
        var sessions = provider.GetRequiredService<TillSessions>();
        return new Figures(
            saves, bytes, settles, Batches: 0, provider.GetRequiredService<InProcessActors>().LiveCount, sessions.SessionCount,
            sessions.ConnectionCount, provider.GetRequiredService<Admission>().UnderWay, provider.GetRequiredService<WebhookEndpoint>().Received,
            provider.GetRequiredService<VippsCalls>().Snapshot());
    };
}

/// <summary>The roles of this process.</summary>
public sealed record RoleOf(Roles Roles)
{
    public bool IsSilo => Roles.HasFlag(Roles.Silo);

    public bool IsGateway => Roles.HasFlag(Roles.Gateway);
}
