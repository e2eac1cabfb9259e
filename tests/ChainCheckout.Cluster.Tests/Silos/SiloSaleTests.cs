using ChainCheckout.Cluster.Storage;
using ChainCheckout.Core.Ports;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Faults;
using ChainCheckout.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace ChainCheckout.Cluster.Tests.Silos;

/// <summary>A sale among silos, whatever they store their actors in.</summary>
public abstract class SiloSaleTests
{
    /// <summary>A storage of the chain, and what ends with it.</summary>
    private protected abstract Task<(IChainStorage Storage, IAsyncDisposable? Store)> OpenAsync();

    [Fact]
    public async Task ASale_FromHelloToCaptured_ThroughASiloAndThroughAGatewayWithoutOne()
    {
        await using var shop = await StartAsync();
        var tills = new[]
        {
            ActorTill.At(shop, shop.Actors(0), 1), ActorTill.At(shop, shop.Actors(1), 2),
            ActorTill.At(shop, shop.Gateway.GetRequiredService<IActors>(), 3),
        };

        var references = await Task.WhenAll(tills.Select(async till =>
        {
            await till.HelloAsync();
            return await till.SellsAsync(shop, "sale-1");
        }));

        Assert.Equal(["s1-t1-1-2", "s1-t2-1-2", "s1-t3-1-2"], references);
        AssertPaidOnce(shop, references);
    }

    [Fact]
    public async Task ASiloKilledWhileItCreatesAndWhileItCaptures_EverySaleIsPaidOnce()
    {
        await using var shop = await StartAsync();
        shop.Vipps.World.Faults.Add(new FaultRule("create", FaultKind.Delay, DelayMs: 1_000, Times: 1, Reference: "s1-t1-1-2"));
        shop.Vipps.World.Faults.Add(new FaultRule("capture", FaultKind.Delay, DelayMs: 1_000, Times: 1, Reference: "s1-t2-1-2"));
        shop.Vipps.World.Tell("4791234503", CustomerAnswer.Manual);
        var tills = await Task.WhenAll(Enumerable.Range(1, 3).Select(async number =>
        {
            // A till that comes to a silo lives there, and its payments with it.
            var till = ActorTill.At(shop, shop.Actors(0), number);
            await till.HelloAsync();
            await till.AsksForPaymentAsync(shop, "sale-1", $"479123450{number}");
            return till;
        }));
        await Wait.UntilAsync(() => shop.Struck("s1-t1-1-2") == 1 && shop.Struck("s1-t2-1-2") == 1, "a create and a capture under way");
        await tills[2].SeesAsync("paying");

        await shop.KillAsync(0);
        await shop.ApprovedAsync("s1-t3-1-2");
        var survivor = shop.Actors(0);
        await Task.WhenAll(tills.Select(async (till, at) =>
        {
            var moved = till.MovedTo(survivor, at + 1);
            await moved.HelloAsync();
            await moved.SeesAsync("paid");
        }));

        AssertPaidOnce(shop, ["s1-t1-1-2", "s1-t2-1-2", "s1-t3-1-2"]);
    }

    [Fact]
    public async Task ASaleWhoseSiloDied_EndsWithoutItsTill()
    {
        await using var shop = await StartAsync();
        shop.Vipps.World.Tell(ShopSettings.Customer, CustomerAnswer.Manual);
        var till = ActorTill.At(shop, shop.Actors(0), 1);
        await till.HelloAsync();
        var reference = await till.AsksForPaymentAsync(shop, "sale-1");
        await Wait.UntilAsync(() => shop.AtVipps(reference) is not null, "the payment at Vipps");

        await shop.KillAsync(0);
        await shop.ApprovedAsync(reference);

        // Nobody asks: the stored wake-up is due 5 s after the next poll was.
        await Wait.UntilAsync(() => shop.Ledger(reference, "captured").Count > 0, "a capture by another silo", seconds: 20);
        AssertPaidOnce(shop, [reference]);
    }

    [Fact]
    public async Task ASiloThatStops_HandsItsActorsOverAndTheSaleGoesOn()
    {
        await using var shop = await StartAsync();
        shop.Vipps.World.Tell(ShopSettings.Customer, CustomerAnswer.Manual);
        var gateway = shop.Gateway.GetRequiredService<IActors>();
        var till = ActorTill.At(shop, shop.Actors(0), 1);
        await till.HelloAsync();
        var reference = await till.AsksForPaymentAsync(shop, "sale-1");
        await till.SeesAsync("paying");

        await shop.StopAsync(0);
        await shop.ApprovedAsync(reference);
        var moved = till.MovedTo(gateway, 1);
        await moved.HelloAsync();
        await moved.SeesAsync("paid");

        AssertPaidOnce(shop, [reference]);
        Assert.DoesNotContain(shop.Logs.All, line => line.Id.Id == 2001);
    }

    private static void AssertPaidOnce(IShop shop, IReadOnlyList<string> references)
    {
        foreach (var reference in references)
        {
            Assert.Single(shop.Ledger(reference, "created"));
            Assert.Equal(20_000, Assert.Single(shop.Ledger(reference, "captured")).AmountMinor);
        }

        Assert.Equal(references.Count, shop.Vipps.Ledger.Lines().Count(line => line.Kind == "created"));
    }

    private async Task<SiloCluster> StartAsync()
    {
        var (storage, store) = await OpenAsync();
        return await SiloCluster.StartAsync(storage: storage, store: store);
    }
}

/// <summary>In this process.</summary>
public sealed class MemorySiloSaleTests : SiloSaleTests
{
    private protected override Task<(IChainStorage, IAsyncDisposable?)> OpenAsync() =>
        Task.FromResult<(IChainStorage, IAsyncDisposable?)>((new MemoryChainStorage(), null));
}

/// <summary>In a real Redis.</summary>
public sealed class RedisSiloSaleTests : SiloSaleTests
{
    private protected override async Task<(IChainStorage, IAsyncDisposable?)> OpenAsync()
    {
        var redis = await RedisServer.StartAsync();
        return (await redis.OpenAsync(), redis);
    }
}
