using ChainCheckout.Core.Ports;
using ChainCheckout.Gateway;
using ChainCheckout.Gateway.Admin;
using ChainCheckout.Gateway.Tills;
using ChainCheckout.Gateway.Webhooks;
using ChainCheckout.Standalone.Actors;
using ChainCheckout.Standalone.Storage;
using ChainCheckout.Vipps.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ChainCheckout.Standalone;

/// <summary>The whole checkout platform of a chain in one process, on one SQLite file.</summary>
public static class StandaloneProgram
{
    /// <summary>Runs until it is told to stop. Arguments: <c>--settings FILE</c>, and <c>Section:Name=value</c> as usual.</summary>
    /// <returns>As <see cref="CheckoutHost.RunAsync"/>.</returns>
    public static Task<int> RunAsync(string[] args, CancellationToken cancellation = default) =>
        CheckoutHost.RunAsync(() => Task.FromResult(Build(args)), cancellation);

    /// <summary>Everything put together, not started.</summary>
    /// <exception cref="SettingsException">Names every setting that is wrong.</exception>
    /// <exception cref="StorageOpenException">The data folder cannot be used.</exception>
    public static WebApplication Build(string[] args)
    {
        var builder = CheckoutHost.NewBuilder(args);
        var settings = Settings.Read(builder.Configuration);
        var services = builder.Services;
        CheckoutHost.AddCheckout(services, settings, builder.Configuration);

        var storage = SqliteActorStorage.Open(settings.Storage.Folder, TimeProvider.System);
        services.AddSingleton(_ => storage);
        services.AddSingleton<IActorStorage>(provider => provider.GetRequiredService<SqliteActorStorage>());
        services.AddSingleton<IActors>(provider => provider.GetRequiredService<InProcessActors>());
        services.AddSingleton<IWatchers>(provider => provider.GetRequiredService<TillSessions>());
        services.AddSingleton<IWakes, StoredWakes>();
        services.AddSingleton(MissingOf);
        services.AddSingleton(FiguresOf);
        services.AddSingleton<CountFlagged>(provider => _ => Task.FromResult(provider.GetRequiredService<SqliteActorStorage>().CountFlagged()));
        services.AddSingleton<IMetricsSource, SqliteMetrics>();
        services.AddHostedService<Operator>();

        builder.WebHost.ConfigureKestrel(kestrel => GatewayListeners.Listen(kestrel, settings.Gateway));
        var app = builder.Build();
        GatewayListeners.Route(app);
        return app;
    }

    private static Missing MissingOf(IServiceProvider provider) => () =>
        provider.GetRequiredService<Readiness>().IsReady ? [] : ["tills: not let in"];

    private static Func<Figures> FiguresOf(IServiceProvider provider) => () =>
    {
        var counters = provider.GetRequiredService<SqliteActorStorage>().Counters;
        var sessions = provider.GetRequiredService<TillSessions>();
        return new Figures(
            counters.Saves, counters.Bytes, counters.Settles, counters.Batches, provider.GetRequiredService<InProcessActors>().LiveCount,
            sessions.SessionCount, sessions.ConnectionCount, provider.GetRequiredService<Admission>().UnderWay,
            provider.GetRequiredService<WebhookEndpoint>().Received, provider.GetRequiredService<VippsCalls>().Snapshot());
    };
}
