using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Tests.Vipps.Support;

/// <summary>A real listener on loopback, for what only a wire can do: cut, hang, redirect, never end.</summary>
internal sealed class VippsListener : IAsyncDisposable
{
    private readonly WebApplication _app;

    private VippsListener(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public static async Task<VippsListener> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            if (context.Request.Path != "/accesstoken/get") await answer(context);
            else await context.Response.WriteAsync("""{"access_token":"token","expires_in":"3600"}""");
        });
        await app.StartAsync();
        return new VippsListener(app);
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(hurry.Token);
        await _app.DisposeAsync();
    }
}
