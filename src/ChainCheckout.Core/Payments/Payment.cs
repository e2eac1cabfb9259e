using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core.Ports;
using static ChainCheckout.Core.Payments.PaymentMessage;
using static ChainCheckout.Core.Payments.PaymentState;
using Decision = ChainCheckout.Core.Actors.Decision<
    ChainCheckout.Core.Payments.PaymentState, ChainCheckout.Core.Payments.PaymentReply>;

namespace ChainCheckout.Core.Payments;

/// <summary>
/// One attempt to take a payment: create → read back → capture; unknown outcomes; a cancel that races with the approval;
/// refunds. Final is only what Vipps says.
/// </summary>
public sealed partial class Payment(PaymentTimings timings) : IMachine<PaymentState, PaymentMessage, PaymentReply>
{
    public ActorKind Kind => ActorKind.Payment;

    public PaymentMessage Loaded => PaymentMessage.Loaded.Instance;

    public PaymentState Initial(string key) => Unheard.Instance;

    public PaymentMessage Starting(object operation) => throw new NotSupportedException("A payment's calls are all repeatable.");

    public object? View(PaymentState state, DateTimeOffset now) => null;

    public JsonTypeInfo<PaymentState> StateJson(IStateCodec codec) => codec.States.PaymentState;

    public Decision Decide(PaymentState state, PaymentMessage message, DateTimeOffset now) => (state, message) switch
    {
        (Unheard, Start m) => Begin(m, now),
        (Unheard, GiveBack m) => Rebuild(m, now),
        (Unheard, _) => new Decision(Verdict.Rejected, state, new PaymentReply.UnheardOf()),

        // A reference that was only asked about for a refund, and turns out to be a new sale's.
        (Rebuilding s, Start m) => Begin(m, now, [.. s.Case.Refunds.Select(refund => Refuse(refund, "UnknownPayment"))]),

        // The same reference with another amount is a fault at the till and must never charge the customer.
        (Known s, Start m) when Same(s.Case, m) => Duplicate(s),
        (Known s, Start) => Reject(s, "PaymentExists", "reference", $"{s.Case.Reference} was asked for again with other particulars"),

        (Creating s, Cancel) => GiveUp(s, s.Order, s.Sending, now),
        (Waiting s, Cancel) => GiveUp(s, null, null, now),

        // Too late: the customer has approved and the capture is owed. The status says so.
        (Known s, Cancel or Ask) => Duplicate(s),

        (Known s, Tell) => new Decision(Verdict.Duplicate, s, new PaymentReply.Story(s)),
        (Known s, GiveBack m) => GiveBackAsked(s, m, now),
        (Known s, Hint m) => Hinted(s, m.Event, now),
        (Known s, PaymentMessage.Loaded) => AfterLoad(s, now),

        (Creating s, CreateAnswered m) => CreateEnded(s, m.Result, now),
        (Cancelling { Unclear: { } sending } s, CreateAnswered m) => LateCreateEnded(s, sending, m.Result, now),
        (Capturing s, CaptureAnswered m) => CaptureEnded(s, m.Result, now),
        (Cancelling s, CancelAnswered m) => CancelEnded(s, m.Result, now),
        (Captured s, RefundAnswered m) when OwedRefund(s.Case)?.Key == m.Key => RefundEnded(s, m, now),
        (GivingBack s, RefundAnswered m) when GiveBackKey(s) == m.Key => RefundEnded(s, m, now),
        (Known s, ReadAnswered m) => ReadEnded(s, m.Result, now),

        // An answer to a call of a stage that is over: a read has already said how it stands.
        (Known s, CreateAnswered or CaptureAnswered or CancelAnswered or RefundAnswered) => Learn(s with { Case = s.Case.Mutated(now) }),

        (Known s, TillTold m) => Told(s, m, now),
        (Known s, CustomerTold m) => CustomerWasTold(s, m, now),
        (Known s, RefundTold m) => RefundWasTold(s, m, now),

        _ => throw new System.Diagnostics.UnreachableException($"No arm for {message.GetType().Name}."),
    };

    public PaymentMessage Lost(object operation)
    {
        const string Why = "lost";
        return operation switch
        {
            PaymentOperation.Create => new CreateAnswered(new VippsResult<PaymentCreated>.Unknown(Why)),
            PaymentOperation.Read => new ReadAnswered(new VippsResult<PaymentRead?>.Unknown(Why)),
            PaymentOperation.Capture => new CaptureAnswered(new VippsResult<PaymentRead>.Unknown(Why)),
            PaymentOperation.Cancel => new CancelAnswered(new VippsResult<PaymentRead>.Unknown(Why)),
            PaymentOperation.GiveBack o => new RefundAnswered(o.Request.Key, new VippsResult<PaymentRead>.Unknown(Why)),
            PaymentOperation.TellTill o => new TillTold(o.Status.News, Reached: false),
            PaymentOperation.TellCustomer o => new CustomerTold(o.Credit.RefundedMinor, Reached: false),
            PaymentOperation.TellRefund o => new RefundTold(o.Refund.Key, Reached: false),
            _ => throw new System.Diagnostics.UnreachableException($"No payment owes {operation.GetType().Name}."),
        };
    }

