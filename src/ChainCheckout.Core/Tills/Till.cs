using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Stores;
using static ChainCheckout.Core.Tills.TillMessage;
using Decision = ChainCheckout.Core.Actors.Decision<
    ChainCheckout.Core.Tills.TillState, ChainCheckout.Core.Tills.TillReply>;

namespace ChainCheckout.Core.Tills;

/// <summary>
/// One till: who stands before it, the sale at hand, and the numbering that lets every command take effect once.
/// The commands themselves are in the other half of this class.
/// </summary>
public sealed partial class Till(TillSettings settings, ChainSecret secret) : IMachine<TillState, TillMessage, TillReply>
{
    /// <summary>More than any activation shows between two saves.</summary>
    private const long VersionLeap = 1_000;

    public ActorKind Kind => ActorKind.Till;

    public TillMessage Loaded => TillMessage.Loaded.Instance;

    public TillState Initial(string key) => new(
        TillId.Parse(key), null, RoleState.Fresh, RoleState.Fresh, 0, new Identity.Nobody(), new Sale.None(), null, DayTotals.Empty, null);

    public Decision Decide(TillState s, TillMessage message, DateTimeOffset now) => message switch
    {
        Hello m => Welcomed(s, m, now),
        Command m => Numbered(s, m, now),
        Gone m => IsCurrent(s, m.Role, m.Session) ? Learn(With(s, m.Role, now)) : Ignore(s),
        Watch m => Watched(s, m, now),
        TillMessage.Loaded => AfterLoad(s),
        Release => s.Held is null ? Ignore(s) : Save(Shown(Released(s with { Held = null }, now))),
        Tell => new Decision(Verdict.Duplicate, s, new TillReply.Told(s.Sale, s.Held, s.Today)),

        Exchanged m when s.Customer is Identity.Identifying { } scan && scan.Number == m.Number => WasExchanged(s, scan, m.Result, now),
        CustomerMet m when s.Customer is Identity.Identified { Met: false } known && known.Id == m.Id => WasMet(s, known, m, now),
        CustomerElsewhere m when s.Customer is Identity.Identified { Elsewhere: false } known && known.Id == m.Id && s.VisitKey == m.Visit =>
            Learn(Shown(s with { Customer = known with { Elsewhere = true } })),
        Forget m => Forgotten(s, m.Id),
        EnrolmentSays m when s.Customer is Identity.Identified { Enrol: { } slot } known && slot.Key == m.Status.Key => EnrolmentChanged(s, known, slot, m.Status, now),
        EnrolmentSilent m when s.Customer is Identity.Identified { Enrol: { IsOpen: true } slot } known && slot.Key == m.Key =>
            Learn(s with { Customer = known with { Enrol = slot with { AskAt = now + settings.AskAgain } } }),
        HeldLongEnough m when s is { Held: null, Sale: Sale.Holding held } && held.SaleId == m.SaleId => Save(Shown(Send(s, held, now))),
        CreditTold m => CreditAnswered(s, m, now),

        PaymentSays m when s.Sale is Sale.Paying p && p.Attempt.Reference == m.Status.Reference => PaymentChanged(s, p, m.Status, now),
        PaymentSilent m when s.Sale is Sale.Paying p && p.Attempt.Reference == m.Reference =>
            Learn(s with { Sale = p with { AskAt = now + settings.AskAgain } }),
        PaymentLost m when s.Sale is Sale.Paying p && p.Attempt.Reference == m.Reference => WasLost(s, p, m.Code, now),

        RefundSays m when s.Refund is { } r && r.Key == m.Key => RefundChanged(s, r, m, now),
        RefundRefused m when s.Refund is { IsOpen: true } r && r.Key == m.Key =>
            Save(Shown(s with { Refund = r with { Stage = RefundStage.Refused, Code = RefundCode(m.Code) } })),
        RefundSilent m when s.Refund is { IsOpen: true } r && r.Key == m.Key =>
            Learn(s with { Refund = r with { AskAt = now + settings.AskAgain } }),

        StayedAway when s.Sale is Sale.Paying { CancelAsked: false } p && s.Pos.GoneAt is not null =>
            Save(Shown(s with { Sale = p with { CancelAsked = true, AskAt = now }, Pos = s.Pos with { GoneAt = null } })),
        StayedAway => s.Pos.GoneAt is null ? Ignore(s) : Learn(s with { Pos = s.Pos with { GoneAt = null } }),

        // Or of something that this activation, overtaken, has never heard of: the payment takes its debt for done.
        PaymentSays or RefundSays => Ignore(s) with { Keep = Keep.Confirmed },

        // An answer to something that is over.
        Exchanged or CustomerMet or CustomerElsewhere or EnrolmentSays or EnrolmentSilent or HeldLongEnough or PaymentSilent or PaymentLost or RefundRefused or RefundSilent => Ignore(s),

        _ => throw new System.Diagnostics.UnreachableException($"No arm for {message.GetType().Name}."),
    };

