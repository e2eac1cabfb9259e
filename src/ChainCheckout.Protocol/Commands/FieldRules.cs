using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Protocol.Commands;

/// <summary>
/// The shape of each kind of field. What a value means, and whether it is right, is the server's to judge.
/// </summary>
internal static class FieldRules
{
    public const string MinorUnits = " of minor units";

    private static readonly string[] Units = ["PCS", "KG", "KM", "MINUTE", "LITRE", "KWH"];

    public static string SaleId(ref FieldReader reader) => reader.TextLike(
        "saleId",
        ProtocolLimits.SaleIdCharsMax,
        IsSaleId,
        "must be 1 to 64 letters, digits, dots, hyphens and underscores");

    public static string Reference(ref FieldReader reader) => reader.TextLike(
        "reference", ProtocolLimits.ReferenceCharsMax, IsReference, "must be 1 to 64 letters, digits and hyphens");

    public static string Currency(ref FieldReader reader) => reader.TextLike(
        "currency", 3, IsCurrency, "must be three capital letters");

    public static string Tender(ref FieldReader reader) => reader.TextLike(
        "tender", 16, text => text == Tenders.Other, "must be \"other\"");

    public static string Quantity(ref FieldReader reader) => reader.TextLike(
        "quantity",
        ProtocolLimits.QuantityCharsMax,
        IsQuantity,
        "must be a decimal number as text, with 1 to 8 decimals if any");

    public static int TaxRate(ref FieldReader reader) =>
        (int)reader.Whole("taxRate", " of hundredths of a percent", 0, ProtocolLimits.TaxRateMax);

    public static string Unit(ref FieldReader reader) => reader.TextLike(
        "unit", 16, Units.Contains, "must be PCS, KG, KM, MINUTE, LITRE or KWH");

    public static IReadOnlyList<string> Coupons(ref FieldReader reader)
    {
        var coupons = new List<string>();
        if (!reader.EnterArray("coupons")) return coupons;

        for (var index = 0; reader.NextElement(index, isLine: false); index++)
        {
            if (index == ProtocolLimits.CouponsMax) reader.AddTooMany("coupons", ProtocolLimits.CouponsMax);
            if (index >= ProtocolLimits.CouponsMax) reader.Skip();
            else coupons.Add(reader.Text("coupons", ProtocolLimits.CouponCharsMax, charsMin: 1));
        }

        return coupons;
    }

    private static bool IsSaleId(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static bool IsReference(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static bool IsCurrency(string text) => text.Length == 3 && text.All(char.IsAsciiLetterUpper);

    private static bool IsQuantity(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var whole = dot < 0 ? text : text[..dot];
        var decimals = dot < 0 ? "0" : text[(dot + 1)..];
        return whole.Length > 0 && whole.All(char.IsAsciiDigit)
            && decimals.Length is >= 1 and <= 8 && decimals.All(char.IsAsciiDigit);
    }
}
