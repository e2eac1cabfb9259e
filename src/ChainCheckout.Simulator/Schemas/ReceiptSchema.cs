using System.Text.Json;
using System.Text.RegularExpressions;
using ChainCheckout.Simulator.Http;

namespace ChainCheckout.Simulator.Schemas;

/// <summary>Order lines as they ride on a payment's creation, by the order management specification.</summary>
internal static partial class ReceiptSchema
{
    private static readonly WholeSchema AnyAmount = new();
    private static readonly WholeSchema AmountOrNull = new() { OrNull = true };
    private static readonly WholeSchema PositiveOrNull = new(0) { OrNull = true };
    private static readonly TextSchema TextOrNull = new() { OrNull = true };
    private static readonly FlagSchema FlagOrNull = new() { OrNull = true };

    public static readonly Schema Receipt = new ObjectSchema(
        new Field("orderLines", new ListSchema(OrderLine(), Min: 1), Required: true),
        new Field("bottomLine", BottomLine(), Required: true));

    private static OrderLineSchema OrderLine() => new(new ObjectSchema(
        new Field("name", new TextSchema(), Required: true),
        new Field("id", new TextSchema(), Required: true),
        new Field("totalAmount", AnyAmount, Required: true),
        new Field("totalAmountExcludingTax", AnyAmount, Required: true),
        new Field("totalTaxAmount", AnyAmount, Required: true),
        new Field("taxPercentage", new WholeSchema(0, 100) { OrNull = true }),
        new Field("taxRate", new WholeSchema(0, 10_000) { OrNull = true }),
        new Field("unitInfo", new ObjectSchema(
            new Field("unitPrice", PositiveOrNull, Required: true),
            new Field("quantity", new TextSchema(Max: 10, Pattern: QuantityPattern()), Required: true),
            new Field("quantityUnit", OneOf("PCS", "KG", "KM", "MINUTE", "LITRE", "KWH")))),
        new Field("discount", PositiveOrNull),
        new Field("productUrl", TextOrNull),
        new Field("isReturn", FlagOrNull),
        new Field("isShipping", FlagOrNull)));

    private static ObjectSchema BottomLine() => new(
        new Field("currency", OneOf("NOK", "DKK", "EUR"), Required: true),
        new Field("tipAmount", PositiveOrNull),
        new Field("giftCardAmount", PositiveOrNull),
        new Field("posId", TextOrNull),
        new Field("totalAmount", AmountOrNull),
        new Field("totalTax", PositiveOrNull),
        new Field("totalDiscount", PositiveOrNull),
        new Field("shippingAmount", PositiveOrNull),
        new Field("shippingInfo", new ObjectSchema(
            new Field("amount", PositiveOrNull, Required: true),
            new Field("amountExcludingTax", PositiveOrNull, Required: true),
            new Field("taxAmount", PositiveOrNull, Required: true),
            new Field("taxPercentage", new WholeSchema(0, 100) { OrNull = true }, Required: true))),
        new Field("paymentSources", new ObjectSchema(
            new Field("giftCard", AmountOrNull),
            new Field("card", AmountOrNull),
            new Field("voucher", AmountOrNull),
            new Field("cash", AmountOrNull))),
        new Field("barcode", new ObjectSchema(
            new Field("format", OneOf("EAN-13", "CODE 39", "CODE 128"), Required: true),
            new Field("data", TextOrNull, Required: true))),
        new Field("receiptNumber", TextOrNull),
        new Field("terminalId", TextOrNull));

    private static TextSchema OneOf(params string[] values) => new(OneOf: values) { OrNull = true };

    [GeneratedRegex(@"^[0-9]+(\.[0-9]{1,8})?\z")]
    private static partial Regex QuantityPattern();

    /// <summary>An order line names its tax once: as a rate or, in the older form, as a percentage.</summary>
    private sealed record OrderLineSchema(ObjectSchema Shape) : Schema
    {
        protected override void CheckValue(JsonElement value, string path, List<ExtraDetail> faults)
        {
            Shape.Check(value, path, faults);
            if (value.ValueKind == JsonValueKind.Object && Has(value, "taxRate") == Has(value, "taxPercentage"))
                Add(faults, Inside(path, "taxRate"), "Exactly one of taxRate and taxPercentage must be set.");
        }

        private static bool Has(JsonElement line, string name) =>
            line.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;
    }
}