    public TillMessage Starting(object operation) => throw new NotSupportedException("What a till owes may all be repeated.");

    public TillMessage Lost(object operation) => operation switch
    {
        TillOperation.Exchange o => new Exchanged(o.Number, new VippsResult<QrExchanged>.Unknown("lost")),
        TillOperation.MeetCustomer o => new CustomerMet(o.Id, Reached: false),
        TillOperation.AskEnrolment o => new EnrolmentSilent(o.Message.Key),
        TillOperation.TellCredit o => new CreditTold(o.Credit.Reference, Reached: false),
        TillOperation.StopHolding o => new HeldLongEnough(o.SaleId),
        TillOperation.TellPayment o => new PaymentSilent(o.Reference),
        TillOperation.AskRefund o => new RefundSilent(o.Message.Key),
        TillOperation.GiveUpWaiting => new StayedAway(),
        _ => throw new System.Diagnostics.UnreachableException($"No till owes {operation.GetType().Name}."),
    };

    public ActorFlags Flags(TillState s) =>
        (s.Held is null ? ActorFlags.None : ActorFlags.Held) |
        (s.Sale is Sale.Finished { Seen: false, Receipt.Reference: not null } ? ActorFlags.PaidNotSeen : ActorFlags.None);

    public DateTimeOffset? ForgetAt(TillState s) => null;

    public JsonTypeInfo<TillState> StateJson(IStateCodec codec) => codec.States.TillState;

    private Decision Welcomed(TillState s, Hello m, DateTimeOffset now)
    {
        var known = s.Of(m.Role);
        var epoch = Math.Max(known.Epoch, m.LastEpoch) + 1;
        if (m.LastEpoch >= PaymentReference.EpochMax || epoch > PaymentReference.EpochMax)
        {
            return new Decision(Verdict.Rejected, s, new TillReply.NotApplied("EpochOutOfRange", known.LastNumber));
        }

        // The till remembers more than we do: our state went back in time, and a payment of it may be open at Vipps.
        var lost = m.LastEpoch > known.Epoch || m.LastAnswered > known.LastNumber;
        var role = known with { Epoch = epoch, Session = known.Session + 1, GoneAt = null };
        var held = lost ? $"the till ({m.Role}) knew epoch {m.LastEpoch} and number {m.LastAnswered}, the server {known.Epoch} and {known.LastNumber}" : s.Held;
        var next = Shown(s with { Profile = m.Profile, Held = held }).With(m.Role, role);
        var welcome = new TillReply.Welcome(role.Session, role.Epoch, role.LastNumber, Showing(next, now));
        return new Decision(Verdict.Accepted, next, welcome, Alert: lost ? $"lost state: {held}" : null);
    }

    /// <summary>Every command takes effect once: a repeat gets the stored reply, whatever has happened since.</summary>
    private Decision Numbered(TillState s, Command m, DateTimeOffset now)
    {
        var role = s.Of(m.Role);
        if (!IsCurrent(s, m.Role, m.Session)) return NotApplied(s, "StaleSession", role);
        if (m.Number == role.LastNumber && role.LastReply is { } reply)
        {
            return m.Hash == role.LastHash
                ? new Decision(Verdict.Duplicate, s, new TillReply.Answer(reply))
                : NotApplied(s, "SequenceReused", role);
        }

        if (m.Number != role.LastNumber + 1) return NotApplied(s, m.Number <= role.LastNumber ? "SequenceReused" : "SequenceGap", role);

        var seen = m.Role == TillRole.Pos ? Seen(s) : s;
        var (verdict, next, answer) = m is { Role: TillRole.Scanner, Body: not TillCommand.Scan }
            ? Refuse(seen, TillCode.NotAllowedForScanner)
            : Apply(seen, m, now);
        if (verdict == Verdict.Accepted) next = Shown(next);
        answer = answer with { View = next.Version };
        return Save(next.With(m.Role, next.Of(m.Role) with { LastNumber = m.Number, LastHash = m.Hash, LastReply = answer, GoneAt = null }))
            with { Verdict = verdict, Reply = new TillReply.Answer(answer) };
    }

