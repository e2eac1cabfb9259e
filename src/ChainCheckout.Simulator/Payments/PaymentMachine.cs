using System.Security.Cryptography;
using System.Text;
using ChainCheckout.Simulator.Http;

namespace ChainCheckout.Simulator.Payments;

/// <summary>The next payment, or why there is none. A refused turn gives the payment back unchanged.</summary>
internal readonly record struct Turn(Payment Next, Refusal? Refusal = null);

/// <summary>
/// A payment's life by the vendor's rules, pure: CREATED becomes AUTHORIZED, ABORTED, EXPIRED or TERMINATED and
/// stays so; captures, refunds and the later cancel move amounts. Every change appends exactly one event.
/// </summary>
internal static class PaymentMachine
{
    public static readonly TimeSpan RefundWindow = TimeSpan.FromDays(365);

    public static Payment Create(PaymentOrder order, PlannedAnswer? plan, string? idempotencyKey) =>
        With(
            new Payment(order, PaymentState.Created, []) { Plan = plan },
            PaymentEventName.Created,
            order.AmountMinor,
            order.CreatedAt,
            idempotencyKey);

    /// <summary>
    /// Does what time has brought: the customer's planned answer, or the expiry. Each at its own instant.
    /// </summary>
    public static Payment Settle(Payment payment, DateTimeOffset now)
    {
        if (payment.State != PaymentState.Created) return payment;
        if (payment.Plan is { } plan && plan.At <= now && plan.At < payment.Order.ExpiresAt)
            return plan.Approves ? Approve(payment, plan.At).Next : Refuse(payment, plan.At).Next;
        if (payment.Order.ExpiresAt > now) return payment;
        var expired = payment with { State = PaymentState.Expired };
        return With(expired, PaymentEventName.Expired, payment.AmountMinor, payment.Order.ExpiresAt);
    }

    /// <summary>When <see cref="Settle"/> will next have something to do; null = never again.</summary>
    public static DateTimeOffset? SettlesAt(Payment payment)
    {
        if (payment.State != PaymentState.Created) return null;
        return payment.Plan is { } plan && plan.At < payment.Order.ExpiresAt ? plan.At : payment.Order.ExpiresAt;
    }

    public static Turn Approve(Payment payment, DateTimeOffset at)
    {
        if (payment.State != PaymentState.Created)
            return Refuse(payment, "10010", "The payment is not waiting for an approval");
        var approved = payment with
        {
            State = PaymentState.Authorized,
            AuthorizedMinor = payment.AmountMinor,
            AuthorizedAt = at,
        };
        return new Turn(With(approved, PaymentEventName.Authorized, payment.AmountMinor, at));
    }

    public static Turn Refuse(Payment payment, DateTimeOffset at)
    {
        if (payment.State != PaymentState.Created)
            return Refuse(payment, "10010", "The payment is not waiting for an approval");
        return new Turn(
            With(payment with { State = PaymentState.Aborted }, PaymentEventName.Aborted, payment.AmountMinor, at));
    }

    /// <param name="partialAllowed">Whether the sales unit may capture less than the whole.</param>
    public static Turn Capture(
        Payment payment, string currency, long amountMinor, bool partialAllowed, DateTimeOffset now, string? key)
    {
        if (AmountRefusal(payment, currency, amountMinor) is { } refusal) return new Turn(payment, refusal);
        switch (payment.State)
        {
            case PaymentState.Created: return Refuse(payment, "6080", "Cannot capture before reservation");
            case PaymentState.Terminated: return Refuse(payment, "6070", "Cannot capture a cancelled payment");
            case PaymentState.Aborted: return Refuse(payment, "6190", "The payment was aborted");
            case PaymentState.Expired: return Refuse(payment, "6200", "The payment has expired");
        }

        if (payment.CancelledMinor > 0) return Refuse(payment, "6070", "Cannot capture a cancelled payment");
        if (payment.OpenMinor == 0) return Refuse(payment, "6170", "The payment is already captured");
        if (amountMinor > payment.OpenMinor)
            return Refuse(payment, "6090", "The capture is higher than what is reserved");
        if (!partialAllowed && amountMinor < payment.OpenMinor)
            return Refuse(payment, "6140", "Only a full capture is allowed");
        if (now > payment.AuthorizedAt + CaptureWindow(payment.Currency))
            return Refuse(payment, "6100", "The capture window has passed");
        var captured = payment with { CapturedMinor = payment.CapturedMinor + amountMinor };
        return new Turn(With(captured, PaymentEventName.Captured, amountMinor, now, key));
    }

