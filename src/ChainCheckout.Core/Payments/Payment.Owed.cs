using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Ports;
using static ChainCheckout.Core.Payments.PaymentState;

namespace ChainCheckout.Core.Payments;

// What each stage owes, and what it says of itself.
public sealed partial class Payment
{
    public ImmutableArray<Owed> Owed(PaymentState state)
    {
        if (state is not Known s) return [];
        var owed = ImmutableArray.CreateBuilder<Owed>(2);
        if (CallOwed(s) is { } call) owed.Add(call);
        if (s.Case.News > s.Case.Told) owed.Add(new Owed("tell", s.Case.TellAt, new PaymentOperation.TellTill(s.Case.Till, StatusOf(s))));
        if (s is Captured { Case: { Customer: { } customer, CapturedAt: { } at } } && !(s.Case.Counted >= s.Case.RefundedMinor))
        {
            // The whole of it, with what was given back: a repeat or a newer one says all.
            var credit = new CustomerMessage.Credit(s.Case.Reference, s.Case.Amount, s.Case.RefundedMinor, at, s.Case.Way);
            owed.Add(new Owed("count", s.Case.CountAt ?? DateTimeOffset.UnixEpoch, new PaymentOperation.TellCustomer(customer, credit)));
        }

        foreach (var refund in s.Case.Refunds)
        {
            if (refund is { Stage: not RefundStage.Owed, Told: false })
            {
                owed.Add(new Owed($"tell:{refund.Key}", s.Case.TellAt, new PaymentOperation.TellRefund(s.Case.Reference, refund)));
            }
        }

        return owed.ToImmutable();
    }

    public ActorFlags Flags(PaymentState state) => state switch
    {
        Stopped => ActorFlags.Alert,
        Creating { Sending.Unclear: true } or Cancelling { Unclear.Unclear: true } => ActorFlags.UnknownOutcome,
        Capturing { Pace.Tries: > 0 } or GivingBack => ActorFlags.UnknownOutcome,
        Cancelling { Pace.Tries: > 2 } or Captured { Pace.Tries: > 0 } => ActorFlags.UnknownOutcome,
        _ => ActorFlags.None,
    };

    public DateTimeOffset? ForgetAt(PaymentState state) => state switch
    {
        Unheard => DateTimeOffset.UnixEpoch,
        Unpaid { Recheck: null } s => s.FinalAt + timings.Forget,
        Captured s when OwedRefund(s.Case) is null => s.FinalAt + timings.Forget,
        _ => null,
    };

    /// <summary>The one call at Vipps that this stage wants next.</summary>
    private Owed? CallOwed(Known s) => s switch
    {
        Creating { Pace.ReadFirst: false } c => Create(c.Case, c.Order, c.Pace),
        Creating c => Read(c.Case, c.Pace),
        Waiting w => Read(w.Case, w.Pace, poll: !w.Pace.ReadFirst),
        Capturing { Pace.ReadFirst: false } c =>
            Change("capture", c.Case, c.Pace, new PaymentOperation.Capture(Request(c.Case, $"{c.Case.Reference}-k{c.KeyNumber}", c.Case.Amount.Minor))),
        Capturing c => Read(c.Case, c.Pace),
        Cancelling { Pace.ReadFirst: true } c => Read(c.Case, c.Pace),
        Cancelling { Unclear: { Refused: null }, Order: { } order } c => Create(c.Case, order, c.Pace),
        Cancelling { Unclear: not null } c => Read(c.Case, c.Pace),
        Cancelling c =>
            Change("cancel", c.Case, c.Pace, new PaymentOperation.Cancel(Request(c.Case, $"{c.Case.Reference}-x{c.KeyNumber}", c.Case.Amount.Minor))),
        GivingBack { Pace.ReadFirst: true } g => Read(g.Case, g.Pace),
        GivingBack g => Change("giveBack", g.Case, g.Pace, new PaymentOperation.GiveBack(
            Request(g.Case, GiveBackKey(g), g.CapturedMinor - g.RefundedMinor))),
        Captured { Pace.ReadFirst: true } c => Read(c.Case, c.Pace),
        Captured c when OwedRefund(c.Case) is { BaseMinor: Refund.NotRead } => Read(c.Case, c.Pace),
        Captured c when OwedRefund(c.Case) is { } refund =>
            Change($"refund:{refund.Key}", c.Case, c.Pace, new PaymentOperation.GiveBack(Request(c.Case, refund.Key, refund.AmountMinor))),
        Unpaid { Recheck: { } recheck } u => Read(u.Case, recheck),
        Rebuilding r when r.Case.Refunds[0].Stage == RefundStage.Owed => Read(r.Case, r.Pace),
        _ => null,
    };

    private Owed Create(PaymentCase known, PaymentOrder order, Pace pace) => Change("create", known, pace, new PaymentOperation.Create(new CreatePayment(
        known.Msn, known.Reference, known.CreateKey, order.Phone, known.Amount, order.Description, order.Lines, order.MinimumAge)));

    /// <summary>
    /// The vendor allows five mutations a minute for one reference; the sixth waits, but never longer than that minute, whatever a
    /// clock that was wrong says of the five.
    /// </summary>
    private Owed Change(string name, PaymentCase known, Pace pace, object operation)
    {
        var allowed = known.Sent.Length < PaymentTimings.MutationsMax ? pace.NextAt : known.Sent[0] + timings.MutationWindow;
        var latest = pace.NextAt + timings.MutationWindow;
        var due = allowed > latest ? latest : allowed;
        return new Owed(name, due > pace.NextAt ? due : pace.NextAt, operation, Mutation: true);
    }

    private static Owed Read(PaymentCase known, Pace pace, bool poll = false) =>
        new("read", pace.NextAt, new PaymentOperation.Read(new ReadPayment(known.Msn, known.Reference, poll)));

    private static ChangePayment Request(PaymentCase known, string key, long amountMinor) =>
        new(known.Msn, known.Reference, key, new Money(amountMinor, known.Amount.Currency));

    private static string GiveBackKey(GivingBack s) => $"{s.Case.Reference}-g{s.KeyNumber}";

    private static PaymentStatus StatusOf(Known s)
    {
        var (standing, reason, code) = s switch
        {
            Creating { Sending: { Unclear: false, Refused: null } } => (PaymentStanding.Sending, (UnpaidReason?)null, ""),
            Creating => (PaymentStanding.Checking, null, ""),
            Waiting => (PaymentStanding.Waiting, null, ""),
            Capturing { Pace.Tries: 0 } => (PaymentStanding.Capturing, null, ""),
            Capturing => (PaymentStanding.Checking, null, ""),
            Captured => (PaymentStanding.Captured, null, ""),
            Cancelling { Unclear: null } or GivingBack => (PaymentStanding.Cancelling, null, ""),
            Cancelling => (PaymentStanding.Checking, null, ""),
            Unpaid u => (PaymentStanding.Unpaid, u.Reason, u.Code),
            Stopped => (PaymentStanding.Stopped, null, ""),
            Rebuilding => (PaymentStanding.Checking, null, ""),
            _ => throw new System.Diagnostics.UnreachableException($"No standing for {s.GetType().Name}."),
        };
        return new PaymentStatus(s.Case.Reference, standing, s.Case.News, s.Case.Amount, reason, code, s is Waiting ? s.Case.EndsAt : null);
    }
}
