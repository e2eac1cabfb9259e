using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Tests.EndToEnd;

public sealed class ScannerTests(ShopFixture fixture) : IClassFixture<ShopFixture>
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task OneConnectionThatCarriesTwentyScanners_BringsEachScanToItsOwnTill()
    {
        await using var gateway = _shop.Pool();
        var before = _shop.Connections;
        var tills = Enumerable.Range(1, 20).ToArray();
        var scanners = await Task.WhenAll(tills.Select(till => _shop.TillAsync(till, TillRoles.Scanner, gateway)));
        Assert.Equal(before + 1, _shop.Connections);

        await Task.WhenAll(tills.Select(async number =>
        {
            var pos = await _shop.TillAsync(number);
            await scanners[number - 1].GetsDoneAsync(new TillCommand.Scan(_shop.Vipps.World.MintQr($"47912347{number:00}")));
            await pos.SeesAsync(view => view.Stage == "ready" && view.Customer!.Masked.EndsWith($"7{number:00}", StringComparison.Ordinal));
            var reference = (await pos.GetsDoneAsync(new TillCommand.Pay($"sale-{number}", 1_000 + number, "NOK"))).Reference!;
            await pos.SeesAsync("paid");

            Assert.Equal($"47912347{number:00}", _shop.AtVipps(reference)!.Order.Msisdn);
            Assert.Equal(1_000 + number, Assert.Single(_shop.Ledger(reference, "captured")).AmountMinor);
        }));
    }

    [Fact]
    public async Task AScanner_MayOnlyScan()
    {
        var scanner = await _shop.TillAsync(31, TillRoles.Scanner);
        var pos = await _shop.TillAsync(31);
        await scanner.GetsDoneAsync(new TillCommand.Scan(_shop.Vipps.World.MintQr("4791234731")));
        await pos.SeesAsync("ready");

        await scanner.IsRefusedAsync(new TillCommand.Pay("sale-31", 1_000, "NOK"), "NotAllowedForScanner");
        await scanner.IsRefusedAsync(new TillCommand.Phone("91234731"), "NotAllowedForScanner");

        Assert.Equal("ready", pos.View!.Stage);
        Assert.DoesNotContain(_shop.Vipps.Ledger.Lines(), line => line.Reference?.StartsWith("s1-t31-", StringComparison.Ordinal) == true);
    }
}
