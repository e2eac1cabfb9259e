using System.Globalization;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Http;

namespace ChainCheckout.Simulator.Payments;

/// <summary>A payment in the words of the API.</summary>
internal static class PaymentBodies
{
    public static PaymentBody Read(Payment payment) => new(
        payment.Reference,
        NameOf(payment.State),
        Amount(payment, payment.AmountMinor),
        Aggregate(payment),
        new PaymentMethodBody(payment.Order.Method, payment.AuthorizedAt is null ? null : "540185"),
        new ProfileBody(payment.Order.Scope is not null && payment.AuthorizedAt is not null
            ? Profile.Sub(payment.Msn, payment.Order.Msisdn)
            : null),
        payment.PspReference,
        payment.CaptureGuaranteedUntil?.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture),
        payment.Order.RedirectUrl,
        payment.Order.Metadata);

    public static ModificationBody Modified(Payment payment) => new(
        Amount(payment, payment.AmountMinor),
        NameOf(payment.State),
        Aggregate(payment),
        payment.PspReference,
        payment.Reference);

    public static EventBody Event(Payment payment, PaymentEvent happened) => new(
        payment.Reference,
        happened.PspReference,
        NameOf(happened.Name),
        Amount(payment, happened.AmountMinor),
        Instant(happened.At),
        happened.IdempotencyKey,
        Success: true);

    public static WebhookEventBody Webhook(Payment payment, PaymentEvent happened) => new(
        payment.Msn,
        payment.Reference,
        happened.PspReference,
        NameOf(happened.Name),
        Amount(payment, happened.AmountMinor),
        Instant(happened.At),
        happened.IdempotencyKey,
        Success: true,
        happened.Name == PaymentEventName.Authorized && payment.CaptureGuaranteedUntil is { } until
            ? Instant(until)
            : null);

    public static string NameOf(PaymentState state) => state switch
    {
        PaymentState.Created => "CREATED",
        PaymentState.Authorized => "AUTHORIZED",
        PaymentState.Aborted => "ABORTED",
        PaymentState.Expired => "EXPIRED",
        _ => "TERMINATED",
    };

    public static string NameOf(PaymentEventName name) => name switch
    {
        PaymentEventName.Created => "CREATED",
        PaymentEventName.Authorized => "AUTHORIZED",
        PaymentEventName.Aborted => "ABORTED",
        PaymentEventName.Expired => "EXPIRED",
        PaymentEventName.Terminated => "TERMINATED",
        PaymentEventName.Cancelled => "CANCELLED",
        PaymentEventName.Captured => "CAPTURED",
        _ => "REFUNDED",
    };

    private static AmountBody Amount(Payment payment, long minor) => new(payment.Currency, minor);

    private static AggregateBody Aggregate(Payment payment) => new(
        Amount(payment, payment.AuthorizedMinor),
        Amount(payment, payment.CapturedMinor),
        Amount(payment, payment.RefundedMinor),
        Amount(payment, payment.CancelledMinor));

    private static string Instant(DateTimeOffset at) =>
        at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
