using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Payments;

namespace ChainCheckout.Core.Tills;

// What a till owes, and what its cashier sees.
public sealed partial class Till
{
    public ImmutableArray<Owed> Owed(TillState s)
    {
        var owed = ImmutableArray.CreateBuilder<Owed>(2);
        switch (s.Customer)
        {
            case Identity.Identifying scan:
                owed.Add(new Owed($"exchange:{scan.Number}", scan.NextAt, new TillOperation.Exchange(s.Profile!.Msn, scan.Qr, scan.Number)));
                break;
            case Identity.Identified { Met: false } known:
                owed.Add(new Owed("meet", known.MeetAt ?? DateTimeOffset.UnixEpoch, new TillOperation.MeetCustomer(known.Id, known.Phone, s.Id, s.Profile!.Msn, s.VisitKey, known.IsFirst)));
                break;
        }

        if (s.Customer is Identity.Identified { Enrol: { IsOpen: true } slot } joining)
        {
            var ask = new CustomerMessage.Enrol(joining.Phone, s.Id, s.Profile!.Msn, slot.Key, slot.Binding, slot.Random, slot.Replace);
            owed.Add(new Owed($"enrol:{slot.Key}", slot.AskAt, new TillOperation.AskEnrolment(joining.Id, ask)));
        }

        foreach (var credit in s.CreditsOwed) owed.Add(new Owed($"credit:{credit.Reference}", credit.TellAt, new TillOperation.TellCredit(credit)));
        if (s is { Held: null, Sale: Sale.Holding held }) owed.Add(new Owed($"hold:{held.SaleId}", held.Until, new TillOperation.StopHolding(held.SaleId)));
        if (s.Sale is Sale.Paying p && !IsStopped(p)) owed.Add(PaymentOwed(s, p));
        if (s.Refund is { IsOpen: true } r)
        {
            var ask = new PaymentMessage.GiveBack(r.Reference, s.Profile!.Msn, r.Key, s.Id, r.Amount, r.By, r.Why);
            owed.Add(new Owed($"refund:{r.Key}", r.AskAt, new TillOperation.AskRefund(ask)));
        }

        if (s.Pos.GoneAt is { } gone && s.Sale is Sale.Paying { CancelAsked: false })
        {
            owed.Add(new Owed("away", gone + settings.AwayMax, new TillOperation.GiveUpWaiting()));
        }

        return owed.ToImmutable();
    }

    public object? View(TillState s, DateTimeOffset now) => s.Profile is null ? null : Showing(s, now);

    /// <summary>Start until the payment has answered; then the cancel until it says so; then, now and then, "how do you stand?".</summary>
    private static Owed PaymentOwed(TillState s, Sale.Paying p)
    {
        var reference = p.Attempt.Reference;
        if (p.Status is null)
        {
            var payer = (Identity.Identified)s.Customer;
            var order = new PaymentOrder(payer.Phone, $"{s.Profile!.Name}, {reference.Till.Till}", p.Attempt.Lines, p.Attempt.MinimumAge);
            var start = new PaymentMessage.Start(reference, s.Profile.Msn, p.SaleId, p.Attempt.Amount, p.Attempt.Random, order, payer.Id, p.Attempt.MayBeBegun);
            return new Owed($"start:{reference}", p.AskAt, new TillOperation.TellPayment(reference, start));
        }

        var cancelled = p.Status.Standing is PaymentStanding.Cancelling || !p.CancelAsked;
        return cancelled
            ? new Owed($"ask:{reference}", p.AskAt, new TillOperation.TellPayment(reference, new PaymentMessage.Ask()))
            : new Owed($"cancel:{reference}", p.AskAt, new TillOperation.TellPayment(reference, new PaymentMessage.Cancel()));
    }

    private static TillView Showing(TillState s, DateTimeOffset now)
    {
        var (stage, code, allowed) = Standing(s);
        if (s.Held is not null) allowed = allowed.RemoveAll(name => name is "pay" or "complete");
        if (s.Refund is { IsOpen: true }) allowed = allowed.Remove("refund");
        if (IsFoundAgain(s)) allowed = allowed.Remove("complete");
        var known = s.Customer as Identity.Identified;
        if (stage == "ready" && known is { Card.Kind: MembershipKind.NotAMember, Enrol: not { IsOpen: true } }) allowed = allowed.Add("enrol");
        var language = s.Profile!.Language;
        if (s.Held is not null && stage is ("idle" or "open" or "ready")) code = TillCode.Held;
        if (stage == "ready" && code == TillCode.CustomerKnown && known is { Elsewhere: true }) code = TillCode.CustomerElsewhere;
        var words = Texts.For(code, language);
        return new TillView(
            s.Version,
            s.Sale switch { Sale.Open o => o.SaleId, Sale.Holding h => h.SaleId, Sale.Paying p => p.SaleId, Sale.Finished f => f.SaleId, _ => null },
            stage,
            code,
            words.Text,
            words.Hint,
            allowed,
            known?.Phone.Masked,
            s.Sale is Sale.Paying paying ? Paying(paying, stage, now) : null,
            (s.Sale as Sale.Finished)?.Receipt,
            s.Refund,
            s.Refund is null ? null : Texts.For(s.Refund.Code, language).Text,
            known is null ? null : known.Card ?? MemberCard.Unknown,
            known is { Elsewhere: true } ? Texts.For(TillCode.CustomerElsewhere, language).Text : null,
            known?.Enrol is { } slot ? Enrolling(slot, language, now) : null);
    }

