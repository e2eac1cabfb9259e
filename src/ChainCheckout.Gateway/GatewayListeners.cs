using System.Net;
using ChainCheckout.Gateway.Admin;
using ChainCheckout.Gateway.Tills;
using ChainCheckout.Gateway.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ChainCheckout.Gateway;

/// <summary>
/// Doors: tills (frames), webhooks, admin and, where it is wanted, metrics (HTTP). What belongs to one is not to be had at another.
/// </summary>
public static class GatewayListeners
{
    private const string Door = "door";

    /// <param name="isGateway">False: no tills and no webhooks, operators alone.</param>
    public static void Listen(KestrelServerOptions kestrel, GatewayOptions options, bool isGateway = true)
    {
        kestrel.AddServerHeader = false;

        // The endpoint counts the body itself; what chunks add to it on the wire is counted here.
        kestrel.Limits.MaxRequestBodySize = 2L * options.Webhooks.BodyBytesMax;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        kestrel.Listen(IPAddress.Parse(options.Admin.Address), options.Admin.Port, listen => Mark(listen, nameof(options.Admin)));
        if (options.Metrics.Address.Length > 0)
            kestrel.Listen(IPAddress.Parse(options.Metrics.Address), options.Metrics.Port, listen => Mark(listen, nameof(options.Metrics)));
        if (!isGateway) return;
        kestrel.Listen(IPAddress.Parse(options.Tills.Address), options.Tills.Port, listen => listen.UseConnectionHandler<TillConnectionHandler>());
        kestrel.Listen(IPAddress.Parse(options.Webhooks.Address), options.Webhooks.Port, listen => Mark(listen, nameof(options.Webhooks)));
    }

    public static void Route(IApplicationBuilder app)
    {
        var webhooks = app.ApplicationServices.GetRequiredService<WebhookEndpoint>();
        var admin = app.ApplicationServices.GetRequiredService<AdminEndpoint>();
        app.Run(context => DoorOf(context) switch
        {
            nameof(GatewayOptions.Webhooks) => webhooks.HandleAsync(context),
            nameof(GatewayOptions.Admin) => admin.HandleAsync(context),
            nameof(GatewayOptions.Metrics) => admin.HandleOpenAsync(context),
            _ => Task.CompletedTask,
        });
    }

    private static void Mark(ListenOptions listen, string door)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection =>
        {
            connection.Items[Door] = door;
            return next(connection);
        });
    }

    private static string? DoorOf(HttpContext context) => context.Features.Get<IConnectionItemsFeature>()?.Items[Door] as string;
}
