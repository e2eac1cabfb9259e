namespace ChainCheckout.Core.Ports;

/// <summary>ePayment v1: one call, one outcome; no retry in here, the payment decides on that.</summary>
public interface IPaymentApi
{
    /// <summary>POST /epayment/v1/payments with PUSH_MESSAGE and CUSTOMER_PRESENT. The same request gives byte-identical bodies.</summary>
    Task<VippsResult<PaymentCreated>> CreateAsync(CreatePayment request, CancellationToken cancellation);

    /// <summary>GET /epayment/v1/payments/{reference}. 404 is <see cref="VippsResult{T}.Ok"/> with null.</summary>
    Task<VippsResult<PaymentRead?>> ReadAsync(ReadPayment request, CancellationToken cancellation);

    Task<VippsResult<PaymentRead>> CaptureAsync(ChangePayment request, CancellationToken cancellation);

    /// <summary>The amount of the request is not sent: everything that is not captured is let go.</summary>
    Task<VippsResult<PaymentRead>> CancelAsync(ChangePayment request, CancellationToken cancellation);

    Task<VippsResult<PaymentRead>> RefundAsync(ChangePayment request, CancellationToken cancellation);

    /// <summary>GET …/events: the log of the payment, for an operator.</summary>
    Task<VippsResult<ImmutableArray<PaymentEventRead>>> EventsAsync(ReadPayment request, CancellationToken cancellation);
}

/// <param name="Key">At most 50 characters; the same key always goes with the same body.</param>
/// <param name="Description">3 to 100 characters, shown to the customer.</param>
public sealed record CreatePayment(
    Msn Msn, PaymentReference Reference, string Key, Msisdn Phone, Money Amount, string Description,
    ImmutableArray<OrderLine> Lines, int? MinimumAge);

public sealed record PaymentCreated(PaymentReference Reference);

/// <param name="Poll">A routine look that may wait for the global poll budget; a hint or a recovery does not wait.</param>
public sealed record ReadPayment(Msn Msn, PaymentReference Reference, bool Poll);

public sealed record ChangePayment(Msn Msn, PaymentReference Reference, string Key, Money Amount);

/// <summary>The states of a payment at Vipps. What happens after authorisation shows in the amounts only.</summary>
public enum PaymentStateAtVipps
{
    Unknown = 1,
    Created,
    Authorized,
    Aborted,
    Expired,
    Terminated,
}

/// <summary>A payment as Vipps holds it. Amounts are cumulative, in the payment's currency.</summary>
public sealed record PaymentRead(
    PaymentStateAtVipps State, Money Amount, long AuthorizedMinor, long CapturedMinor, long RefundedMinor, long CancelledMinor,
    DateTimeOffset? CaptureGuaranteedUntil = null);

public sealed record PaymentEventRead(string Name, string PspReference, Money Amount, DateTimeOffset At, string? Key, bool Success);

/// <summary>POST /qr/v1/exchange: whose code was scanned.</summary>
public interface IQrApi
{
    Task<VippsResult<QrExchanged>> ExchangeAsync(Msn msn, QrText qr, CancellationToken cancellation);
}

/// <param name="Version"><c>"1.0"</c> or <c>"2.0"</c>.</param>
/// <param name="MadeAt">When the code was made; version 2.0 only.</param>
public sealed record QrExchanged(Msisdn Phone, string Version, DateTimeOffset? MadeAt);

/// <summary>The Webhooks API of one sales unit.</summary>
public interface IWebhookApi
{
    Task<VippsResult<ImmutableArray<WebhookRegistration>>> ListAsync(Msn msn, CancellationToken cancellation);

    /// <summary>The secret is told once, in this answer; a repeat makes a second registration.</summary>
    Task<VippsResult<WebhookRegistered>> RegisterAsync(Msn msn, string url, ImmutableArray<string> events, CancellationToken cancellation);

    /// <summary>A registration that is already gone is a success.</summary>
    Task<VippsResult<bool>> DeleteAsync(Msn msn, string id, CancellationToken cancellation);
}

public sealed record WebhookRegistration(string Id, string Url, ImmutableArray<string> Events);

public sealed record WebhookRegistered(string Id, Secret Secret);
