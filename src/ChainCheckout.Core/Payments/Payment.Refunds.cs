using ChainCheckout.Core.Ports;
using static ChainCheckout.Core.Payments.PaymentState;
using Decision = ChainCheckout.Core.Actors.Decision<
    ChainCheckout.Core.Payments.PaymentState, ChainCheckout.Core.Payments.PaymentReply>;

namespace ChainCheckout.Core.Payments;

// Refunds: later, from any till of the store, by reference; also of a payment that was forgotten here.
public sealed partial class Payment
{
    /// <summary>More than this of one payment is not a till's work.</summary>
    public const int RefundsMax = 20;

    private static Decision GiveBackAsked(Known s, PaymentMessage.GiveBack m, DateTimeOffset now)
    {
        if (m.AskedBy.Store != s.Case.Reference.Till.Store) return Reject(s, "OtherStore", "reference");
        if (s.Case.Refunds.FirstOrDefault(refund => refund.Key == m.Key) is { } known)
        {
            return known.AmountMinor == m.Amount.Minor
                ? new Decision(Verdict.Duplicate, s, Status(known))
                : Reject(s, "RefundKeyReused", "amountMinor", $"{s.Case.Reference}: a refund's key came again with another amount");
        }

        if (s is Rebuilding) return Reject(s, "TryAgain", "reference");
        if (s is not Captured captured) return Reject(s, "NotPaid", "reference");
        if (m.Amount.Currency != s.Case.Amount.Currency) return Reject(s, "WrongCurrency", "currency");
        if (m.Amount.Minor <= 0 || m.Amount.Minor > Refundable(captured)) return Reject(s, "RefundTooLarge", "amountMinor");
        if (s.Case.Refunds.Length >= RefundsMax) return Reject(s, "TooManyRefunds", "reference");

        // A payment that was looked up for one refund does not know whose points to take back for the next either.
        var isRebuilt = s.Case.Refunds.Any(one => one.Rebuilt);
        var refund = new Refund(m.Key, m.AskedBy, m.Amount.Minor, m.By, m.Why, RefundStage.Owed, "", isRebuilt, Told: false, Refund.NotRead);
        var pace = OwedRefund(s.Case) is null ? new Pace(0, now) : captured.Pace;
        var next = captured with { Case = With(s.Case, refund).Note(now, $"refund of {m.Amount} asked for", $"till {m.AskedBy}, {m.By}: {m.Why}"), Pace = pace };
        return new Decision(Verdict.Accepted, next, Status(refund));
    }

    private static Decision Rebuild(PaymentMessage.GiveBack m, DateTimeOffset now)
    {
        if (m.AskedBy.Store != m.Reference.Till.Store)
        {
            return new Decision(Verdict.Rejected, Unheard.Instance, new PaymentReply.Refused("OtherStore", "reference"));
        }

        if (m.Amount.Minor <= 0)
        {
            return new Decision(Verdict.Rejected, Unheard.Instance, new PaymentReply.Refused("RefundTooLarge", "amountMinor"));
        }

        var refund = new Refund(m.Key, m.AskedBy, m.Amount.Minor, m.By, m.Why, RefundStage.Owed, "", Rebuilt: true, Told: false);
        var asked = new PaymentCase(m.Reference, m.Msn, "", m.Amount, "", now, now, [], [refund], [], now)
            .Note(now, $"refund of {m.Amount} asked for; looking it up at Vipps", $"till {m.AskedBy}, {m.By}: {m.Why}");
        return new Decision(Verdict.Accepted, new Rebuilding(asked, new Pace(0, now)), Status(refund));
    }

    private static Decision Rebuilt(Rebuilding s, PaymentRead read, DateTimeOffset now)
    {
        var refund = s.Case.Refunds[0];
        if (refund.Stage == RefundStage.Refused) return Duplicate(s);
        var captured = new Captured(s.Case with { Amount = read.Amount }, read.CapturedMinor, read.RefundedMinor, now, new Pace(0, now));
        if (s.Case.Amount.Currency != read.Amount.Currency) return RefuseRebuilt(s, "WrongCurrency");
        if (read.CapturedMinor == 0) return RefuseRebuilt(s, "NotPaid");
        if (refund.AmountMinor > read.CapturedMinor - read.RefundedMinor) return RefuseRebuilt(s, "RefundTooLarge");
        return Accept(captured with { Case = With(captured.Case, refund with { BaseMinor = read.RefundedMinor }) });
    }

    private static Decision NothingToRebuild(Rebuilding s, DateTimeOffset now) =>
        s.Case.Refunds[0].Stage == RefundStage.Refused ? Duplicate(s) : RefuseRebuilt(s, "UnknownPayment");

    private static Decision RefuseRebuilt(Rebuilding s, string code) =>
        Accept(s with { Case = s.Case with { Refunds = [Refuse(s.Case.Refunds[0], code)] } });