    private Decision Begin(Start m, DateTimeOffset now, ImmutableArray<Refund>? refunds = null)
    {
        var key = $"{m.Reference}-c{m.Random}";
        var begun = new PaymentCase(m.Reference, m.Msn, m.SaleId, m.Amount, key, now, now + timings.Window, [], refunds ?? [], [], now, Customer: m.Customer);
        begun = begun.Note(now, $"asked for {m.Amount}", $"till {m.Reference.Till}");
        var sending = new Sending(false, false, now);
        return Accept(new Creating(begun, m.Order, new Pace(0, now, m.MayBeBegun), m.MayBeBegun ? Doubt(sending, now) : sending));
    }

    private static bool Same(PaymentCase known, Start m) =>
        known.Reference == m.Reference && known.Msn == m.Msn && known.SaleId == m.SaleId && known.Amount == m.Amount;

    /// <summary>From here on nothing is captured. What is not known of the create is found out first.</summary>
    private static Decision GiveUp(Known s, PaymentOrder? order, Sending? sending, DateTimeOffset now)
    {
        var known = s.Case.Note(now, "cancel asked for", "cashier").Tell(now);
        return Accept(new Cancelling(known, UnpaidReason.Cancelled, new Pace(0, now), 1, order, sending));
    }

    /// <summary>What was in flight before the load is unknown: read before anything is repeated.</summary>
    private Decision AfterLoad(Known s, DateTimeOffset now) => s switch
    {
        Creating c => Learn(c with
        {
            Pace = new Pace(c.Pace.Tries, now, ReadFirst: true),
            Sending = Doubt(c.Sending, now),
            Case = c.Case.Mutated(now),
        }),
        Waiting w => Learn(w with { Pace = new Pace(0, now) }),
        Capturing c => Learn(c with { Pace = new Pace(c.Pace.Tries, now, ReadFirst: true), Case = c.Case.Mutated(now) }),
        Cancelling c => Learn(c with
        {
            Pace = new Pace(c.Pace.Tries, now, ReadFirst: true),
            Unclear = c.Unclear is null ? null : Doubt(c.Unclear, now),
            Case = c.Case.Mutated(now),
        }),
        GivingBack g => Learn(g with { Pace = new Pace(g.Pace.Tries, now, ReadFirst: true), Case = g.Case.Mutated(now) }),
        Captured c when OwedRefund(c.Case) is { } refund =>
            Learn(c with { Pace = new Pace(c.Pace.Tries, now, ReadFirst: true), Case = With(c.Case, AfterLoad(c, refund)).Mutated(now) }),
        Rebuilding r => Learn(r with { Pace = new Pace(0, now) }),
        _ => Duplicate(s),
    };

    private static Sending Doubt(Sending sending, DateTimeOffset now) =>
        sending with { MayHaveLeft = true, Unclear = true, LastAt = now };

    private static Decision Told(Known s, TillTold m, DateTimeOffset now)
    {
        if (!m.Reached) return Learn(s with { Case = s.Case with { TellAt = now + Shell<PaymentState, PaymentMessage, PaymentReply>.WakeNet } });

        // Never more than there is: after a failed save the news are counted again from what was stored.
        var told = Math.Min(m.News, s.Case.News);
        return told > s.Case.Told ? Learn(s with { Case = s.Case with { Told = told } }) : Duplicate(s);
    }

    private static Decision CustomerWasTold(Known s, CustomerTold m, DateTimeOffset now) => Learn(s with
    {
        Case = m.Reached
            ? s.Case with { Counted = Math.Max(s.Case.Counted ?? 0, m.RefundedMinor), CountAt = null }
            : s.Case with { Customer = m.Moved?.To ?? s.Case.Customer, Way = m.Moved?.Way ?? s.Case.Way, CountAt = now + Shell<PaymentState, PaymentMessage, PaymentReply>.WakeNet },
    });

    private static Decision Accept(Known next) => new(Verdict.Accepted, next, new PaymentReply.Status(StatusOf(next)));

    /// <summary>A change that a read would tell again.</summary>
    private static Decision Learn(Known next) => Accept(next) with { Keep = Keep.InMemory };

    private static Decision Duplicate(Known s) => new(Verdict.Duplicate, s, new PaymentReply.Status(StatusOf(s)));

    private static Decision Reject(Known s, string code, string? field, string? alert = null) =>
        new(Verdict.Rejected, s, new PaymentReply.Refused(code, field), Alert: alert);

    /// <summary>What Vipps holds cannot be ours: never take it for ours, never touch it.</summary>
    private static Decision Stop(Known s, string why, DateTimeOffset now)
    {
        // A till whose refund stays open for ever can refund nothing else.
        var known = s.Case with
        {
            Refunds = [.. s.Case.Refunds.Select(refund => refund.Stage == RefundStage.Owed ? Refuse(refund, "Stopped") : refund)],
        };
        return Accept(new Stopped(known.Note(now, $"stopped: {why}").Tell(now), why)) with { Alert = $"{s.Case.Reference}: {why}" };
    }
}
