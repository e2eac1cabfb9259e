using ChainCheckout.Core.Ports;
using static ChainCheckout.Core.Payments.PaymentState;
using Decision = ChainCheckout.Core.Actors.Decision<
    ChainCheckout.Core.Payments.PaymentState, ChainCheckout.Core.Payments.PaymentReply>;

namespace ChainCheckout.Core.Payments;

// How each call that changes something at Vipps ended, and what that says.
public sealed partial class Payment
{
    private Decision CreateEnded(Creating s, VippsResult<PaymentCreated> result, DateTimeOffset now)
    {
        var sent = s.Sending with { MayHaveLeft = true, LastAt = now };
        var counted = s.Case.Mutated(now);
        switch (result)
        {
            case VippsResult<PaymentCreated>.Ok:
                return Learn(new Waiting(counted.Note(now, "push sent", "create").Tell(now), s.Order, new Pace(0, now + timings.FirstPoll)));

            // Somebody else's payment stands under a reference that only we could have made: state was lost.
            case VippsResult<PaymentCreated>.Refused { Fault: var fault } when IsTaken(fault) && !s.Sending.MayHaveLeft:
                return Stop(s, "the first create met a payment that was already there", now);

            case VippsResult<PaymentCreated>.Refused { Fault: var fault }:
                return Learn(s with
                {
                    Case = counted.Note(now, $"refused: {Name(fault)}", "create"),
                    Pace = new Pace(s.Pace.Tries + 1, now, ReadFirst: true),
                    Sending = IsTaken(fault) ? sent : sent with { Refused = Name(fault) },
                });

            // Nothing ever left this process for Vipps: there is no payment to wait for.
            case VippsResult<PaymentCreated>.Later { Fault.Status: 0 } when !s.Sending.MayHaveLeft:
                return End(s, UnpaidReason.Unavailable, "", now, "not sent: Vipps cannot be reached");

            case VippsResult<PaymentCreated>.Later later:
                return Learn(s with
                {
                    Case = later.Fault.Status == 0 ? s.Case : counted,
                    Pace = Again(s.Case, s.Pace, now, later.RetryAfter),
                    Sending = later.Fault.Status == 0 ? s.Sending : sent,
                });

            default:
                var known = s.Sending.Unclear ? counted : counted.Note(now, "outcome unknown", "create").Tell(now);
                return Learn(s with { Case = known, Pace = Again(s.Case, s.Pace, now), Sending = sent with { Unclear = true } });
        }
    }

    /// <summary>The create's outcome comes after the cashier gave up: it says whether there is anything to cancel.</summary>
    private Decision LateCreateEnded(Cancelling s, Sending sending, VippsResult<PaymentCreated> result, DateTimeOffset now)
    {
        var sent = sending with { MayHaveLeft = true, LastAt = now };
        var counted = s.Case.Mutated(now);
        return result switch
        {
            VippsResult<PaymentCreated>.Ok =>
                Learn(s with { Case = counted.Note(now, "push sent", "create"), Order = null, Unclear = null, Pace = new Pace(0, now) }),
            VippsResult<PaymentCreated>.Refused { Fault: var fault } when IsTaken(fault) && !sending.MayHaveLeft =>
                Stop(s, "the first create met a payment that was already there", now),
            VippsResult<PaymentCreated>.Refused { Fault: var fault } => Learn(s with
            {
                Case = counted.Note(now, $"refused: {Name(fault)}", "create"),
                Unclear = IsTaken(fault) ? sent : sent with { Refused = Name(fault) },
                Pace = new Pace(s.Pace.Tries + 1, now, ReadFirst: true),
            }),
            VippsResult<PaymentCreated>.Later { Fault.Status: 0 } when !sending.MayHaveLeft =>
                End(s, UnpaidReason.Cancelled, "", now, "never sent"),
            VippsResult<PaymentCreated>.Later later => Learn(s with
            {
                Case = later.Fault.Status == 0 ? s.Case : counted,
                Unclear = later.Fault.Status == 0 ? sending : sent,
                Pace = Again(s.Case, s.Pace, now, later.RetryAfter),
            }),
            _ => Learn(s with { Case = counted, Unclear = sent with { Unclear = true }, Pace = Again(s.Case, s.Pace, now) }),
        };
    }

    private Decision CaptureEnded(Capturing s, VippsResult<PaymentRead> result, DateTimeOffset now)
    {
        var counted = s with { Case = s.Case.Mutated(now) };
        return result switch
        {
            VippsResult<PaymentRead>.Ok { Value: var read } when read.CapturedMinor > 0 => ReadFound(counted, read, now),
            VippsResult<PaymentRead>.Ok => Learn(counted with { Pace = ReadSoon(s.Pace, now) }),
            VippsResult<PaymentRead>.Refused { Fault: var fault } => Learn(counted with
            {
                Case = counted.Case.Note(now, $"refused: {Name(fault)}", "capture").Tell(now),
                Pace = new Pace(s.Pace.Tries + 1, now, ReadFirst: true, Refused: Name(fault)),
            }),
            VippsResult<PaymentRead>.Later later => Learn(counted with { Pace = Repeat(s.Pace, now, later.RetryAfter) }),
            _ => Learn(counted with
            {
                Case = counted.Case.Note(now, "outcome unknown", "capture").Tell(now),
                Pace = Repeat(s.Pace, now) with { ReadFirst = true },
            }),
        };
    }