    private Decision ReadWhenCaptured(Captured s, PaymentRead read, DateTimeOffset now)
    {
        var refunded = Math.Max(s.RefundedMinor, read.RefundedMinor);
        if (OwedRefund(s.Case) is not { } refund)
        {
            return refunded == s.RefundedMinor && !s.Pace.ReadFirst
                ? Duplicate(s)
                : Learn(s with { RefundedMinor = refunded, Pace = new Pace(0, now) });
        }

        if (refund.BaseMinor == Refund.NotRead)
        {
            return refund.AmountMinor > s.CapturedMinor - refunded
                ? RefundRefused(s with { RefundedMinor = refunded }, refund, "RefundTooLarge", now)
                : Accept(s with { Case = With(s.Case, refund with { BaseMinor = refunded }), RefundedMinor = refunded, Pace = new Pace(0, now) });
        }

        // A key that was refused, and of which no call is unclear, has no effect: what else was given back is somebody else's.
        if (s.Pace.Refused is { } code && !refund.Unclear) return RefundRefused(s, refund, code, now);
        if (read.RefundedMinor >= (refund.BaseMinor ?? s.RefundedMinor) + refund.AmountMinor) return RefundDone(s, refund, refunded, now);
        return s.Pace.Refused is { } late ? RefundRefused(s, refund, late, now) : Learn(s with { Pace = s.Pace with { ReadFirst = false } });
    }

    private static Decision RefundDone(Captured s, Refund refund, long refunded, DateTimeOffset now)
    {
        var done = With(s.Case, Settled(refund) with { Stage = RefundStage.Done }).Note(now, $"refunded {AmountOf(s, refund)}", "refund");
        return Accept(s with { Case = done, RefundedMinor = refunded, FinalAt = now, Pace = new Pace(0, now) });
    }

    private static Decision RefundRefused(Captured s, Refund refund, string code, DateTimeOffset now)
    {
        var refused = With(s.Case, Refuse(refund, code)).Note(now, $"refund of {AmountOf(s, refund)} refused: {code}", "refund");
        return Accept(s with { Case = refused, Pace = new Pace(0, now) });
    }

    private static Money AmountOf(Known s, Refund refund) => new(refund.AmountMinor, s.Case.Amount.Currency);

    /// <summary>Whether a call with its key has had its effect is not known.</summary>
    private static Known Unclear(Known s) => OwedRefund(s.Case) is { } refund ? s with { Case = With(s.Case, refund with { Unclear = true }) } : s;

    /// <summary>What was stored by an older version may have been sent; its base is what was known then.</summary>
    private static Refund AfterLoad(Captured s, Refund refund) => refund.BaseMinor == Refund.NotRead
        ? refund
        : refund with { BaseMinor = refund.BaseMinor ?? s.RefundedMinor, Unclear = true };

    private static Decision RefundWasTold(Known s, PaymentMessage.RefundTold m, DateTimeOffset now)
    {
        if (s.Case.Refunds.FirstOrDefault(refund => refund.Key == m.Key) is not { Told: false } refund) return Duplicate(s);
        if (!m.Reached) return Learn(s with { Case = s.Case with { TellAt = now + Shell<PaymentState, PaymentMessage, PaymentReply>.WakeNet } });

        // Nobody's payment was asked about: nothing is kept under its reference, a later sale may have it.
        if (s is Rebuilding) return new Decision(Verdict.Accepted, Unheard.Instance, PaymentReply.Done.Instance);
        return Learn(s with { Case = With(s.Case, refund with { Told = true }) });
    }

    /// <summary>One after another: a mutation waits for the one before it.</summary>
    private static Refund? OwedRefund(PaymentCase known) => known.Refunds.FirstOrDefault(refund => refund.Stage == RefundStage.Owed);

    private static long Refundable(Captured s) =>
        s.CapturedMinor - s.RefundedMinor - s.Case.Refunds.Where(refund => refund.Stage == RefundStage.Owed).Sum(refund => refund.AmountMinor);

    private static Refund Refuse(Refund refund, string code) => Settled(refund) with { Stage = RefundStage.Refused, Code = code };

    /// <summary>How its calls went matters no longer.</summary>
    private static Refund Settled(Refund refund) => refund with { BaseMinor = null, Unclear = false };

    private static PaymentCase With(PaymentCase known, Refund refund)
    {
        var index = known.Refunds.ToList().FindIndex(one => one.Key == refund.Key);
        return known with { Refunds = index < 0 ? known.Refunds.Add(refund) : known.Refunds.SetItem(index, refund) };
    }

    private static PaymentReply.RefundStatus Status(Refund refund) =>
        new(refund.Key, refund.Stage, refund.Code, refund.AmountMinor, refund.Rebuilt);
}
