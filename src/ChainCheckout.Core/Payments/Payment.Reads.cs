using ChainCheckout.Core.Ports;
using static ChainCheckout.Core.Payments.PaymentState;
using Decision = ChainCheckout.Core.Actors.Decision<
    ChainCheckout.Core.Payments.PaymentState, ChainCheckout.Core.Payments.PaymentReply>;

namespace ChainCheckout.Core.Payments;

// What a read of the payment says, stage by stage. Money decides, and only Vipps knows where the money is.
public sealed partial class Payment
{
    private Decision ReadEnded(Known s, VippsResult<PaymentRead?> result, DateTimeOffset now) => result switch
    {
        VippsResult<PaymentRead?>.Ok { Value: { } read } => ReadFound(s, read, now),
        VippsResult<PaymentRead?>.Ok => ReadFoundNothing(s, now),

        // It was under way when the payment became final, and said nothing: that is no reason to ask again, least of all soon.
        _ when s is Unpaid { Recheck: null } => Duplicate(s),
        VippsResult<PaymentRead?>.Later later => Learn(ReadAgain(s, now, later.RetryAfter)),
        _ => Learn(ReadAgain(s, now, null)),
    };

    private Known ReadAgain(Known s, DateTimeOffset now, TimeSpan? retryAfter)
    {
        var pace = PaceOf(s);
        return WithPace(s, Repeat(pace, now, retryAfter) with { ReadFirst = true, Refused = pace.Refused });
    }

    private Decision ReadFound(Known s, PaymentRead read, DateTimeOffset now, string by = "read")
    {
        if (s is Stopped) return Duplicate(s);
        if (s is Rebuilding rebuilding) return Rebuilt(rebuilding, read, now);
        if (read.Amount != s.Case.Amount) return Stop(s, $"Vipps holds {read.Amount} under this reference, not {s.Case.Amount}", now);
        if (read.State == PaymentStateAtVipps.Unknown) return Learn(ReadAgain(s, now, null));

        return s switch
        {
            Creating c => Opened(c, c.Order, read, now, by),
            Waiting w => Opened(w, w.Order, read, now, by),
            Capturing c => ReadWhileCapturing(c, read, now, by),
            Captured c => ReadWhenCaptured(c, read, now),
            Cancelling c => ReadWhileCancelling(c, read, now, by),
            GivingBack g => ReadWhileGivingBack(g, read, now),
            Unpaid u => ReadWhenUnpaid(u, read, now),
            _ => Duplicate(s),
        };
    }

    /// <summary>A payment that is wanted, and of which nothing has been captured by us.</summary>
    private Decision Opened(Known s, PaymentOrder order, PaymentRead read, DateTimeOffset now, string by)
    {
        if (read.CapturedMinor > 0) return Stop(s, "money was captured before a capture was owed", now);
        if (UnpaidBy(read) is { } reason) return End(s, reason, "", now, Words(reason), by);
        if (read.State == PaymentStateAtVipps.Authorized)
        {
            return Accept(new Capturing(s.Case.Note(now, "approved by the customer", by), new Pace(0, now), 1));
        }

        if (s is Waiting w) return Learn(w with { Pace = new Pace(0, NextPoll(s.Case, now)) });
        return Learn(new Waiting(s.Case.Note(now, "push sent", by).Tell(now), order, new Pace(0, NextPoll(s.Case, now))));
    }

    private Decision ReadWhileCapturing(Capturing s, PaymentRead read, DateTimeOffset now, string by)
    {
        if (read.CapturedMinor >= s.Case.Amount.Minor)
        {
            var paid = s.Case.Note(now, $"captured {s.Case.Amount}", by == "read" ? by : "capture").Tell(now);
            return Accept(new Captured(paid with { CapturedAt = now }, read.CapturedMinor, read.RefundedMinor, now, new Pace(0, now)));
        }

        if (read.CapturedMinor > 0) return Stop(s, "only a part of the money was captured, not by us", now);
        if (UnpaidBy(read) is { } reason)
        {
            return End(s, reason, "", now, "the reservation was gone before the capture", by) with { Alert = $"{s.Case.Reference}: the reservation was gone before the capture" };
        }

        // No effect. A definitive refusal allows the next key, saved first; anything else repeats the same key.
        if (s.Pace.Refused is null) return Learn(s with { Pace = s.Pace with { ReadFirst = false, NextAt = now } });
        var next = s with { KeyNumber = s.KeyNumber + 1, Pace = new Pace(s.Pace.Tries, now + timings.Retry(s.Pace.Tries)) };
        return Accept(next) with { Alert = s.KeyNumber == 3 ? $"{s.Case.Reference}: the capture was refused {s.KeyNumber} times ({s.Pace.Refused})" : null };
    }

