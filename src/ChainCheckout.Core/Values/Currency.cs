namespace ChainCheckout.Core.Values;

/// <summary>The currencies that ePayment takes. Written as its ISO 4217 name.</summary>
public enum Currency
{
    NOK = 1,
    DKK = 2,
    EUR = 3,
}

public static class Currencies
{
    /// <summary>The most that one payment may ask for, in minor units, in any currency (ePayment v1).</summary>
    public const long AmountMinorMax = 65_000_000;

    /// <summary>The least that one payment may ask for, in minor units: 100 øre in Norway, one unit elsewhere (ePayment v1).</summary>
    public static long PaymentMinorMin(this Currency currency) => currency == Currency.NOK ? 100 : 1;

    public static bool TryParse(string? text, out Currency currency)
    {
        currency = text switch { "NOK" => Currency.NOK, "DKK" => Currency.DKK, "EUR" => Currency.EUR, _ => default };
        return currency != default;
    }
}
