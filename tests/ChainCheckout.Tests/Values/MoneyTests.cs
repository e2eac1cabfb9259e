using ChainCheckout.Core.Values;
using FsCheck;
using FsCheck.Fluent;

namespace ChainCheckout.Tests.Values;

public sealed class MoneyTests
{
    [Theory]
    [InlineData(24_950, "249.50 NOK")]
    [InlineData(5, "0.05 NOK")]
    [InlineData(0, "0.00 NOK")]
    [InlineData(-5, "-0.05 NOK")]
    [InlineData(-24_950, "-249.50 NOK")]
    [InlineData(long.MaxValue, "92233720368547758.07 NOK")]
    [InlineData(long.MinValue, "-92233720368547758.08 NOK")]
    public void ToString_IsForAPerson(long minor, string text) => Assert.Equal(text, new Money(minor, Currency.NOK).ToString());

    [Fact]
    public void Sum_OfTwoCurrencies_IsAFault()
    {
        Assert.Throws<ArgumentException>(() => new Money(1, Currency.NOK) + new Money(1, Currency.DKK));
        Assert.Throws<ArgumentException>(() => new Money(1, Currency.NOK) - Money.Zero(Currency.EUR));
    }

    [Fact]
    public void Sum_ThatDoesNotFit_IsAFaultNotAnAmount()
    {
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue, Currency.NOK) + new Money(1, Currency.NOK));
        Assert.Throws<OverflowException>(() => new Money(long.MinValue, Currency.NOK) - new Money(1, Currency.NOK));
    }

    [Fact]
    public void Sum_AndDifference_UndoEachOther() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(int A, int B)>(), pair =>
        {
            var (a, b) = (new Money(pair.A, Currency.DKK), new Money(pair.B, Currency.DKK));
            return a + b - b == a && a + b == b + a && a + Money.Zero(Currency.DKK) == a;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(Currency.NOK, 100)]
    [InlineData(Currency.DKK, 1)]
    [InlineData(Currency.EUR, 1)]
    public void LeastPayment_IsThatOfTheCurrency(Currency currency, long minor) => Assert.Equal(minor, currency.PaymentMinorMin());

    [Theory]
    [InlineData("NOK", true)]
    [InlineData("DKK", true)]
    [InlineData("EUR", true)]
    [InlineData("SEK", false)]
    [InlineData("nok", false)]
    [InlineData("1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Currency_IsReadAsItIsWritten(string? text, bool known)
    {
        Assert.Equal(known, Currencies.TryParse(text, out var currency));
        if (known) Assert.Equal(text, currency.ToString());
    }

    [Fact]
    public void OrderLine_WithoutTaxAndTax_AreTheTotal() =>
        Prop.ForAll(
            Gen.Choose(0, 65_000_000).Zip(Gen.Choose(0, 10_000)).ToArbitrary(),
            line =>
            {
                var (total, rate) = (line.Item1, line.Item2);
                var one = new OrderLine("1", "x", total, rate);
                var exact = total * 10_000m / (10_000 + rate);
                return one.ExcludingTaxMinor + one.TaxMinor == total && Math.Abs(one.ExcludingTaxMinor - exact) <= 0.5m && one.TaxMinor >= 0;
            }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(10_000, 2_500, 8_000, 2_000)]
    [InlineData(100, 1_500, 87, 13)]
    [InlineData(1, 10_000, 1, 0)]
    [InlineData(0, 2_500, 0, 0)]
    public void OrderLine_Tax_IsInsideTheTotal(long total, int rate, long without, long tax)
    {
        var line = new OrderLine("1", "x", total, rate);

        Assert.Equal((without, tax), (line.ExcludingTaxMinor, line.TaxMinor));
    }

    [Fact]
    public void OrderLines_Sum_CountsReturnsNegativeAndNeverWraps()
    {
        Assert.Equal(70, OrderLine.Sum([new("1", "x", 100, 0), new("2", "y", 30, 0, IsReturn: true)]));
        Assert.Equal(0, OrderLine.Sum([]));
        Assert.Throws<OverflowException>(() => OrderLine.Sum([new("1", "x", long.MaxValue, 0), new("2", "y", 1, 0)]));
    }
}
