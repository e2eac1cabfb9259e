using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ChainCheckout.Tests.Simulator;

/// <summary>One webhook as it came.</summary>
internal sealed record Received(
    string Path, string Host, string Date, string ContentHash, string Authorization, byte[] Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string Reference => (string)Json["reference"]!;

    public string Name => (string)Json["name"]!;
}

/// <summary>A merchant's address for webhooks, on loopback.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<Received> All { get; } = new();

    /// <summary>What to answer to one; 200 unless a test says otherwise.</summary>
    public Func<Received, int> Answer { get; set; } = _ => 200;

    public string Url { get; private set; } = "";

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        receiver.Url = addresses.Addresses.First() + "/hooks/vipps?chain=7";
        return receiver;
    }

    /// <summary>Waits until so many have come, ten seconds at most.</summary>
    public async Task<IReadOnlyList<Received>> ExpectAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (All.Count < count) await Task.Delay(10, patience.Token);
        return [.. All];
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers;
        var received = new Received(
            context.Request.Path + context.Request.QueryString,
            context.Request.Host.Value!,
            headers["x-ms-date"].ToString(),
            headers["x-ms-content-sha256"].ToString(),
            headers.Authorization.ToString(),
            body.ToArray());
        All.Enqueue(received);
        context.Response.StatusCode = Answer(received);
    }
}
