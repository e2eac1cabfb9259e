using System.Diagnostics;
using System.Net;
using ChainCheckout.Client;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Faults;
using ChainCheckout.Tests.EndToEnd;
using ChainCheckout.Tests.Gateway;

namespace ChainCheckout.Tests.Standalone;

[Collection(nameof(Timing))]
public sealed class StopTests
{
    [Fact]
    public async Task AStop_SaysGoodbyeWithATimeToComeBackAndIsQuick()
    {
        await using var shop = await Shop.OpenAsync();
        await using var till = await RawTill.WelcomeAsync(shop, 1);
        await using var stranger = await RawTill.ConnectAsync(shop);
        var started = Stopwatch.GetTimestamp();

        var stopping = shop.StopServerAsync();
        var goodbye = await till.NextAsync();
        await stopping;
        var took = Stopwatch.GetElapsedTime(started);

        Assert.Equal((FrameType.Goodbye, (ushort)0, "shutdown"), (goodbye.Header.Type, goodbye.Header.Channel, goodbye["reason"]));
        Assert.InRange((int)goodbye.Body["reconnectAfterMs"]!, 100, 2_000);
        Assert.True(await till.IsCutAsync(TimeSpan.FromSeconds(3)));
        Assert.True(took < TimeSpan.FromSeconds(8), $"The stop took {took}.");
    }

    [Fact]
    public async Task WhileItStops_HealthSaysNotReadyAndNoNewTillIsLetIn()
    {
        await using var shop = await Shop.OpenAsync();
        var till = await shop.TillAsync();
        using var admin = shop.Admin();
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/health/ready")).StatusCode);

        // A call that is under way keeps the server draining for a while.
        shop.Vipps.World.Faults.Add(new FaultRule("create", FaultKind.Delay, DelayMs: 1_500, Times: 1));
        await till.AsksForPaymentAsync(shop, "sale-1");
        await Shop.UntilAsync(() => shop.Vipps.World.Faults.All()[0].Struck == 1, "the call");
        var stopping = shop.StopServerAsync();
        var ready = HttpStatusCode.OK;
        for (var tries = 0; tries < 40 && ready == HttpStatusCode.OK; tries++) ready = (await admin.GetAsync("/health/ready")).StatusCode;
        var live = (await admin.GetAsync("/health/live")).StatusCode;
        await using var late = await RawTill.ConnectAsync(shop);
        var letIn = !await late.IsCutAsync(TimeSpan.FromMilliseconds(700));
        await stopping;

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK, false), (ready, live, letIn));
    }

    [Fact]
    public async Task APaymentInFlightAtTheStop_IsSettledOrResumed()
    {
        await using var shop = await Shop.OpenAsync(tills: 12);
        var tills = await Task.WhenAll(Enumerable.Range(1, 12).Select(till => shop.TillAsync(till)));
        await Task.WhenAll(tills.Select(till => till.AsksForPaymentAsync(shop, "sale-1")));

        await shop.StopServerAsync();
        await shop.StartServerAsync();
        await Task.WhenAll(tills.Select(till => till.SeesAsync("paid")));

        Assert.Equal(12, shop.Vipps.Ledger.Lines().Count(line => line.Kind == "captured"));
        Assert.Equal(12, shop.Vipps.Ledger.Lines().Count(line => line.Kind == "created"));
    }

    [Fact]
    public async Task AStop_DoesNotWaitForACustomerWhoThinks()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Vipps.World.Tell(Shop.Customer, CustomerAnswer.Manual);
        var till = await shop.TillAsync();
        await till.AsksForPaymentAsync(shop, "sale-1");
        await till.SeesAsync("paying", "WaitingForCustomer");

        var started = Stopwatch.GetTimestamp();
        await shop.StopServerAsync();

        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(8), "The stop waited for somebody.");
    }

    [Fact]
    public async Task AStart_IsReadySoon()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.StopServerAsync();
        var started = Stopwatch.GetTimestamp();

        await shop.StartServerAsync();
        using var admin = shop.Admin();

        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/health/ready")).StatusCode);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(6), $"The start took {Stopwatch.GetElapsedTime(started)}.");
    }
}