    private Decision Watched(TillState s, Watch m, DateTimeOffset now)
    {
        if (!IsCurrent(s, m.Role, m.Session)) return NotApplied(s, "StaleSession", s.Of(m.Role));
        var next = m.Role == TillRole.Pos && m.Seen == s.Version ? Seen(s) : s;

        // After a crash a version that was only in memory is counted again: never show an older number than was seen.
        var isBehind = m.Seen > s.Version;
        if (isBehind) next = next with { Version = m.Seen + 1 };
        var reply = new TillReply.Watched(next.Version == m.Seen ? null : Showing(next, now));
        if (ReferenceEquals(next, s)) return new Decision(Verdict.Duplicate, s, reply);

        // Or another activation has overtaken this one: the save finds out before an old view is shown as the newest.
        return (isBehind ? Save(next) : Learn(next)) with { Reply = reply };
    }

    private Decision WasExchanged(TillState s, Identity.Identifying scan, VippsResult<QrExchanged> result, DateTimeOffset now)
    {
        switch (result)
        {
            case VippsResult<QrExchanged>.Ok { Value: var found } when found.MadeAt is { } made && now - made > settings.QrAgeMax:
                return Save(Shown(s with { Customer = new Identity.Unidentified(TillCode.CodeTooOld) }));
            case VippsResult<QrExchanged>.Ok { Value: var found }:

                // The scan is stored, and the exchange would tell the same again: Pay stores the customer.
                return Learn(Shown(Known(s, found.Phone, scan.Before, now)));
            case VippsResult<QrExchanged>.Refused:
                return Save(Shown(s with { Customer = new Identity.Unidentified(TillCode.CodeRefused) }));
            default:
                var tries = scan.Tries + 1;
                return tries < settings.ExchangeTriesMax
                    ? Learn(s with { Customer = scan with { Tries = tries, NextAt = now + (settings.ExchangeRetry * tries) } })
                    : Save(Shown(s with { Customer = new Identity.Unidentified(TillCode.CodeUnavailable) }));
        }
    }

    /// <param name="before">Who stood here until now: of the same customer an enrolment goes on, and how it stands is asked at once.</param>
    private TillState Known(TillState s, Msisdn phone, Identity.Identified? before, DateTimeOffset now)
    {
        var id = secret.Pseudonym(phone);
        var isFirst = !s.IsResumed && !s.GreetedSoFar.Contains(id);
        var known = new Identity.Identified(phone, id, Met: false, IsFirst: isFirst);
        if (before?.Id == id) known = known with { Card = before.Card, Enrol = before.Enrol is { } slot ? slot with { AskAt = now } : null };
        return s with { Customer = known, Greeted = isFirst ? s.GreetedSoFar.Add(id) : s.Greeted };
    }

    private static Decision Forgotten(TillState s, CustomerId id) => s.Customer switch
    {
        Identity.Identified known when known.Id != id => Ignore(s) with { Keep = Keep.Confirmed },
        Identity.Identified when s.Sale is Sale.Holding || (s.Sale is Sale.Paying p && !IsStopped(p)) => NotApplied(s, "PaymentOpen", s.Pos),
        Identity.Identified => Save(Shown(s with { Customer = new Identity.Nobody() })),
        Identity.Identifying { Before: { } before } scan when before.Id == id => Save(s with { Customer = scan with { Before = null } }),
        _ => Ignore(s) with { Keep = Keep.Confirmed },
    };

    /// <summary>
    /// A customer who was known may be looked up once more after a load. Completed before that, the sale would be nobody's.
    /// </summary>
    private static bool IsFoundAgain(TillState s) => s is { IsResumed: true, Customer: Identity.Identifying };

    /// <summary>
    /// Whether a phone was told of this visit is not known: none is told from now on. And
    /// views that were shown from memory alone, by an activation that is gone or by one that was overtaken, have numbers that the
    /// store does not know. Under one of those a till would keep the old view and drop the new one.
    /// </summary>
    private static Decision AfterLoad(TillState s)
    {
        var customer = s.Customer is Identity.Identified { IsFirst: true } known ? known with { IsFirst = false } : s.Customer;
        return Save(s with { IsResumed = true, Customer = customer, Sale = Resumed(s.Sale), Version = s.Version + VersionLeap });
    }