    private Decision ReadWhileCancelling(Cancelling s, PaymentRead read, DateTimeOffset now, string by)
    {
        if (read.CapturedMinor > 0) return ToGiveBack(s, s.Reason, read, now);
        if (UnpaidBy(read) is { } reason) return End(s, reason, "", now, Words(reason), by);

        // Found, so the create is no longer unclear. The cancel's own answer may be older than its effect: then read again.
        var clear = s with { Order = null, Unclear = null };
        if (by == "cancel") return Learn(clear);
        if (s.Pace.Refused is null) return Learn(clear with { Pace = s.Pace with { ReadFirst = false, NextAt = now } });
        return Accept(clear with { KeyNumber = s.KeyNumber + 1, Pace = new Pace(s.Pace.Tries, now + timings.Retry(s.Pace.Tries)) });
    }

    private Decision ReadWhileGivingBack(GivingBack s, PaymentRead read, DateTimeOffset now)
    {
        // Never less than was seen before: a read can be older than the capture that brought us here.
        var captured = Math.Max(s.CapturedMinor, read.CapturedMinor);
        if (read.RefundedMinor >= captured)
        {
            return End(s, s.Reason, "", now, $"gave back {new Money(read.RefundedMinor, s.Case.Amount.Currency)}", "refund");
        }

        var seen = s with { CapturedMinor = captured, RefundedMinor = Math.Max(s.RefundedMinor, read.RefundedMinor) };
        if (s.Pace.Refused is null) return Learn(seen with { Pace = s.Pace with { ReadFirst = false } });
        return Accept(seen with { KeyNumber = s.KeyNumber + 1, Pace = new Pace(s.Pace.Tries, now + timings.Retry(s.Pace.Tries)) });
    }

    /// <summary>Money seen where we believe there is none reopens the case; it is never waved through as an echo.</summary>
    private Decision ReadWhenUnpaid(Unpaid s, PaymentRead read, DateTimeOffset now)
    {
        var alert = $"{s.Case.Reference}: money at Vipps in a payment that was final and unpaid";
        if (read.CapturedMinor > read.RefundedMinor) return ToGiveBack(s, s.Reason, read, now) with { Alert = alert };
        if (read.State == PaymentStateAtVipps.Created || (read.State == PaymentStateAtVipps.Authorized && read.CapturedMinor == 0 && UnpaidBy(read) is null))
        {
            // A read that was under way when it became final shows what was before, and so does one that a clock which jumped
            // asked for too soon: only reads asked for since are believed, and not the first of them alone.
            if (s.Recheck is null) return Learn(s with { Recheck = Recheck(now) });
            if (s.Recheck.Missing + 1 < PaymentTimings.ReopeningReads)
                return Learn(s with { Recheck = Recheck(now) with { Missing = s.Recheck.Missing + 1 } });
            var reopened = s.Case.Note(now, "reopened: Vipps holds it open", "read") with { EndsAt = now };
            return Accept(new Cancelling(reopened, s.Reason, new Pace(0, now), 1, null, null)) with { Alert = alert };
        }

        return s.Recheck is null ? Duplicate(s) : Learn(s with { Recheck = null });
    }

    /// <summary>Later than Vipps' reads lag behind its answers.</summary>
    private Pace Recheck(DateTimeOffset now) => new(0, now + timings.FirstPoll, ReadFirst: true);

    private static Decision ToGiveBack(Known s, UnpaidReason reason, PaymentRead read, DateTimeOffset now) => Accept(new GivingBack(
        s.Case.Note(now, "captured money in a payment that was given up: giving it back", "read"), reason, read.CapturedMinor,
        read.RefundedMinor, new Pace(0, now), 1));

