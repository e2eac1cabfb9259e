using System.Globalization;

namespace ChainCheckout.Core.Values;

/// <summary>An amount in minor units (øre, cent) with its currency. Currencies never mix.</summary>
public readonly record struct Money(long Minor, Currency Currency)
{
    public static Money Zero(Currency currency) => new(0, currency);

    public static Money operator +(Money left, Money right) => left with { Minor = checked(left.Minor + Same(left, right).Minor) };

    public static Money operator -(Money left, Money right) => left with { Minor = checked(left.Minor - Same(left, right).Minor) };

    /// <summary>For a person: <c>"249.50 NOK"</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Minor < 0 ? "-" : "")}{Math.Abs(Minor / 100)}.{Math.Abs(Minor % 100):D2} {Currency}");

    private static Money Same(Money left, Money right) => left.Currency == right.Currency
        ? right
        : throw new ArgumentException($"{left.Currency} and {right.Currency} do not add up.");
}
