using System.Net;
using ChainCheckout.Simulator.Control;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Ledgers;
using ChainCheckout.Simulator.Payments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCheckout.Simulator;

/// <summary>The simulated Vipps behind a port, in the process of a program or of a test.</summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stop;

    private SimulatorHost(WebApplication app, VippsWorld world, Uri address, CancellationTokenSource stop)
    {
        (_app, World, Address, _stop) = (app, world, address, stop);
    }

    /// <summary>Where it listens: <c>http://127.0.0.1:12345/</c>.</summary>
    public Uri Address { get; }

    public VippsWorld World { get; }

    public Ledger Ledger => World.Ledger;

    /// <param name="time">Real time; a test hands in one that it moves by hand.</param>
    public static async Task<SimulatorHost> StartAsync(
        SimulatorOptions options,
        TimeProvider? time = null,
        ILoggerFactory? loggers = null,
        CancellationToken cancellation = default)
    {
        loggers ??= NullLoggerFactory.Instance;
        var world = new VippsWorld(options, time ?? TimeProvider.System, loggers);
        var stop = new CancellationTokenSource();
        var front = new Front(world, new ControlApi(world), loggers.CreateLogger<Front>(), stop.Token);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Limits.RequestBytesMax;
            kestrel.Listen(IPAddress.Parse(options.Host), options.Port);
        });
        var app = builder.Build();
        app.Run(front.HandleAsync);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch
        {
            await app.DisposeAsync();
            await world.DisposeAsync();
            stop.Dispose();
            throw;
        }

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        return new SimulatorHost(app, world, new Uri(addresses.Addresses.First()), stop);
    }

    /// <summary>No more calls, no more webhooks, the ledger written to its end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        using (var patience = new CancellationTokenSource(StopWithin)) await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        await World.DisposeAsync();
        _stop.Dispose();
    }
}