    private Decision CancelEnded(Cancelling s, VippsResult<PaymentRead> result, DateTimeOffset now)
    {
        var counted = s with { Case = s.Case.Mutated(now) };
        return result switch
        {
            // The answer shows the payment as it is after the cancel; a customer who was faster shows there too.
            VippsResult<PaymentRead>.Ok { Value: var read } => ReadFound(counted with { Pace = ReadSoon(s.Pace, now) }, read, now, "cancel"),
            VippsResult<PaymentRead>.Refused { Fault: var fault } =>
                Learn(counted with { Pace = new Pace(s.Pace.Tries + 1, now, ReadFirst: true, Refused: Name(fault)) }),
            VippsResult<PaymentRead>.Later later => Learn(counted with { Pace = Repeat(s.Pace, now, later.RetryAfter) }),
            _ => Learn(counted with { Pace = Repeat(s.Pace, now) with { ReadFirst = true } }),
        };
    }

    private Decision RefundEnded(Known s, PaymentMessage.RefundAnswered m, DateTimeOffset now)
    {
        var counted = s with { Case = s.Case.Mutated(now) };
        var pace = PaceOf(s);
        return m.Result switch
        {
            // The vendor's yes to this very key, where the aggregate bears it out.
            VippsResult<PaymentRead>.Ok { Value: var read } when counted is Captured paid && OwedRefund(paid.Case) is { } refund
                && refund.Key == m.Key && read.RefundedMinor >= refund.AmountMinor => RefundDone(paid, refund, Math.Max(paid.RefundedMinor, read.RefundedMinor), now),
            VippsResult<PaymentRead>.Ok { Value: var read } => ReadFound(WithPace(counted, ReadSoon(pace, now)), read, now, "refund"),

            // The key is known already: an earlier call with it has been done or is being done. That is no refusal.
            VippsResult<PaymentRead>.Refused { Fault: var fault } when IsTaken(fault) => Learn(WithPace(Unclear(counted), ReadSoon(pace, now))),
            VippsResult<PaymentRead>.Refused { Fault: var fault } =>
                Learn(WithPace(counted, new Pace(pace.Tries + 1, now, ReadFirst: true, Refused: Name(fault)))),
            VippsResult<PaymentRead>.Later later => Learn(WithPace(counted, Repeat(pace, now, later.RetryAfter))),
            _ => Learn(WithPace(Unclear(counted), Repeat(pace, now) with { ReadFirst = true })),
        };
    }

    private Decision End(Known s, UnpaidReason reason, string code, DateTimeOffset now, string what, string? by = null) =>
        Accept(new Unpaid(s.Case.Note(now, what, by).Tell(now), reason, code, now));

    /// <summary>
    /// The pace of a create that may have to be sent again with its key. Once the customer's window is over it is only
    /// asked about: a push that late would surprise.
    /// </summary>
    private Pace Again(PaymentCase known, Pace pace, DateTimeOffset now, TimeSpan? retryAfter = null)
    {
        var next = Repeat(pace, now, retryAfter);
        return next.NextAt < known.EndsAt ? next : next with { ReadFirst = true };
    }

    private Pace Repeat(Pace pace, DateTimeOffset now, TimeSpan? retryAfter = null) =>
        new(pace.Tries + 1, now + (retryAfter ?? timings.Retry(pace.Tries + 1)));

    private Pace ReadSoon(Pace pace, DateTimeOffset now) => Repeat(pace, now) with { ReadFirst = true };

    private static bool IsTaken(VippsFault fault) => fault.Status == 409 || fault.Code == "4150";

    private static string Name(VippsFault fault) => fault.Code.Length > 0 ? fault.Code : $"{fault.Status}";

    private static Pace PaceOf(Known s) => s switch
    {
        Creating c => c.Pace,
        Waiting w => w.Pace,
        Capturing c => c.Pace,
        Cancelling c => c.Pace,
        Captured c => c.Pace,
        GivingBack g => g.Pace,
        Rebuilding r => r.Pace,
        Unpaid { Recheck: { } recheck } => recheck,
        _ => new Pace(0, s.Case.AskedAt),
    };

    private static Known WithPace(Known s, Pace pace) => s switch
    {
        Creating c => c with { Pace = pace },
        Waiting w => w with { Pace = pace },
        Capturing c => c with { Pace = pace },
        Cancelling c => c with { Pace = pace },
        Captured c => c with { Pace = pace },
        GivingBack g => g with { Pace = pace },
        Rebuilding r => r with { Pace = pace },
        Unpaid u => u with { Recheck = pace },
        _ => s,
    };
}
