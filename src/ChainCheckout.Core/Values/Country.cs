namespace ChainCheckout.Core.Values;

/// <summary>The countries whose customers and stores are served, by their ISO 3166 name.</summary>
public enum Country
{
    NO = 1,
    DK = 2,
    FI = 3,
    SE = 4,
}
