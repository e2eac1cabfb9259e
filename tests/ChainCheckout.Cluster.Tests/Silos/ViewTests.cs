using System.Collections.Concurrent;
using ChainCheckout.Cluster.Grains;
using ChainCheckout.Cluster.Views;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Tills;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace ChainCheckout.Cluster.Tests.Silos;

/// <summary>Which gateway is shown a till, and what mends a view that was lost.</summary>
public sealed class ViewTests
{
    [Fact]
    public async Task ATillThatMovesToAnotherGateway_IsShownThereAndItsOldOneIsTold()
    {
        await using var shop = await SiloCluster.StartAsync();
        using var here = new Seen(shop.Silo(0).GetRequiredService<IGrainFactory>());
        using var there = new Seen(shop.Gateway.GetRequiredService<IGrainFactory>());
        shop.Vipps.World.Tell(ShopSettings.Customer, CustomerAnswer.Manual);
        var till = ActorTill.At(shop, here.Grains, here.Self, 1);
        await till.HelloAsync();
        var reference = await till.AsksForPaymentAsync(shop, "sale-1");
        await here.ShowsAsync("paying");

        var moved = till.MovedTo(message => there.SendAsync(1, message));
        var welcome = await moved.HelloAsync();
        await Wait.UntilAsync(() => here.ReplacedBy.Contains(welcome.Session), "the old gateway is told");
        var shownHere = here.Views.Count;
        await shop.ApprovedAsync(reference);
        await there.ShowsAsync("paid");

        Assert.Equal("paying", welcome.View.Stage);
        Assert.Equal(shownHere, here.Views.Count);
        Assert.Single(shop.Ledger(reference, "captured"));
    }

    [Fact]
    public async Task AViewThatNeverCame_IsInTheAnswerToTheNextWatch_AndTheGatewayIsShownTheOnesAfter()
    {
        await using var shop = await SiloCluster.StartAsync();
        using var gateway = new Seen(shop.Gateway.GetRequiredService<IGrainFactory>());
        shop.Vipps.World.Tell(ShopSettings.Customer, CustomerAnswer.Manual);
        var till = ActorTill.At(shop, gateway.Grains, gateway.Self, 1);
        await till.HelloAsync();
        var reference = await till.AsksForPaymentAsync(shop, "sale-1");
        await gateway.ShowsAsync("paying");
        await Wait.UntilAsync(() => shop.AtVipps(reference) is not null, "the payment at Vipps");

        // The grain's silo dies, and with it all knowledge of who watches.
        await shop.KillAsync(OwnerOf(shop));
        await shop.ApprovedAsync(reference);
        var paid = await till.SeesAsync("paid");
        await till.DoesAsync(new TillCommand.Close(null));
        var next = await till.AsksForPaymentAsync(shop, "sale-2");
        await gateway.ShowsAsync("paying", "sale-2");

        Assert.Equal(reference, paid.Receipt!.Reference!.Value.ToString());
        Assert.Single(shop.Ledger(reference, "captured"));
        Assert.NotEqual(reference, next);
    }

    /// <summary>A till that came through a gateway without a silo lives on any one.</summary>
    private static int OwnerOf(SiloCluster shop) => Enumerable.Range(0, shop.SiloCount).Single(
        silo => shop.Silo(silo).GetRequiredService<IWatchers>().IsWatched(Core.Actors.ActorId.Of(new Core.Values.TillId(1, 1))));

    /// <summary>A gateway that keeps what it is shown.</summary>
    private sealed class Seen : IViewObserver, IDisposable
    {
        public Seen(IGrainFactory grains) => (Grains, Self) = (grains, grains.CreateObjectReference<IViewObserver>(this));

        public IGrainFactory Grains { get; }

        public IViewObserver Self { get; }

        public ConcurrentQueue<TillView> Views { get; } = [];

        public ConcurrentQueue<uint> ReplacedBy { get; } = [];

        public ValueTask<TillReply> SendAsync(int till, TillMessage message) =>
            Grains.GetGrain<ITillGrain>(new Core.Values.TillId(1, till).ToString()).SendAsync(message, Self);

        public Task ShowsAsync(string stage, string? saleId = null) => Wait.UntilAsync(
            () => Views.Any(view => view.Stage == stage && (saleId is null || view.SaleId == saleId)), $"a view that shows {stage}");

        public ValueTask ShowAsync(string till, TillView view)
        {
            Views.Enqueue(view);
            return default;
        }

        public ValueTask ReplacedAsync(string till, bool isScanner, uint session)
        {
            ReplacedBy.Enqueue(session);
            return default;
        }

        public void Dispose() => Grains.DeleteObjectReference<IViewObserver>(Self);
    }
}