    public static Turn Refund(Payment payment, string currency, long amountMinor, DateTimeOffset now, string? key)
    {
        if (AmountRefusal(payment, currency, amountMinor) is { } refusal) return new Turn(payment, refusal);
        switch (payment.State)
        {
            case PaymentState.Created: return Refuse(payment, "6020", "Cannot refund before reservation");
            case PaymentState.Terminated: return Refuse(payment, "6210", "The payment was terminated");
            case PaymentState.Aborted: return Refuse(payment, "6190", "The payment was aborted");
            case PaymentState.Expired: return Refuse(payment, "6200", "The payment has expired");
        }

        var left = payment.CapturedMinor - payment.RefundedMinor;
        if (left == 0 && payment.RefundedMinor > 0) return Refuse(payment, "6180", "The payment is already refunded");
        if (amountMinor > left) return Refuse(payment, "6150", "Not enough is captured for this refund");
        if (now > payment.AuthorizedAt + RefundWindow) return Refuse(payment, "6220", "The refund window has passed");
        var refunded = payment with { RefundedMinor = payment.RefundedMinor + amountMinor };
        return new Turn(With(refunded, PaymentEventName.Refunded, amountMinor, now, key));
    }

    /// <summary>Before the approval it ends the payment; after it, it releases all that is not captured.</summary>
    /// <param name="onlyIfNotApproved">The request's <c>cancelTransactionOnly</c>.</param>
    public static Turn Cancel(Payment payment, bool onlyIfNotApproved, DateTimeOffset now, string? key)
    {
        if (payment.State == PaymentState.Created)
        {
            var terminated = payment with { State = PaymentState.Terminated };
            return new Turn(With(terminated, PaymentEventName.Terminated, payment.AmountMinor, now, key));
        }

        if (payment.State != PaymentState.Authorized)
            return Refuse(payment, "6050", "Cannot cancel what is not reserved");
        if (onlyIfNotApproved) return Refuse(payment, "6060", "The payment is authorised");
        if (payment.OpenMinor == 0)
        {
            return payment.CancelledMinor > 0
                ? Refuse(payment, "6050", "Cannot cancel what is not reserved")
                : Refuse(payment, "6040", "Cannot cancel a captured payment");
        }

        if (now > payment.AuthorizedAt + CaptureWindow(payment.Currency))
            return Refuse(payment, "6030", "The cancel window has passed");
        var released = payment.OpenMinor;
        var cancelled = payment with { CancelledMinor = payment.CancelledMinor + released };
        return new Turn(With(cancelled, PaymentEventName.Cancelled, released, now, key));
    }

    /// <summary>180 days in Norway, 14 days in Denmark and Finland; the currency tells the market.</summary>
    public static TimeSpan CaptureWindow(string currency) => TimeSpan.FromDays(currency == "NOK" ? 180 : 14);

    private static Refusal? AmountRefusal(Payment payment, string currency, long amountMinor)
    {
        if (currency != payment.Currency) return Refusal.Code("5040", "The currency is not the payment's");
        return amountMinor is <= 0 or > Limits.AmountMinorMax ? Refusal.Code("4040", "The amount is invalid") : null;
    }

    private static Turn Refuse(Payment payment, string code, string title) => new(payment, Refusal.Code(code, title));

    private static Payment With(
        Payment payment, PaymentEventName name, long amountMinor, DateTimeOffset at, string? key = null) =>
        payment with
        {
            Events = payment.Events.Add(new PaymentEvent(name, amountMinor, at, PspReference(payment), key)),
        };

    /// <summary>The same run gives the same references: a hash of what the event is, in the form of a GUID.</summary>
    private static string PspReference(Payment payment)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{payment.Msn}/{payment.Reference}/{payment.Events.Length}"), hash);
        return new Guid(hash[..16]).ToString();
    }
}
