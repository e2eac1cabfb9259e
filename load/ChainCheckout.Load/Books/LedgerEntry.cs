using System.Text.Json.Serialization;

namespace ChainCheckout.Load.Books;

/// <summary>One effect at Vipps: a line of the simulator's <c>ledger.jsonl</c>.</summary>
/// <param name="N">1, 2, 3 … in the order of the effects.</param>
/// <param name="AmountMinor">This effect's amount.</param>
/// <param name="Event">Of <c>webhookSent</c>: the event's name.</param>
/// <param name="Status">Of <c>webhookSent</c>: what it was answered; 0 = nothing.</param>
public sealed record LedgerEntry(
    long N,
    DateTimeOffset At,
    string Kind,
    string? Msn = null,
    string? Reference = null,
    long? AmountMinor = null,
    string? Currency = null,
    string? Event = null,
    int? Status = null,
    int? Attempt = null,
    string? Customer = null,
    bool? IsMember = null,
    string? EventId = null,
    string? ContactId = null,
    long? Balance = null,
    DateTimeOffset? Timestamp = null);

public static class LedgerKinds
{
    public const string Created = "created";
    public const string Authorized = "authorized";
    public const string Captured = "captured";
    public const string Cancelled = "cancelled";
    public const string Refunded = "refunded";
    public const string CheckIn = "checkIn";
    public const string LoginAccepted = "loginAccepted";
    public const string Loyalty = "loyalty";
    public const string MemberUpdated = "benefits.member.updated";
    public const string StampCardUpdated = "benefits.stampCard.updated";
    public const string BonusCheckCreated = "benefits.bonusCheck.created";
    public const string BonusCheckDeleted = "benefits.bonusCheck.deleted";
    public const string WebhookSent = "webhookSent";
    public const string AuthorizedEvent = "epayments.payment.authorized.v1";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LedgerEntry))]
internal sealed partial class LedgerJson : JsonSerializerContext;
