using System.Text.RegularExpressions;

namespace ChainCheckout.Simulator.Schemas;

/// <summary>
/// The bodies of the ePayment calls, by the vendor's specification with the fields that later versions added.
/// </summary>
internal static partial class PaymentSchemas
{
    public static readonly ObjectSchema Amount = new(
        new Field("currency", new TextSchema(OneOf: ["NOK", "DKK", "EUR"]), Required: true),
        new Field("value", new WholeSchema(), Required: true));

    public static readonly ObjectSchema Customer = new(
        new Field("phoneNumber", new TextSchema()),
        new Field("personalQr", new TextSchema()),
        new Field("customerToken", new TextSchema(Min: 1, Max: 255)));

    public static readonly ObjectSchema Create = new(
        new Field("amount", Amount, Required: true),
        new Field("customer", Customer),
        new Field("customerInteraction", new TextSchema(OneOf: ["CUSTOMER_PRESENT", "CUSTOMER_NOT_PRESENT"])),
        new Field("industryData", new ObjectSchema(new Field("airlineData", AirlineData()))),
        new Field("paymentMethod", PaymentMethod(), Required: true),
        new Field("profile", new ObjectSchema(new Field("scope", new TextSchema()))),
        new Field("reference", new TextSchema(Pattern: ReferencePattern()), Required: true),
        new Field("returnUrl", new TextSchema()),
        new Field(
            "userFlow",
            new TextSchema(OneOf: ["PUSH_MESSAGE", "NATIVE_REDIRECT", "WEB_REDIRECT", "QR"]),
            Required: true),
        new Field("expiresAt", new TextSchema(Pattern: InstantPattern()) { OrNull = true }),
        new Field("qrFormat", QrFormat()),
        new Field("paymentDescription", new TextSchema(Min: 3, Max: 100)),
        new Field("receipt", ReceiptSchema.Receipt),
        new Field("metadata", new MapSchema { OrNull = true }),
        new Field("receiptUrl", new TextSchema { OrNull = true }),
        new Field("minimumUserAge", new WholeSchema(0, 100) { OrNull = true }),
        new Field("merchantLegalLinks", new ObjectSchema(
            new Field("termsOfSaleUrl", new TextSchema()),
            new Field("privacyPolicyUrl", new TextSchema()))));

    public static readonly ObjectSchema Modification = new(new Field("modificationAmount", Amount, Required: true));

    public static readonly ObjectSchema Cancel = new(new Field("cancelTransactionOnly", new FlagSchema()));

    public static readonly ObjectSchema ForceApprove = new(
        new Field("customer", Customer),
        new Field("token", new TextSchema(Min: 1)));

    public static bool IsReference(string? text) => text is not null && ReferencePattern().IsMatch(text);

    public static bool IsMsisdn(string text) => MsisdnPattern().IsMatch(text);

    private static ObjectSchema PaymentMethod() => new(
        new Field("type", new TextSchema(OneOf: ["WALLET", "CARD"]), Required: true),
        new Field("blockedSources", new ListSchema(new TextSchema())));

    private static ObjectSchema QrFormat() => new(
        new Field("format", new TextSchema(OneOf: ["TEXT/TARGETURL", "IMAGE/SVG+XML", "IMAGE/PNG"]), Required: true),
        new Field("size", new WholeSchema(100, 2_000) { OrNull = true })) { OrNull = true };

    private static ObjectSchema AirlineData() => new(
        new Field("agencyInvoiceNumber", new TextSchema(1, 6), Required: true),
        new Field("airlineCode", new TextSchema(3, 3), Required: true),
        new Field("airlineDesignatorCode", new TextSchema(2, 2), Required: true),
        new Field("passengerName", new TextSchema(1, 49), Required: true),
        new Field("ticketNumber", new TextSchema(1, 150)));

    [GeneratedRegex(@"^[a-zA-Z0-9-]{8,64}\z")]
    private static partial Regex ReferencePattern();

    [GeneratedRegex(@"^[0-9]{9,15}\z")]
    private static partial Regex MsisdnPattern();

    [GeneratedRegex(
        @"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
        + @"([Zz]|[+-](2[0-3]|[01][0-9]):[0-5][0-9])\z")]
    public static partial Regex InstantPattern();
}
