using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ChainCheckout.Core.Values;

/// <summary>One line of a basket as the customer's receipt shows it. Amounts in minor units, tax included, after discount.</summary>
/// <param name="TaxRate">Hundredths of a percent, 0 to 10,000 (2500 is 25 %).</param>
/// <param name="IsReturn">Goods brought back: the line counts negative.</param>
public sealed record OrderLine(
    string Id,
    string Name,
    long TotalMinor,
    int TaxRate,
    string? Quantity = null,
    string? Unit = null,
    long? UnitPriceMinor = null,
    long? DiscountMinor = null,
    bool IsReturn = false)
{
    /// <summary>A receipt longer than this does not fit a frame.</summary>
    public const int LinesMax = 200;

    /// <summary>The tax inside <see cref="TotalMinor"/>, rounded half away from zero.</summary>
    [JsonIgnore]
    public long TaxMinor => TotalMinor - ExcludingTaxMinor;

    [JsonIgnore]
    public long ExcludingTaxMinor => (long)Math.Round(TotalMinor * 10_000m / (10_000 + TaxRate), MidpointRounding.AwayFromZero);

    /// <summary>What the lines add up to; a return counts negative. Throws on overflow.</summary>
    public static long Sum(ImmutableArray<OrderLine> lines)
    {
        long sum = 0;
        foreach (var line in lines) sum = checked(sum + (line.IsReturn ? -line.TotalMinor : line.TotalMinor));
        return sum;
    }
}