    private static Sale Resumed(Sale sale) => sale switch
    {
        Sale.Holding s => s with { Attempt = s.Attempt with { MayBeBegun = true } },
        Sale.Paying { Status: null } s => s with { Attempt = s.Attempt with { MayBeBegun = true } },
        _ => sale,
    };

    /// <summary>The visit is over: who comes next is another, even if it is the same person.</summary>
    private static TillState Ended(TillState s) => s with
    {
        Customer = new Identity.Nobody(), Visit = s.Visit + 1, Greeted = default, IsResumed = false,
    };

    private Decision WasMet(TillState s, Identity.Identified known, CustomerMet m, DateTimeOffset now)
    {
        if (m.Card is not { } card) return Learn(s with { Customer = known with { IsFirst = false, MeetAt = now + settings.AskAgain } });
        var isKnown = card.Kind != MembershipKind.Unknown;

        // A card that an enrolment brought meanwhile is newer than the answer to an earlier question.
        var shown = known.Card is { Kind: MembershipKind.Member } ? known.Card : card;
        var next = s with { Customer = known with { IsFirst = false, Met = isKnown, MeetAt = isKnown ? null : now + settings.RegisterAgain, Card = shown } };
        return Learn(shown == known.Card ? next : Shown(next));
    }

    private Decision EnrolmentChanged(TillState s, Identity.Identified known, EnrolSlot slot, EnrolmentStatus status, DateTimeOffset now)
    {
        if (!slot.IsOpen) return Ignore(s);

        // The answer to an earlier question came after what the customer's actor told meanwhile, or that actor has lost what it told
        // from memory: only the final is never late.
        if (status.IsOpen && slot.Status?.News > status.News)
            return Learn(s with { Customer = known with { Enrol = slot with { AskAt = now + settings.AskPayment } } });
        var asked = slot with { Status = status, AskAt = now + settings.AskPayment };
        var next = s with { Customer = known with { Enrol = asked, Card = status.Card ?? known.Card } };
        if (!status.IsOpen && next is { Held: null, Sale: Sale.Holding held }) return Save(Shown(Send(next, held, now)));
        return Learn(slot.Status == status ? next : Shown(next));
    }

    /// <summary>The payment waits no longer for the enrolment.</summary>
    private static TillState Send(TillState s, Sale.Holding held, DateTimeOffset now) =>
        s with { Sale = new Sale.Paying(held.SaleId, held.Attempt, CancelAsked: false, null, now) };

    /// <summary>A payment that was kept back goes where nothing else holds it.</summary>
    private static TillState Released(TillState s, DateTimeOffset now) =>
        s is { Sale: Sale.Holding held, Customer: not Identity.Identified { Enrol.IsOpen: true } } ? Send(s, held, now) : s;

    private Decision CreditAnswered(TillState s, CreditTold m, DateTimeOffset now)
    {
        if (s.CreditsOwed.FirstOrDefault(owed => owed.Reference == m.Reference) is not { } credit) return Ignore(s);
        return Learn(s with
        {
            Credits = m.Reached ? s.CreditsOwed.Remove(credit)
                : s.CreditsOwed.Replace(credit, credit with { Customer = m.Moved?.To ?? credit.Customer, Way = m.Moved?.Way ?? credit.Way, TellAt = now + settings.AskAgain }),
        });
    }

    private Decision PaymentChanged(TillState s, Sale.Paying p, PaymentStatus status, DateTimeOffset now)
    {
        switch (status)
        {
            case { Standing: PaymentStanding.Captured }:
                var receipt = new Receipt(status.Reference, status.Amount, now);
                var totals = Today(s, now);
                totals = totals with { Paid = totals.Paid + 1, PaidMinor = totals.PaidMinor + status.Amount.Minor };
                var finished = new Sale.Finished(p.SaleId, receipt, Seen: false);
                return Save(Shown(Ended(s) with { Sale = finished, Today = totals, Spent = p.SaleId }));

            // From the payment's saved state: it will never be captured, so another attempt or tender may follow.
            case { Standing: PaymentStanding.Unpaid, Reason: var reason }:
                var open = new Sale.Open(p.SaleId, p.Attempt.Number, EndCode(reason, status.Code));
                return Save(Shown(s with { Sale = open, Spent = s.Spent == p.SaleId ? null : s.Spent }));

            // The answer to an earlier question came after what the payment told meanwhile: only the final is never late.
            case { Standing: not PaymentStanding.Stopped, News: var news } when p.Status is { } old && old.News > news:
                return Learn(s with { Sale = p with { AskAt = now + settings.AskPayment } });

            default:
                // Too late to cancel: the customer has approved, and the sale will be paid.
                var cancel = p.CancelAsked && status.Standing != PaymentStanding.Capturing;
                var next = p with { Status = status, CancelAsked = cancel, AskAt = now + settings.AskPayment, Attempt = p.Attempt with { Lines = [] } };
                var same = (p.Status?.Standing ?? PaymentStanding.Sending) == status.Standing && p.CancelAsked == cancel;
                var spent = status.Standing == PaymentStanding.Stopped ? p.SaleId : s.Spent;
                return Learn(same ? s with { Sale = next } : Shown(s with { Sale = next, Spent = spent }));
        }
    }

