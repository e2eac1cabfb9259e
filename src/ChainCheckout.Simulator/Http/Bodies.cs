using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ChainCheckout.Simulator.Http;

internal sealed record ProblemBody(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Instance,
    string TraceId,
    ImmutableArray<ExtraDetail>? ExtraDetails);

internal sealed record QrProblemBody(
    string Title, int Status, string Detail, ImmutableArray<ExtraDetail>? ExtraDetails);

internal sealed record CheckInProblemBody(
    string Type, string Title, string Detail, string Instance, ImmutableArray<ExtraDetail> InvalidParams);

internal sealed record LoyaltyProblemBody(string Type, string Title, int Status, string Detail, string Instance);

internal sealed record GatewayBody(int StatusCode, string Message);

internal sealed record OAuthBody(
    string Error,
    [property: JsonPropertyName("error_description")] string ErrorDescription);

/// <summary>Every value is a string, the numbers too: that is how the vendor answers.</summary>
internal sealed record TokenBody(
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] string ExpiresIn,
    [property: JsonPropertyName("ext_expires_in")] string ExtExpiresIn,
    [property: JsonPropertyName("expires_on")] string ExpiresOn,
    [property: JsonPropertyName("not_before")] string NotBefore,
    [property: JsonPropertyName("resource")] string Resource,
    [property: JsonPropertyName("access_token")] string AccessToken);

internal sealed record ExchangeBody(string Msisdn, string Version, long? Timestamp);

internal sealed record AcceptedBody(string Status, string EventId);

internal sealed record AmountBody(string Currency, long Value);

internal sealed record AggregateBody(
    AmountBody AuthorizedAmount,
    AmountBody CapturedAmount,
    AmountBody RefundedAmount,
    AmountBody CancelledAmount);

internal sealed record CreatedBody(string Reference, string? RedirectUrl);

internal sealed record PaymentMethodBody(string Type, string? CardBin);

internal sealed record ProfileBody(string? Sub);

internal sealed record PaymentBody(
    string Reference,
    string State,
    AmountBody Amount,
    AggregateBody Aggregate,
    PaymentMethodBody PaymentMethod,
    ProfileBody Profile,
    string PspReference,
    string? CaptureGuaranteedUntil,
    string? RedirectUrl,
    ImmutableSortedDictionary<string, string>? Metadata);

internal sealed record ModificationBody(
    AmountBody Amount,
    string State,
    AggregateBody Aggregate,
    string PspReference,
    string Reference);

internal sealed record EventBody(
    string Reference,
    string PspReference,
    string Name,
    AmountBody Amount,
    string Timestamp,
    string? IdempotencyKey,
    bool Success);

internal sealed record WebhookEventBody(
    string Msn,
    string Reference,
    string PspReference,
    string Name,
    AmountBody Amount,
    string Timestamp,
    string? IdempotencyKey,
    bool Success,
    string? CaptureGuaranteedUntil);

internal sealed record RegisteredBody(string Id, string Secret);

internal sealed record WebhookBody(string Id, string Url, ImmutableArray<string> Events);

internal sealed record WebhooksBody(ImmutableArray<WebhookBody> Webhooks);
