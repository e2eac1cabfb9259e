using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using ChainCheckout.Core.Values;
using FsCheck.Fluent;

namespace ChainCheckout.Tests.Properties;

public sealed class MoneyProperties
{
    [Fact]
    public void SumAndDifference_AreExact_OrAFault() =>
        Properties.Minor.Two().Hold(pair =>
        {
            var (a, b) = (new Money(pair.Item1, Currency.NOK), new Money(pair.Item2, Currency.NOK));
            return IsExact(() => a + b, (BigInteger)a.Minor + b.Minor) && IsExact(() => a - b, (BigInteger)a.Minor - b.Minor);
        });

    [Fact]
    public void Text_OfAnAmount_ReadsBackAsTheAmount() =>
        Properties.Minor.Hold(minor =>
        {
            var text = new Money(minor, Currency.DKK).ToString();
            return text.EndsWith(" DKK", StringComparison.Ordinal)
                && BigInteger.Parse(text[..^4].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) == minor;
        });

    [Fact]
    public void LinesOfASale_AddUpExactly_ReturnsNegative_OrAreAFault() =>
        (from minor in Properties.Minor
         from isReturn in Gen.Elements(true, false)
         select new OrderLine("1", "x", minor, 2_500, IsReturn: isReturn)).ArrayOf().Hold(lines =>
        {
            var exact = lines.Aggregate(BigInteger.Zero, (sum, line) => sum + (line.IsReturn ? -(BigInteger)line.TotalMinor : line.TotalMinor));
            try
            {
                return OrderLine.Sum([.. lines]) == exact;
            }
            catch (OverflowException)
            {
                // A sum on the way did not fit, or one number turned round did not.
                return lines.Any(line => Math.Abs((decimal)line.TotalMinor) > 1e15m);
            }
        });

    [Fact]
    public void TaxOfALine_AndWhatIsLeft_AreTheLine_AndNeitherIsNegative() =>
        Gen.Choose(0, 65_000_000).Zip(Gen.Choose(0, 10_000)).Hold(of =>
        {
            var line = new OrderLine("1", "x", of.Item1, of.Item2);
            var exact = of.Item1 * 10_000m / (10_000 + of.Item2);
            return line.TaxMinor + line.ExcludingTaxMinor == of.Item1 && line.TaxMinor >= 0 && Math.Abs(line.ExcludingTaxMinor - exact) <= 0.5m;
        });

    private static bool IsExact(Func<Money> made, BigInteger exact)
    {
        var fits = exact >= long.MinValue && exact <= long.MaxValue;
        try
        {
            return made().Minor == exact && fits;
        }
        catch (OverflowException)
        {
            return !fits;
        }
    }
}
