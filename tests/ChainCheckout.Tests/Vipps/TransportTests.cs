using System.Collections.Immutable;
using System.Diagnostics;
using ChainCheckout.Core.Ports;
using ChainCheckout.Tests.Vipps.Support;
using Microsoft.AspNetCore.Http;

namespace ChainCheckout.Tests.Vipps;

/// <summary>What only a real connection can do to a call.</summary>
[Collection(nameof(Timing))]
public sealed class TransportTests
{
    [Fact]
    public async Task Answer_OverTheWire_IsRead()
    {
        await using var listener =
            await VippsListener.StartAsync(context => context.Response.WriteAsync(VippsSetup.Payment()));
        await using var vipps = new VippsSetup(listener.Address);

        Assert.IsType<VippsResult<PaymentRead>.Ok>(await vipps.Payments.CaptureAsync(VippsSetup.Change(), default));
        Assert.IsType<VippsResult<PaymentRead>.Ok>(await vipps.Payments.CancelAsync(VippsSetup.Change(), default));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_OfAHundredMegabytes_IsUnknownAndNotRead(bool declared)
    {
        const long bytes = 100 * 1024 * 1024;
        long written = 0;
        await using var listener = await VippsListener.StartAsync(async context =>
        {
            var chunk = new byte[1024 * 1024];
            if (declared) context.Response.ContentLength = bytes;
            while (written < bytes && !context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
                written += chunk.Length;
                await Task.Delay(5); // Time for the hang-up to be noticed: writes after it go nowhere.
            }
        });
        await using var vipps = new VippsSetup(listener.Address);

        var unknown = Assert.IsType<VippsResult<PaymentRead>.Unknown>(
            await vipps.Payments.CaptureAsync(VippsSetup.Change(), default));

        Assert.Equal("answer too large", unknown.Reason);
        Assert.True(written < bytes / 2, $"{written} bytes were taken");
    }

    [Fact]
    public async Task Answer_JustUnderTheLimit_IsRead()
    {
        var padded = VippsSetup.Payment() + new string(' ', 65_536 - VippsSetup.Payment().Length);
        await using var listener = await VippsListener.StartAsync(context => context.Response.WriteAsync(padded));
        await using var vipps = new VippsSetup(listener.Address);

        Assert.IsType<VippsResult<PaymentRead>.Ok>(await vipps.Payments.CaptureAsync(VippsSetup.Change(), default));
    }

    [Fact]
    public async Task Redirect_IsUnknownAndNotFollowed()
    {
        var calls = 0;
        await using var listener = await VippsListener.StartAsync(context =>
        {
            calls++;
            context.Response.Redirect("/elsewhere", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        await using var vipps = new VippsSetup(listener.Address);

        Assert.IsType<VippsResult<PaymentCreated>.Unknown>(
            await vipps.Payments.CreateAsync(VippsSetup.Create(), default));
        Assert.Equal(1, calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Silence_IsUnknownAfterTheTimeout(bool afterTheHeaders)
    {
        await using var listener = await VippsListener.StartAsync(async context =>
        {
            if (context.Request.Path.StartsWithSegments("/webhooks"))
            {
                await context.Response.WriteAsync("""{"webhooks":[]}""");
                return;
            }

            if (afterTheHeaders) await context.Response.WriteAsync("{\"reference\":");
            if (afterTheHeaders) await context.Response.Body.FlushAsync();
            var aborted = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(aborted.SetResult);
            await aborted.Task;
        });
        await using var vipps = new VippsSetup(listener.Address, Impatient);
        await WarmAsync(vipps);
        var watch = Stopwatch.StartNew();

        var unknown = Assert.IsType<VippsResult<PaymentCreated>.Unknown>(
            await vipps.Payments.CreateAsync(VippsSetup.Create(), default));

        Assert.Equal("timeout", unknown.Reason);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.25, 5);
    }

    [Fact]
    public async Task CallersCancellation_IsTheOnlyException()
    {
        using var cancellation = new CancellationTokenSource();
        await using var listener = await VippsListener.StartAsync(async context =>
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await using var vipps = new VippsSetup(listener.Address);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => vipps.Payments.CreateAsync(VippsSetup.Create(), cancellation.Token));
        Assert.Equal(1, vipps.Calls.Snapshot()["epayment.create.cancelled"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connection_CutByVipps_IsUnknown(bool insideTheBody)
    {
        await using var listener = await VippsListener.StartAsync(async context =>
        {
            if (insideTheBody)
            {
                context.Response.ContentLength = 1_000;
                await context.Response.WriteAsync("{\"reference\":\"s42-t7-3-118\"}");
                await context.Response.Body.FlushAsync();
            }

            context.Abort();
        });
        await using var vipps = new VippsSetup(listener.Address);

        Assert.IsType<VippsResult<PaymentCreated>.Unknown>(
            await vipps.Payments.CreateAsync(VippsSetup.Create(), default));
    }

    [Fact]
    public async Task Refusal_WhoseBodyIsCut_IsUnknown()
    {
        await using var listener = await VippsListener.StartAsync(async context =>
        {
            context.Response.StatusCode = 400;
            context.Response.ContentLength = 1_000;
            await context.Response.WriteAsync("{\"title\":");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        await using var vipps = new VippsSetup(listener.Address);

        Assert.IsType<VippsResult<PaymentCreated>.Unknown>(
            await vipps.Payments.CreateAsync(VippsSetup.Create(), default));
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError)]
    [InlineData(HttpRequestError.NameResolutionError)]
    [InlineData(HttpRequestError.SecureConnectionError)]
    public async Task Create_ForWhichNoConnectionWasMade_WasNeverSent(HttpRequestError error)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.Answer = (_, _) => throw new HttpRequestException(error);

        Assert.IsType<VippsResult<PaymentCreated>.Later>(
            await vipps.Payments.CreateAsync(VippsSetup.Create(), default));
        // A request without a body may have been repeated by the handler itself.
        Assert.IsType<VippsResult<PaymentRead>.Unknown>(await vipps.Payments.CancelAsync(VippsSetup.Change(), default));
    }

    [Fact]
    public async Task Create_ThatWaitedForAConnectionInVain_WasNeverSent()
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.Answer = (_, _) => throw new TaskCanceledException("connect", new TimeoutException());

        Assert.IsType<VippsResult<PaymentCreated>.Later>(
            await vipps.Payments.CreateAsync(VippsSetup.Create(), default));
    }

    [Fact]
    public async Task Create_WhereNobodyListens_WasNeverSent()
    {
        await using var tokens = await VippsListener.StartAsync(_ => throw new InvalidOperationException());
        await using var vipps = new VippsSetup(
            "http://127.0.0.1:1", new() { ["Vipps:AccessToken:BaseAddress"] = tokens.Address });

        var later = Assert.IsType<VippsResult<PaymentCreated>.Later>(
            await vipps.Payments.CreateAsync(VippsSetup.Create(), default));
        Assert.Equal("connection ConnectionError", later.Fault.Title);
    }

    [Theory]
    [InlineData(HttpRequestError.ResponseEnded)]
    [InlineData(HttpRequestError.InvalidResponse)]
    [InlineData(HttpRequestError.Unknown)]
    public async Task Create_WhoseConnectionBroke_IsUnknown(HttpRequestError error)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.Answer = (_, _) => throw new HttpRequestException(error);

        Assert.IsType<VippsResult<PaymentCreated>.Unknown>(
            await vipps.Payments.CreateAsync(VippsSetup.Create(), default));
    }

    /// <summary>A token and a connection, so that a short timeout on a busy machine meets the call itself.</summary>
    private static async Task WarmAsync(VippsSetup vipps)
    {
        for (var tries = 0; tries < 50; tries++)
        {
            var listed = await vipps.Webhooks.ListAsync(VippsSetup.Msn, default);
            if (listed is VippsResult<ImmutableArray<WebhookRegistration>>.Ok) return;
            await Task.Delay(100);
        }

        Assert.Fail("the listener did not come up");
    }

    private static Dictionary<string, string?> Impatient => new()
    {
        ["Vipps:CallTimeout"] = "00:00:00.3",
        ["Vipps:Qr:Timeout"] = "00:00:00.3",
    };
}
