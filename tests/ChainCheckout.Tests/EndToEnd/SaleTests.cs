using ChainCheckout.Protocol.Commands;
using ChainCheckout.Simulator.Customers;

namespace ChainCheckout.Tests.EndToEnd;

public sealed class SaleTests(ShopFixture fixture) : IClassFixture<ShopFixture>
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task AScannedCustomerWhoApproves_IsPaidForWithACaptureInTheLedger()
    {
        var till = await _shop.TillAsync(1);

        var reference = await till.AsksForPaymentAsync(_shop, "sale-1");
        var paid = await till.SeesAsync("paid");

        Assert.Equal(reference, paid.Receipt!.Reference);
        Assert.Equal(20_000, paid.Receipt.AmountMinor);
        Assert.Equal(20_000, Assert.Single(_shop.Ledger(reference, "captured")).AmountMinor);
    }

    [Fact]
    public async Task ATypedNumber_PaysLikeAScannedOne()
    {
        var till = await _shop.TillAsync(2);

        await till.GetsDoneAsync(new TillCommand.Phone("912 34 502"));
        var known = await till.SeesAsync("ready");
        var reference = (await till.GetsDoneAsync(new TillCommand.Pay("sale-2", 5_000, "NOK"))).Reference!;
        await till.SeesAsync("paid");

        Assert.EndsWith("502", known.Customer!.Masked, StringComparison.Ordinal);
        Assert.DoesNotContain("91234", known.Customer.Masked, StringComparison.Ordinal);
        Assert.Equal("4791234502", _shop.AtVipps(reference)!.Order.Msisdn);
        Assert.Single(_shop.Ledger(reference, "captured"));
    }

    [Theory]
    [InlineData(3, false, false)]
    [InlineData(4, true, false)]
    [InlineData(5, true, true)]
    public async Task AScanBeforeWithOrAgainDuringTheWares_IsOfTheSaleThatIsPaid(int number, bool withSale, bool twice)
    {
        var till = await _shop.TillAsync(number);
        var saleId = $"sale-{number}";
        var code = _shop.Vipps.World.MintQr("4791234503");

        await till.GetsDoneAsync(new TillCommand.Scan(code, withSale ? saleId : null));
        await till.SeesAsync("ready");
        if (twice) await till.GetsDoneAsync(new TillCommand.Scan(_shop.Vipps.World.MintQr("4791234503"), saleId));
        await till.SeesAsync("ready");
        await till.GetsDoneAsync(new TillCommand.Pay(saleId, 5_000, "NOK"));

        Assert.Equal(saleId, (await till.SeesAsync("paid")).Receipt!.SaleId);
    }

    [Fact]
    public async Task ASecondCustomersScanBeforePay_ReplacesTheFirst()
    {
        var till = await _shop.TillAsync(6);
        await till.GetsDoneAsync(new TillCommand.Scan(_shop.Vipps.World.MintQr("4791234511"), "sale-6"));
        await till.SeesAsync(view => view.Customer?.Masked.EndsWith("511", StringComparison.Ordinal) == true);

        await till.GetsDoneAsync(new TillCommand.Scan(_shop.Vipps.World.MintQr("4791234522")));
        await till.SeesAsync(view => view.Customer?.Masked.EndsWith("522", StringComparison.Ordinal) == true);
        var reference = (await till.GetsDoneAsync(new TillCommand.Pay("sale-6", 5_000, "NOK"))).Reference!;
        await till.SeesAsync("paid");

        Assert.Equal("4791234522", _shop.AtVipps(reference)!.Order.Msisdn);
    }

    [Fact]
    public async Task ASecondCustomersScanAfterPay_IsRefusedAndThePaymentStays()
    {
        _shop.Vipps.World.Tell("4791234531", CustomerAnswer.Manual);
        var till = await _shop.TillAsync(7);
        var reference = await till.AsksForPaymentAsync(_shop, "sale-7", customer: "4791234531");

        await till.IsRefusedAsync(new TillCommand.Scan(_shop.Vipps.World.MintQr("4791234532")), "PaymentOpen");
        await till.IsRefusedAsync(new TillCommand.Phone("91234532"), "PaymentOpen");
        await till.SeesAsync("paying", "WaitingForCustomer");
        Assert.True(_shop.Vipps.World.Approve(Shop.Msn, reference));
        await till.SeesAsync("paid");

        Assert.Equal("4791234531", _shop.AtVipps(reference)!.Order.Msisdn);
    }

    [Fact]
    public async Task ARefusedPayment_CanBeTriedAgainAndIsCapturedOnce()
    {
        _shop.Vipps.World.Tell("4791234541", CustomerAnswer.Refuse);
        var till = await _shop.TillAsync(8);
        var first = await till.AsksForPaymentAsync(_shop, "sale-8", customer: "4791234541");
        await till.SeesAsync("ready", "PaymentRefused");

        _shop.Vipps.World.Tell("4791234541", CustomerAnswer.Approve);
        var second = (await till.GetsDoneAsync(new TillCommand.Pay("sale-8", 20_000, "NOK"))).Reference!;
        var paying = await till.SeesAsync(view => view.Stage is "paid" || view.Payment?.Attempt == 2);
        await till.SeesAsync("paid");

        Assert.NotEqual(first, second);
        Assert.True(paying.Stage == "paid" || paying.Payment!.Reference == second);
        Assert.Empty(_shop.Ledger(first, "captured"));
        Assert.Single(_shop.Ledger(second, "captured"));
    }

    [Fact]
    public async Task ACancelWhileTheCustomerThinks_EndsThePaymentAtVipps()
    {
        _shop.Vipps.World.Tell("4791234551", CustomerAnswer.Manual);
        var till = await _shop.TillAsync(9);
        var reference = await till.AsksForPaymentAsync(_shop, "sale-9", customer: "4791234551");
        await till.SeesAsync("paying", "WaitingForCustomer");

        await till.GetsDoneAsync(new TillCommand.Cancel("sale-9"));
        await till.SeesAsync("ready", "PaymentCancelled");

        Assert.Single(_shop.Ledger(reference, "terminated"));
        Assert.False(_shop.Vipps.World.Approve(Shop.Msn, reference));
        await till.IsRefusedAsync(new TillCommand.Cancel("sale-9"), "NothingToCancel", "saleId");
    }

    [Fact]
    public async Task AnotherTender_IsRefusedWhileAPaymentIsOpenAndTakenAfterIt()
    {
        _shop.Vipps.World.Tell("4791234561", CustomerAnswer.Manual);
        var till = await _shop.TillAsync(10);
        var reference = await till.AsksForPaymentAsync(_shop, "sale-10", customer: "4791234561");
        var byCard = new TillCommand.Complete("sale-10", "other", 20_000, "NOK");

        await till.IsRefusedAsync(byCard, "PaymentOpen", "saleId");
        await till.IsRefusedAsync(new TillCommand.Close("sale-10"), "PaymentOpen", "saleId");
        await till.GetsDoneAsync(new TillCommand.Cancel("sale-10"));
        await till.SeesAsync("ready", "PaymentCancelled");
        await till.GetsDoneAsync(byCard);
        var receipt = (await till.SeesAsync("completed")).Receipt!;

        Assert.Equal(("other", null, 20_000L), (receipt.Tender, receipt.Reference, receipt.AmountMinor));
        Assert.Empty(_shop.Ledger(reference, "captured"));
        await till.IsRefusedAsync(new TillCommand.Pay("sale-10", 20_000, "NOK"), "SaleCompleted", "saleId");
    }

    [Fact]
    public async Task APaidSale_TakesNeitherAnotherPaymentNorAnotherTender()
    {
        var till = await _shop.TillAsync(11);
        var reference = await till.SellsAsync(_shop, "sale-11");

        await till.IsRefusedAsync(new TillCommand.Complete("sale-11", "other", 20_000, "NOK"), "AlreadyPaid", "saleId");
        await till.IsRefusedAsync(new TillCommand.Pay("sale-11", 20_000, "NOK"), "AlreadyPaid", "saleId");

        Assert.Single(_shop.Ledger(reference, "captured"));
    }

    [Fact]
    public async Task PayAskedTwice_IsOnePayment()
    {
        _shop.Vipps.World.Tell("4791234571", CustomerAnswer.Manual);
        var till = await _shop.TillAsync(12);
        var reference = await till.AsksForPaymentAsync(_shop, "sale-12", customer: "4791234571");

        var again = await till.GetsDoneAsync(new TillCommand.Pay("sale-12", 20_000, "NOK"));
        await till.IsRefusedAsync(new TillCommand.Pay("sale-12", 20_001, "NOK"), "PaymentOpen", "saleId");
        await till.SeesAsync("paying", "WaitingForCustomer");
        _shop.Vipps.World.Approve(Shop.Msn, reference);
        await till.SeesAsync("paid");

        Assert.Equal(reference, again.Reference);
        Assert.Single(_shop.Vipps.Ledger.Lines(), line => line.Kind == "created" && line.Reference!.StartsWith("s1-t12-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LinesWithReturnsAndDiscounts_ReachTheReceiptAsVippsWantsIt()
    {
        var till = await _shop.TillAsync(13);
        await till.GetsDoneAsync(new TillCommand.Phone("91234581", "sale-13"));
        SaleLine[] lines =
        [
            new("4005", "Smågodt, løsvekt", 8_540, 1_500, "0.534", "KG", 15_990, 0),
            new("4006", "Kaffe \"mørk\" 250 g", 9_980, 1_500, "2", "PCS", 5_990, 2_000),
            new("9001", "Pant", 300, 0, "3", "PCS", 100, null, IsReturn: true),
        ];

        var reference = (await till.GetsDoneAsync(new TillCommand.Pay("sale-13", 8_540 + 9_980 - 300, "NOK", lines))).Reference!;
        await till.SeesAsync("paid");

        Assert.Equal(18_220, Assert.Single(_shop.Ledger(reference, "captured")).AmountMinor);
    }
}
