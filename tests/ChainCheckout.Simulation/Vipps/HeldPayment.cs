namespace ChainCheckout.Simulation.Vipps;

/// <summary>A payment as Vipps holds it, with what it was before its last change: a read may be as old as that.</summary>
internal sealed class HeldPayment(CreatePayment asked, DateTimeOffset createdAt)
{
    public CreatePayment Asked => asked;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset ChangedAt { get; private set; } = createdAt;

    public DateTimeOffset? ApprovedAt { get; private set; }

    public PaymentStateAtVipps State { get; private set; } = PaymentStateAtVipps.Created;

    public long CapturedMinor { get; private set; }

    public long RefundedMinor { get; private set; }

    public long CancelledMinor { get; private set; }

    public PaymentRead? Before { get; private set; }

    public long AuthorizedMinor => State == PaymentStateAtVipps.Authorized ? asked.Amount.Minor : 0;

    /// <summary>Reserved, and neither taken nor let go.</summary>
    public long OpenMinor => AuthorizedMinor - CapturedMinor - CancelledMinor;

    /// <summary>Money may still be taken.</summary>
    public bool IsOpen => State == PaymentStateAtVipps.Created || OpenMinor > 0;

    public PaymentRead Shown => new(State, asked.Amount, AuthorizedMinor, CapturedMinor, RefundedMinor, CancelledMinor);

    public void Become(PaymentStateAtVipps state, DateTimeOffset at)
    {
        Keep(at);
        State = state;
        if (state == PaymentStateAtVipps.Authorized) ApprovedAt = at;
    }

    public void Capture(long minor, DateTimeOffset at)
    {
        Keep(at);
        CapturedMinor += minor;
    }

    public void Refund(long minor, DateTimeOffset at)
    {
        Keep(at);
        RefundedMinor += minor;
    }

    public void LetGo(DateTimeOffset at)
    {
        Keep(at);
        CancelledMinor += OpenMinor;
    }

    private void Keep(DateTimeOffset at) => (Before, ChangedAt) = (Shown, at);
}

/// <summary>Something that happened to money at Vipps.</summary>
internal enum EffectKind
{
    Created,
    Approved,
    Aborted,
    Expired,
    Terminated,
    Cancelled,
    Captured,
    Refunded,
}

/// <summary>One line of Vipps' own ledger.</summary>
internal sealed record Effect(DateTimeOffset At, EffectKind Kind, PaymentReference Reference, string Key, long AmountMinor);
