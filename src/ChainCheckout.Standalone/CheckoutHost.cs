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
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Standalone;

/// <summary>What every server is made of, whatever carries its actors and stores them. Wires; decides nothing.</summary>
public static class CheckoutHost
{
    public const int CannotStart = 1;
    public const int WrongSettings = 2;

    /// <summary>Builds and runs until it is told to stop.</summary>
    /// <returns>0 after a graceful stop; 2 for wrong settings or a storage that cannot be used, named on standard error; 1 when a
    /// port cannot be had.</returns>
    public static async Task<int> RunAsync(Func<Task<WebApplication>> build, CancellationToken cancellation)
    {
        WebApplication app;
        try
        {
            app = await build();
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

    /// <summary>With the settings' files and the log, and nothing else.</summary>
    /// <exception cref="SettingsException">The arguments or the file cannot be read.</exception>
    public static WebApplicationBuilder NewBuilder(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        Settings.AddFiles(builder.Configuration, args);
        builder.Logging.ClearProviders();

        // A record for every HTTP request would be most of the log and a good part of the work.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(15));
        return builder;
    }

    /// <summary>
    /// The actors of this process with all that they call, and the gateway in front. The host adds storage
    /// (<see cref="IActorStorage"/>), how a message reaches an actor (<see cref="IActors"/>), who watches (<see cref="IWatchers"/>), its
    /// <see cref="Figures"/>, how flagged actors are counted, and what is missing until it is ready.
    /// </summary>
    public static void AddCheckout(IServiceCollection services, Settings settings, IConfiguration configuration)
    {
        services.AddVipps(LegibleSettings.Of(configuration).Legible);
        services.AddSingleton(settings.Standalone);
        services.AddSingleton(settings.Gateway);
        services.AddSingleton(settings.Secret);
        services.AddSingleton<IStateCodec>(new StateCodec(settings.Keys));
        services.AddSingleton(provider => new Machines(
            new Till(settings.Timing.ToTillSettings(), settings.Secret),
            new Customer(settings.ToCustomerSettings(provider.GetRequiredService<VippsOptions>()) with
            {
                HasRegister = provider.GetRequiredService<IMembershipRegister>() is not OwnRegister,
            }),
            new Payment(settings.Timing.ToPaymentTimings()), new SalesUnit(), new Store(), new Login()));
        services.TryAddSingleton<IMembershipRegister, OwnRegister>();
        services.AddSingleton(MemberPortsOf);
        services.AddSingleton(provider => provider.GetRequiredService<Machines>().Payment);
        services.AddSingleton<IReadOnlySet<Msn>>(settings.SalesUnits);

        services.AddSingleton<InProcessActors>();
        services.AddSingleton<IOperations, Operations>();
        services.AddSingleton<ShellLog>();
        services.AddSingleton<IShellLog>(provider => provider.GetRequiredService<ShellLog>());
        services.AddSingleton<TillSessions>();
        services.AddSingleton<Admission>();
        services.AddSingleton<TillLog>();
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<WebhookEndpoint>();
        services.AddSingleton<TillMetrics>();
        services.AddSingleton<IMetricsSource>(provider => provider.GetRequiredService<TillMetrics>());
        services.AddSingleton<IMetricsSource>(provider => provider.GetRequiredService<WebhookEndpoint>());
        services.AddSingleton<IMetricsSource, HostMetrics>();
        services.AddSingleton<MetricsBoard>();
        services.AddSingleton<WakeRound>();
        services.AddSingleton<Caretaker>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<MembersEndpoint>();
        services.AddSingleton<AdminEndpoint>();
        services.AddSingleton<Opening>();
        services.AddSingleton(ShellPortsOf);
        services.AddSingleton(settings);
    }

    private static ShellPorts ShellPortsOf(IServiceProvider provider) => new(
        provider.GetRequiredService<IActorStorage>(), provider.GetRequiredService<IStateCodec>(), provider.GetRequiredService<IOperations>(),
        provider.GetRequiredService<IWatchers>(), provider.GetRequiredService<IShellLog>(), provider.GetRequiredService<TimeProvider>(),
        static () => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))));

    private static MemberPorts MemberPortsOf(IServiceProvider provider)
    {
        var log = provider.GetRequiredService<ShellLog>();
        return new MemberPorts(
            provider.GetRequiredService<ICheckInApi>(), provider.GetRequiredService<ILoginApi>(), provider.GetRequiredService<ILoyaltyPublisher>(),
            provider.GetRequiredService<IMembershipRegister>(), provider.GetRequiredService<Settings>().Timing.RegisterMax, log.RegisterFailed);
    }
}
