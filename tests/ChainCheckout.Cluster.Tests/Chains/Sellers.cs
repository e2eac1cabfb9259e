using System.Collections.Concurrent;
using ChainCheckout.Client;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Tests.EndToEnd;

namespace ChainCheckout.Cluster.Tests.Chains;

/// <summary>Tills that sell one sale after the other until they are told to stop.</summary>
internal sealed class Sellers
{
    private readonly ConcurrentQueue<(Till Till, string Reference)> _paid = new();
    private readonly Chain _chain;
    private readonly Task[] _selling;
    private volatile bool _isOver;

    private Sellers(Chain chain, IEnumerable<Till> tills)
    {
        _chain = chain;
        _selling = [.. tills.Select(SellAsync)];
    }

    /// <summary>Payments that a till was shown as paid.</summary>
    public int Paid => _paid.Count;

    public static async Task<Sellers> StartAsync(Chain chain, int tills, params int[] gateways) =>
        new(chain, await Task.WhenAll(Enumerable.Range(1, tills).Select(till => chain.TillAsync(till, gateways))));

    /// <summary>So many more sales have come to their end.</summary>
    public async Task SellAsync(int more, double seconds = 15)
    {
        var enough = Paid + more;
        await Wait.UntilAsync(() => Paid >= enough || _selling.Any(till => till.IsFaulted), $"{more} more sales", seconds);
        foreach (var till in _selling.Where(till => till.IsFaulted)) await till;
    }

    /// <summary>The sales at hand end; every payment that a till was shown as paid was made once, and no other.</summary>
    public async Task StopAsync()
    {
        _isOver = true;
        await Task.WhenAll(_selling);
        var lines = _chain.Vipps.Ledger.Lines();
        var references = _paid.Select(one => one.Reference).Order().ToArray();

        Assert.Equal(references, lines.Where(line => line.Kind == "created").Select(line => line.Reference!).Order());
        Assert.Equal(references, lines.Where(line => line.Kind == "captured").Select(line => line.Reference!).Order());
        Assert.All(lines.Where(line => line.Kind == "captured"), line => Assert.Equal(20_000, line.AmountMinor));
    }

    /// <summary>The last payment that each till was shown.</summary>
    public IEnumerable<(Till Till, string Reference)> Last() => _paid.GroupBy(one => one.Till).Select(one => one.Last());

    private async Task SellAsync(Till till)
    {
        for (var sale = 1; !_isOver; sale++)
        {
            var saleId = $"sale-{sale}";
            await till.GetsDoneAsync(new TillCommand.Scan(_chain.Vipps.World.MintQr($"47912346{till.Identity.Till:D2}"), saleId));
            var reference = await PaysAsync(till, saleId);
            await till.SeesAsync(view => view.Stage == "paid" && view.SaleId == saleId);
            _paid.Enqueue((till, reference));
        }
    }

    /// <summary>A customer who was known by an activation that is gone is looked up once more: the cashier waits, and asks again.</summary>
    private static async Task<string> PaysAsync(Till till, string saleId)
    {
        while (true)
        {
            await till.SeesAsync("ready");
            var reply = await till.DoesAsync(new TillCommand.Pay(saleId, 20_000, "NOK"));
            if (reply.Status == ReplyStatus.Done) return reply.Reference!;
            Assert.Equal("StillIdentifying", reply.Code);
            await Task.Delay(100);
        }
    }
}