    private static EnrolmentView Enrolling(EnrolSlot slot, Language language, DateTimeOffset now)
    {
        var (stage, code) = slot.Status?.Stage switch
        {
            null or EnrolmentStage.Asking => ("asking", TillCode.EnrolAsking),
            EnrolmentStage.Waiting => ("waiting", TillCode.EnrolWaiting),
            EnrolmentStage.Joined => ("joined", TillCode.EnrolJoined),
            EnrolmentStage.AlreadyMember => ("joined", TillCode.AlreadyMember),
            EnrolmentStage.Denied => ("denied", TillCode.EnrolDenied),
            EnrolmentStage.Expired => ("expired", TillCode.EnrolExpired),
            EnrolmentStage.OldApp => ("failed", TillCode.EnrolOldApp),
            EnrolmentStage.NoUser => ("failed", TillCode.EnrolNoUser),
            EnrolmentStage.TooMany => ("failed", TillCode.EnrolTooMany),
            EnrolmentStage.Unavailable => ("failed", TillCode.EnrolUnavailable),
            EnrolmentStage.Unknown => ("failed", TillCode.EnrolUnknown),
            EnrolmentStage.OtherNumber => ("failed", TillCode.EnrolOtherNumber),
            EnrolmentStage.NotShared => ("failed", TillCode.EnrolNotShared),
            EnrolmentStage.Elsewhere => ("failed", TillCode.EnrolElsewhere),
            _ => throw new System.Diagnostics.UnreachableException($"No words for {slot.Status.Stage}."),
        };
        var words = Texts.For(code, language);
        var left = slot.Status is { Stage: EnrolmentStage.Waiting, EndsAt: { } ends } ? Math.Max(0, (int)(ends - now).TotalSeconds) : (int?)null;
        return new EnrolmentView(stage, code, words.Text, words.Hint, slot.Binding, left);
    }

    private static PaymentView Paying(Sale.Paying p, string stage, DateTimeOffset now)
    {
        var left = p.Status?.EndsAt is { } ends ? Math.Max(0, (int)(ends - now).TotalSeconds) : (int?)null;
        return new PaymentView(p.Attempt.Reference, p.Attempt.Amount, p.Attempt.Number, stage, left);
    }

    private static readonly ImmutableArray<string> WhenIdle = ["scan", "phone", "complete", "close", "refund"];
    private static readonly ImmutableArray<string> WhenReady = ["scan", "phone", "pay", "complete", "close", "refund"];
    private static readonly ImmutableArray<string> WhenHolding = ["pay", "cancel", "complete", "close", "refund"];
    private static readonly ImmutableArray<string> WhenPaying = ["cancel", "refund"];
    private static readonly ImmutableArray<string> WhenCancelling = ["refund"];
    private static readonly ImmutableArray<string> WhenStopped = ["scan", "phone", "close", "refund"];

    private static (string Stage, TillCode Code, ImmutableArray<string> Allowed) Standing(TillState s) => s.Sale switch
    {
        Sale.Paying p when IsStopped(p) => ("stopped", TillCode.CallSupport, WhenStopped),
        Sale.Paying { Status.Standing: PaymentStanding.Checking, CancelAsked: var cancel } =>
            ("checking", TillCode.Checking, cancel ? WhenCancelling : WhenPaying),
        Sale.Paying { CancelAsked: true } or Sale.Paying { Status.Standing: PaymentStanding.Cancelling } =>
            ("cancelling", TillCode.Cancelling, WhenCancelling),
        Sale.Paying { Status.Standing: PaymentStanding.Capturing } => ("paying", TillCode.Approved, WhenCancelling),
        Sale.Paying { Status.Standing: PaymentStanding.Waiting } => ("paying", TillCode.WaitingForCustomer, WhenPaying),
        Sale.Paying => ("paying", TillCode.Sending, WhenPaying),
        Sale.Holding => ("holding", TillCode.PaymentHeld, WhenHolding),
        Sale.Finished { Receipt.Reference: null } when s.Customer is Identity.Nobody => ("completed", TillCode.Completed, WhenIdle),
        Sale.Finished when s.Customer is Identity.Nobody => ("paid", TillCode.Paid, WhenIdle),
        Sale.Open { Last: { } last } when s.Customer is Identity.Identified => ("ready", last, WhenReady),
        _ => s.Customer switch
        {
            Identity.Identifying => ("identifying", TillCode.Identifying, WhenIdle),
            Identity.Identified => ("ready", TillCode.CustomerKnown, WhenReady),
            Identity.Unidentified u => (s.Sale is Sale.Open ? "open" : "idle", u.Code, WhenIdle),
            _ => s.Sale is Sale.Open ? ("open", TillCode.NoCustomer, WhenIdle) : ("idle", TillCode.Idle, WhenIdle),
        },
    };
}
