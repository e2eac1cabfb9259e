using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainCheckout.Vipps.EPayment;

/// <summary>
/// The bodies of ePayment v1. A pure function of the request, in a fixed order of fields: a repeat with the same key
/// must carry the same bytes.
/// </summary>
internal static class PaymentBodies
{
    public static byte[] Create(CreatePayment request)
    {
        var body = new CreateBody(
            Amount(request.Amount),
            new CustomerBody(request.Phone.Digits),
            "CUSTOMER_PRESENT",
            request.MinimumAge,
            request.Description,
            new PaymentMethodBody("WALLET"),
            request.Lines.IsDefaultOrEmpty ? null : Receipt(request),
            request.Reference.ToString(),
            "PUSH_MESSAGE");
        return JsonSerializer.SerializeToUtf8Bytes(body, PaymentBodyJson.Default.CreateBody);
    }

    /// <summary>For capture and refund. A cancel has no body: it lets go of everything that is not captured.</summary>
    public static byte[] Modify(Money amount) =>
        JsonSerializer.SerializeToUtf8Bytes(new ModifyBody(Amount(amount)), PaymentBodyJson.Default.ModifyBody);

    private static AmountBody Amount(Money money) => new(money.Currency.ToString(), money.Minor);

    private static ReceiptBody Receipt(CreatePayment request)
    {
        var till = request.Reference.Till;
        var posId = string.Create(CultureInfo.InvariantCulture, $"{till.Store}-{till.Till}");
        return new ReceiptBody(
            request.Lines.Select(Line).ToArray(),
            new BottomLineBody(request.Amount.Currency.ToString(), posId));
    }

    private static OrderLineBody Line(OrderLine line) => new(
        line.Name, line.Id, line.TotalMinor, line.ExcludingTaxMinor, line.TaxMinor, line.TaxRate,
        line.Quantity is null && line.Unit is null && line.UnitPriceMinor is null
            ? null
            : new UnitInfoBody(line.UnitPriceMinor, line.Quantity, line.Unit),
        line.DiscountMinor,
        line.IsReturn ? true : null);
}

internal sealed record CreateBody(
    AmountBody Amount, CustomerBody Customer, string CustomerInteraction, int? MinimumUserAge,
    string PaymentDescription, PaymentMethodBody PaymentMethod, ReceiptBody? Receipt, string Reference, string UserFlow);

internal sealed record ModifyBody(AmountBody ModificationAmount);

internal sealed record AmountBody(string Currency, long Value);

internal sealed record CustomerBody(string PhoneNumber);

internal sealed record PaymentMethodBody(string Type);

internal sealed record ReceiptBody(OrderLineBody[] OrderLines, BottomLineBody BottomLine);

internal sealed record OrderLineBody(
    string Name, string Id, long TotalAmount, long TotalAmountExcludingTax, long TotalTaxAmount, int TaxRate,
    UnitInfoBody? UnitInfo, long? Discount, bool? IsReturn);

internal sealed record UnitInfoBody(long? UnitPrice, string? Quantity, string? QuantityUnit);

internal sealed record BottomLineBody(string Currency, string PosId);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreateBody))]
[JsonSerializable(typeof(ModifyBody))]
internal sealed partial class PaymentBodyJson : JsonSerializerContext;
