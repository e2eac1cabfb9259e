using ChainCheckout.Protocol.Commands;

namespace ChainCheckout.Tests.EndToEnd;

public sealed class CurrencyTests(CurrencyTests.ThreeCountries fixture) : IClassFixture<CurrencyTests.ThreeCountries>
{
    private readonly Shop _shop = fixture.Shop;

    public sealed class ThreeCountries : ShopFixture
    {
        private protected override ShopStore[] Stores =>
        [
            ShopStore.Storgata, new ShopStore(2, "200002", "DK", "DKK", "da"), new ShopStore(3, "300003", "FI", "EUR", "fi"),
        ];
    }

    [Theory]
    [InlineData(1, "NOK", 100, Shop.Msn, "91234801")]
    [InlineData(2, "DKK", 1, "200002", "20123480")]
    [InlineData(3, "EUR", 1, "300003", "0401234801")]
    public async Task TheLeastOfEachCurrency_CanBePaidAndLessCannot(int store, string currency, long leastMinor, string msn, string phone)
    {
        var till = await _shop.TillAsync(1, store: store);
        await till.GetsDoneAsync(new TillCommand.Phone(phone, "sale-1"));
        var other = currency == "NOK" ? "DKK" : "NOK";

        await till.IsRefusedAsync(new TillCommand.Pay("sale-1", leastMinor - 1, currency), "AmountOutOfRange", "amountMinor");
        await till.IsRefusedAsync(new TillCommand.Pay("sale-1", 65_000_001, currency), "AmountOutOfRange", "amountMinor");
        await till.IsRefusedAsync(new TillCommand.Pay("sale-1", 10_000, other), "WrongCurrency", "currency");
        await till.IsRefusedAsync(new TillCommand.Complete("sale-1", "other", 10_000, other), "WrongCurrency", "currency");
        var reference = (await till.GetsDoneAsync(new TillCommand.Pay("sale-1", leastMinor, currency))).Reference!;
        await till.SeesAsync("paid");

        var captured = Assert.Single(_shop.Ledger(reference, "captured"));
        Assert.Equal((leastMinor, currency, msn), (captured.AmountMinor!.Value, captured.Currency, captured.Msn));
    }
}
