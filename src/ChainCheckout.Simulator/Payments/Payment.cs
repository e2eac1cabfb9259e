using System.Collections.Immutable;

namespace ChainCheckout.Simulator.Payments;

/// <summary>
/// The vendor's five states of a payment. What was captured, refunded or cancelled is in the amounts.
/// </summary>
public enum PaymentState
{
    Created = 1,
    Authorized = 2,
    Aborted = 3,
    Expired = 4,
    Terminated = 5,
}

public enum PaymentEventName
{
    Created = 1,
    Authorized = 2,
    Aborted = 3,
    Expired = 4,
    Terminated = 5,
    Cancelled = 6,
    Captured = 7,
    Refunded = 8,
}

/// <summary>One thing that happened to a payment.</summary>
/// <param name="AmountMinor">This event's own amount, in minor units.</param>
/// <param name="At">Simulated instant.</param>
/// <param name="PspReference">The event's own reference; the creation's is the payment's.</param>
public sealed record PaymentEvent(
    PaymentEventName Name,
    long AmountMinor,
    DateTimeOffset At,
    string PspReference,
    string? IdempotencyKey);

/// <summary>What the customer is going to do with the push, and at which simulated instant.</summary>
public sealed record PlannedAnswer(bool Approves, DateTimeOffset At);

/// <summary>What never changes after a payment's creation. Amounts in minor units, instants simulated.</summary>
public sealed record PaymentOrder
{
    public required string Msn { get; init; }
    public required string Reference { get; init; }
    public required string Currency { get; init; }
    public required long AmountMinor { get; init; }
    public required string UserFlow { get; init; }
    public required string Method { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The payer, when the merchant named one. Never in a ledger line.</summary>
    public string? Msisdn { get; init; }
    public string? Scope { get; init; }
    public string? RedirectUrl { get; init; }
    public ImmutableSortedDictionary<string, string>? Metadata { get; init; }
}

/// <summary>A payment as Vipps has it. Immutable: a turn of <see cref="PaymentMachine"/> gives the next one.</summary>
public sealed record Payment(PaymentOrder Order, PaymentState State, ImmutableArray<PaymentEvent> Events)
{
    public long AuthorizedMinor { get; init; }
    public long CapturedMinor { get; init; }
    public long RefundedMinor { get; init; }
    public long CancelledMinor { get; init; }
    public DateTimeOffset? AuthorizedAt { get; init; }

    /// <summary>What the customer will do; null = nothing, until a hand or the expiry does.</summary>
    public PlannedAnswer? Plan { get; init; }

    public string Msn => Order.Msn;
    public string Reference => Order.Reference;
    public string Currency => Order.Currency;
    public long AmountMinor => Order.AmountMinor;
    public string PspReference => Events[0].PspReference;

    /// <summary>Reserved and neither captured nor released, in minor units.</summary>
    public long OpenMinor => AuthorizedMinor - CapturedMinor - CancelledMinor;

    /// <summary>The shortest of the card schemes' guarantees, 7 days from the approval.</summary>
    public DateTimeOffset? CaptureGuaranteedUntil => AuthorizedAt?.AddDays(7);
}
