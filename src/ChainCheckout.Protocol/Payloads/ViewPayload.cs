using System.Text.Json.Serialization;

namespace ChainCheckout.Protocol.Payloads;

/// <summary>All that a cashier should see now. Each view replaces the one before it, whole.</summary>
/// <param name="Version">Grows with every change; a till drops a view that is not newer than the one it shows.</param>
/// <param name="SaleId">The sale at hand, in the POS's own spelling.</param>
/// <param name="Stage">Where the sale is; stable over versions.</param>
/// <param name="Code">What happened last; stable over versions.</param>
/// <param name="Text">For the cashier, in the till's language.</param>
/// <param name="Hint">What to do next, in the till's language; may be empty.</param>
/// <param name="Allowed">The commands that make sense now, by their <c>type</c>.</param>
public sealed record ViewPayload(
    [property: JsonRequired] long Version,
    string? SaleId,
    [property: JsonRequired] string Stage,
    [property: JsonRequired] string Code,
    [property: JsonRequired] string Text,
    [property: JsonRequired] string Hint,
    [property: JsonRequired] string[] Allowed,
    CustomerPayload? Customer = null,
    PaymentPayload? Payment = null,
    ReceiptPayload? Receipt = null,
    RefundPayload? Refund = null,
    EnrolmentPayload? Enrolment = null);

/// <param name="Masked">The phone number with all but its last digits hidden.</param>
/// <param name="Membership">"none", "member" or "unknown": see <see cref="Memberships"/>.</param>
/// <param name="Points">Balance in whole points.</param>
/// <param name="Coupons">How many coupons the customer holds.</param>
/// <param name="Notice">For the cashier, in the till's language: something about this customer to ask about.</param>
public sealed record CustomerPayload(
    [property: JsonRequired] string Masked,
    string? FirstName,
    [property: JsonRequired] string Membership,
    string? MemberId = null,
    long? Points = null,
    int? Coupons = null,
    string? Notice = null)
{
    // A first name is personal: it goes to the till's screen, never into a log by way of ToString.
    public override string ToString() => $"{nameof(CustomerPayload)} {{ {Membership} }}";
}

/// <param name="Stage">"asking", "waiting", "joined", "denied", "expired" or "failed".</param>
/// <param name="Code">How it stands; stable over versions.</param>
/// <param name="Binding">Shown on the customer's phone too: both should be the same.</param>
/// <param name="SecondsLeft">Until the request on the phone expires, counted when the view was made; left out while it is not out, and after the end.</param>
public sealed record EnrolmentPayload(
    [property: JsonRequired] string Stage,
    [property: JsonRequired] string Code,
    [property: JsonRequired] string Text,
    [property: JsonRequired] string Hint,
    [property: JsonRequired] string Binding,
    int? SecondsLeft = null);

public static class Memberships
{
    public const string None = "none";
    public const string Member = "member";
    public const string Unknown = "unknown";
}

/// <param name="AmountMinor">Minor units of <paramref name="Currency"/>.</param>
/// <param name="Currency">ISO 4217, three capitals.</param>
/// <param name="Attempt">1 for the first payment of the sale.</param>
/// <param name="SecondsLeft">Until the customer's push expires, counted when the view was made; left out while it is not out.</param>
public sealed record PaymentPayload(
    [property: JsonRequired] string Reference,
    [property: JsonRequired] long AmountMinor,
    [property: JsonRequired] string Currency,
    [property: JsonRequired] int Attempt,
    [property: JsonRequired] string Stage,
    int? SecondsLeft);

/// <param name="Tender">"vipps" or "other".</param>
/// <param name="Reference">The payment's reference when Vipps was the tender.</param>
public sealed record ReceiptPayload(
    [property: JsonRequired] string SaleId,
    [property: JsonRequired] string Tender,
    string? Reference,
    [property: JsonRequired] long AmountMinor,
    [property: JsonRequired] string Currency,
    [property: JsonRequired] DateTimeOffset PaidAt);

/// <param name="Stage">"refunding", "refunded" or "refused".</param>
/// <param name="Code">How it stands; stable over versions.</param>
/// <param name="Text">For the cashier, in the till's language.</param>
public sealed record RefundPayload(
    [property: JsonRequired] string Reference,
    [property: JsonRequired] long AmountMinor,
    [property: JsonRequired] string Currency,
    [property: JsonRequired] string Stage,
    [property: JsonRequired] string Code,
    [property: JsonRequired] string Text);

public static class Tenders
{
    public const string Vipps = "vipps";
    public const string Other = "other";
}
