using System.Collections.Immutable;
using System.Net.Sockets;
using System.Security.Cryptography;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Gateway;
using ChainCheckout.Gateway.Admin;
using ChainCheckout.Gateway.Tills;
using ChainCheckout.Gateway.Webhooks;
using ChainCheckout.Standalone.Actors;
using ChainCheckout.Standalone.Storage;
using ChainCheckout.Vipps;
using ChainCheckout.Vipps.Options;
using ChainCheckout.Vipps.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChainCheckout.Standalone;

/// <summary>The whole checkout platform of a chain in one process, on one SQLite file. Wires; decides nothing.</summary>
public static class StandaloneProgram
{
    public const int CannotStart = 1;
    public const int WrongSettings = 2;

    /// <summary>Runs until it is told to stop. Arguments: <c>--settings FILE</c>, and <c>Section:Name=value</c> as usual.</summary>
    /// <returns>0 after a graceful stop; 2 for wrong settings, each named on standard error; 1 when a port cannot be had.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellation = default)
    {
        WebApplication app;
        try
        {
            app = Build(args);
        }
        catch (SettingsException wrong)
        {
            foreach (var one in wrong.Wrong) await Console.Error.WriteLineAsync($"settings: {one}");
            return WrongSettings;
        }
        catch (StorageOpenException unusable)
        {
            await Console.Error.WriteLineAsync($"storage: {unusable.Message}");
            return WrongSettings;
        }

        await using (app)
        {
            try
            {
                await app.RunAsync(cancellation);
            }
            catch (Exception refused) when (refused is IOException { InnerException: AddressInUseException } or SocketException)
            {
                await Console.Error.WriteLineAsync($"listen: {refused.Message}");
                return CannotStart;
            }
        }

        return 0;
    }

    /// <summary>Everything put together, not started.</summary>
    /// <exception cref="SettingsException">Names every setting that is wrong.</exception>
    /// <exception cref="StorageOpenException">The data folder cannot be used.</exception>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        Settings.AddFiles(builder.Configuration, args);
        builder.Logging.ClearProviders();

        // A record for every HTTP request would be most of the log and a good part of the work.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddJsonConsole(console => console.UseUtcTimestamp = true);

        var settings = Settings.Read(builder.Configuration);
        var services = builder.Services;
        services.AddVipps(LegibleSettings.Of(builder.Configuration).Legible);
        services.AddSingleton(settings.Standalone);
        services.AddSingleton(settings.Gateway);
        services.AddSingleton(settings.Secret);
        services.AddSingleton<IStateCodec>(new StateCodec(settings.Keys));
        services.AddSingleton(provider => new Machines(
            new Till(settings.Timing.ToTillSettings(), settings.Secret),
            new Customer(settings.ToCustomerSettings(provider.GetRequiredService<VippsOptions>())),
            new Payment(settings.Timing.ToPaymentTimings()), new SalesUnit(), new Store(), new Login()));
        services.TryAddSingleton<IMembershipRegister, OwnRegister>();
        services.AddSingleton(MemberPortsOf);
        services.AddSingleton(provider => provider.GetRequiredService<Machines>().Payment);
        services.AddSingleton<IReadOnlySet<Msn>>(settings.SalesUnits);

        var storage = SqliteActorStorage.Open(settings.Storage.Folder, TimeProvider.System);
        services.AddSingleton(_ => storage);
        services.AddSingleton<IActorStorage>(provider => provider.GetRequiredService<SqliteActorStorage>());
        services.AddSingleton<InProcessActors>();
        services.AddSingleton<IActors>(provider => provider.GetRequiredService<InProcessActors>());
        services.AddSingleton<IOperations, Operations>();
        services.AddSingleton<ShellLog>();
        services.AddSingleton<IShellLog>(provider => provider.GetRequiredService<ShellLog>());
        services.AddSingleton<TillSessions>();
        services.AddSingleton<Admission>();
        services.AddSingleton<TillLog>();
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<WebhookEndpoint>();
        services.AddSingleton<Caretaker>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<Func<bool>>(provider => () => provider.GetRequiredService<Readiness>().IsReady);
        services.AddSingleton(FiguresOf);
        services.AddSingleton<MembersEndpoint>();
        services.AddSingleton<AdminEndpoint>();
        services.AddSingleton(settings);
        services.AddHostedService<Operator>();

        builder.WebHost.ConfigureKestrel(kestrel => GatewayListeners.Listen(kestrel, settings.Gateway));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(15));
        var app = builder.Build();
        GatewayListeners.Route(app);
        return app;
    }

    private static MemberPorts MemberPortsOf(IServiceProvider provider)
    {
        var log = provider.GetRequiredService<ShellLog>();
        return new MemberPorts(
            provider.GetRequiredService<ICheckInApi>(), provider.GetRequiredService<ILoginApi>(), provider.GetRequiredService<ILoyaltyPublisher>(),
            provider.GetRequiredService<IMembershipRegister>(), provider.GetRequiredService<Settings>().Timing.RegisterMax, log.RegisterFailed);
    }

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