    private static Decision WasLost(TillState s, Sale.Paying p, string code, DateTimeOffset now)
    {
        if (p.Status is { Standing: PaymentStanding.Stopped }) return Ignore(s);
        var status = new PaymentStatus(p.Attempt.Reference, PaymentStanding.Stopped, int.MaxValue, p.Attempt.Amount, null, code, null);
        var held = $"payment {p.Attempt.Reference} is not what this till asked for ({code})";
        return Save(Shown(s with { Sale = p with { Status = status, AskAt = now }, Held = held, Spent = p.SaleId })) with { Alert = $"lost state: {held}" };
    }

    private Decision RefundChanged(TillState s, RefundSlot r, RefundSays m, DateTimeOffset now)
    {
        if (!r.IsOpen) return Ignore(s);
        if (m.Stage == RefundStage.Owed) return Learn(s with { Refund = r with { Stage = m.Stage, AskAt = now + settings.AskPayment } });
        if (m.Stage == RefundStage.Refused) return Save(Shown(s with { Refund = r with { Stage = m.Stage, Code = RefundCode(m.Code) } }));

        var totals = Today(s, now);
        totals = totals with { Refunded = totals.Refunded + 1, RefundedMinor = totals.RefundedMinor + r.Amount.Minor };
        var code = m.Rebuilt ? TillCode.RefundDoneWithoutPoints : TillCode.RefundDone;
        return Save(Shown(s with { Refund = r with { Stage = m.Stage, Code = code }, Today = totals }));
    }

    private static DayTotals Today(TillState s, DateTimeOffset now)
    {
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(s.Profile?.TimeZone ?? "UTC", out var found) ? found : TimeZoneInfo.Utc;
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        return s.Today.Day == day ? s.Today : DayTotals.Empty with { Day = day };
    }

    private static TillCode EndCode(UnpaidReason? reason, string code) => (reason, code) switch
    {
        (UnpaidReason.Refused, _) => TillCode.PaymentRefused,
        (UnpaidReason.Expired, _) => TillCode.PaymentExpired,
        (UnpaidReason.Cancelled, _) => TillCode.PaymentCancelled,
        (UnpaidReason.Unavailable, _) => TillCode.VippsUnavailable,
        (_, "7010") => TillCode.CustomerCannotPay,
        _ => TillCode.PaymentNotPossible,
    };

    private static TillCode RefundCode(string code) => code switch
    {
        "RefundTooLarge" or "6150" => TillCode.RefundTooLarge,
        "NotPaid" => TillCode.RefundNotPaid,
        "UnknownPayment" or "TryAgain" => TillCode.RefundUnknownPayment,
        "OtherStore" => TillCode.RefundOtherStore,
        "WrongCurrency" => TillCode.WrongCurrency,
        _ => TillCode.RefundRefused,
    };

    /// <summary>Sessions are counted from 1: a role that never said Hello has none.</summary>
    private static bool IsCurrent(TillState s, TillRole role, uint session) => session > 0 && s.Of(role).Session == session;

    private static TillState With(TillState s, TillRole role, DateTimeOffset goneAt) => s.With(role, s.Of(role) with { GoneAt = goneAt });

    private static TillState Seen(TillState s) => s.Sale is Sale.Finished { Seen: false } sale ? s with { Sale = sale with { Seen = true } } : s;

    private static TillState Shown(TillState s) => s with { Version = s.Version + 1 };

    private static Decision Save(TillState s) => new(Verdict.Accepted, s, TillReply.Done.Instance);

    private static Decision Learn(TillState s) => Save(s) with { Keep = Keep.InMemory };

    private static Decision Ignore(TillState s) => new(Verdict.Duplicate, s, TillReply.Done.Instance);

    private static Decision NotApplied(TillState s, string code, RoleState role) =>
        new(Verdict.Rejected, s, new TillReply.NotApplied(code, role.LastNumber));
}