    private Decision ReadFoundNothing(Known s, DateTimeOffset now) => s switch
    {
        Creating c => NothingThere(c, c.Sending, now),
        Cancelling { Unclear: { } sending } c => NothingThere(c, sending, now),
        Rebuilding r => NothingToRebuild(r, now),
        Unpaid u => u.Recheck is null ? Duplicate(u) : Learn(u with { Recheck = null }),
        Waiting or Cancelling when now >= s.Case.EndsAt + timings.NotFoundFinal =>
            IsBelieved(s) ? End(s, UnpaidReason.Cancelled, "", now, "Vipps no longer has it", "read") : Learn(LookAgain(s, now)),

        // Vipps has answered for it before: this answer is older than that one.
        Waiting w => Learn(w with { Pace = w.Pace with { NextAt = NextPoll(w.Case, now) } }),
        Stopped => Duplicate(s),
        _ => Learn(ReadAgain(s, now, null)),
    };

    private Decision NothingThere(Known s, Sending sending, DateTimeOffset now)
    {
        if (sending is { Refused: { } code, Unclear: false }) return End(s, UnpaidReason.NotCreated, code, now, $"not created ({code})", "read");
        if (now >= sending.LastAt + timings.NotFoundFinal)
            return IsBelieved(s) ? End(s, UnpaidReason.NotCreated, "", now, "Vipps never had it", "read") : Learn(LookAgain(s, now));

        var pace = PaceOf(s);
        var late = now >= s.Case.EndsAt;
        return Learn(WithPace(s, sending.Refused is null && !late
            ? pace with { ReadFirst = false, NextAt = now + timings.FirstRetry }
            : pace with { ReadFirst = true, NextAt = now + timings.SlowPoll }));
    }

    private static bool IsBelieved(Known s) => PaceOf(s).Missing + 1 >= PaymentTimings.MissingReads;

    private Known LookAgain(Known s, DateTimeOffset now)
    {
        var pace = PaceOf(s);
        return WithPace(s, pace with { ReadFirst = true, NextAt = now + timings.SlowPoll, Missing = pace.Missing + 1 });
    }

    /// <summary>Null while money may still come of it.</summary>
    private static UnpaidReason? UnpaidBy(PaymentRead read) => read.State switch
    {
        PaymentStateAtVipps.Aborted => UnpaidReason.Refused,
        PaymentStateAtVipps.Expired => UnpaidReason.Expired,
        PaymentStateAtVipps.Terminated => UnpaidReason.Cancelled,
        PaymentStateAtVipps.Authorized when read.CancelledMinor >= Math.Max(read.AuthorizedMinor, 1) && read.CapturedMinor == 0 => UnpaidReason.Cancelled,
        _ => null,
    };

    private static string Words(UnpaidReason reason) => reason switch
    {
        UnpaidReason.Refused => "refused by the customer",
        UnpaidReason.Expired => "expired: the customer did not answer",
        _ => "cancelled",
    };

    private DateTimeOffset NextPoll(PaymentCase known, DateTimeOffset now) =>
        now + (now < known.EndsAt + timings.SlowPoll ? timings.NextPoll : timings.SlowPoll);

    private Decision Hinted(Known s, string name, DateTimeOffset now)
    {
        var pace = PaceOf(s) with { ReadFirst = true, NextAt = now };
        return (s, name) switch
        {
            (Creating, _) => Learn(WithPace(s, pace)),
            (Waiting, not "CREATED") => Learn(WithPace(s, pace)),
            (Capturing { Pace.Tries: > 0 }, "CAPTURED") => Learn(WithPace(s, pace)),
            (Capturing, "CANCELLED" or "TERMINATED") => Learn(WithPace(s, pace)),
            (Cancelling, _) => Learn(WithPace(s, pace)),
            (Unpaid, "AUTHORIZED" or "CAPTURED") => Learn(WithPace(s, Recheck(now))),
            (Captured, "REFUNDED") when OwedRefund(s.Case) is null => Learn(WithPace(s, pace)),
            _ => Duplicate(s),
        };
    }
}
