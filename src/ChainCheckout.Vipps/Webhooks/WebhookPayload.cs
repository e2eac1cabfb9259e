using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Vipps.Webhooks;

/// <summary>What happened to a payment, as a webhook tells it.</summary>
public enum WebhookEventName
{
    /// <summary>A name that came after this was written. Still a reason to read the payment.</summary>
    Unknown = 1,
    Created,
    Authorized,
    Aborted,
    Expired,
    Terminated,
    Cancelled,
    Captured,
    Refunded,
}

/// <summary>A payment's webhook. A hint only: the read-back decides.</summary>
/// <param name="Reference">As sent, 1 to 64 characters: other systems of the sales unit have references of other
/// forms.</param>
/// <param name="PspReference">Of this event, not of the payment; with <paramref name="Name"/> it recognises a
/// duplicate. Perhaps empty.</param>
/// <param name="Amount">Of this event; null where it is absent or in another currency than those known.</param>
public sealed record WebhookEvent(
    Msn Msn, string Reference, WebhookEventName Name, string PspReference, Money? Amount, bool Success,
    string? IdempotencyKey, DateTimeOffset? At);

/// <summary>Reads the body of a payment's webhook. Never throws; what it does not know it passes over.</summary>
public static class WebhookPayload
{
    private const string Prefix = "epayments.payment.";
    private const string Suffix = ".v1";
    private const int ReferenceMax = 64;

    /// <summary>False for anything that does not name a sales unit, a payment and an event.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out WebhookEvent? webhook)
    {
        webhook = null;
        if (Parse(body) is not { } dto || !Msn.TryParse(dto.Msn, out var msn)) return false;
        if (dto.Reference is not { Length: >= 1 and <= ReferenceMax } reference) return false;
        if (dto.Name is not { Length: > 0 } name) return false;
        webhook = new WebhookEvent(
            msn, reference, NameOf(name), dto.PspReference ?? "", AmountOf(dto.Amount), dto.Success ?? true,
            dto.IdempotencyKey, AtOf(dto.Timestamp));
        return true;
    }

    private static WebhookDtoOfPayment? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, WebhookPayloadJson.Default.WebhookDtoOfPayment);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Payloads say <c>AUTHORIZED</c>, registrations <c>epayments.payment.authorized.v1</c>; both are taken here.
    /// </summary>
    private static WebhookEventName NameOf(ReadOnlySpan<char> name)
    {
        if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)
            && name.Length > Prefix.Length + Suffix.Length)
        {
            name = name[Prefix.Length..^Suffix.Length];
        }

        Span<char> upper = stackalloc char[16];
        return name.ToUpperInvariant(upper) < 0 ? WebhookEventName.Unknown : upper[..name.Length] switch
        {
            "CREATED" => WebhookEventName.Created,
            "AUTHORIZED" => WebhookEventName.Authorized,
            "ABORTED" => WebhookEventName.Aborted,
            "EXPIRED" => WebhookEventName.Expired,
            "TERMINATED" => WebhookEventName.Terminated,
            "CANCELLED" => WebhookEventName.Cancelled,
            "CAPTURED" => WebhookEventName.Captured,
            "REFUNDED" => WebhookEventName.Refunded,
            _ => WebhookEventName.Unknown,
        };
    }

    private static Money? AmountOf(WebhookAmountDto? dto) =>
        dto is { Value: { } value } && Currencies.TryParse(dto.Currency, out var currency)
            ? new Money(value, currency)
            : null;

    private static DateTimeOffset? AtOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : null;
}

internal sealed class WebhookDtoOfPayment
{
    [JsonConverter(typeof(TextOrNumberJson))] public string? Msn { get; set; }

    public string? Reference { get; set; }

    public string? PspReference { get; set; }

    public string? Name { get; set; }

    public WebhookAmountDto? Amount { get; set; }

    public string? Timestamp { get; set; }

    public string? IdempotencyKey { get; set; }

    public bool? Success { get; set; }
}

internal sealed class WebhookAmountDto
{
    public string? Currency { get; set; }

    public long? Value { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(WebhookDtoOfPayment))]
internal sealed partial class WebhookPayloadJson : JsonSerializerContext;
