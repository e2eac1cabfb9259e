using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Payments;
using static ChainCheckout.Core.Tills.TillCommand;

namespace ChainCheckout.Core.Tills;

// What a numbered command does. A refusal names the field and changes nothing; it consumes its number all the same.
public sealed partial class Till
{
    private (Verdict, TillState, TillAnswer) Apply(TillState s, TillMessage.Command m, DateTimeOffset now) => m.Body switch
    {
        Scan c => Scanned(s, c, now),
        Phone c => Typed(s, c, now),
        Pay c => PayAsked(s, c, m, now),
        Cancel c => CancelAsked(s, c, now),
        Complete c => CompletedOtherwise(s, c, m, now),
        Close c => Closed(s, c),
        TillCommand.Refund c => RefundAsked(s, c, m, now),
        Enrol c => EnrolAsked(s, c, m, now),
        _ => throw new System.Diagnostics.UnreachableException($"No arm for {m.Body.GetType().Name}."),
    };

    private static (Verdict, TillState, TillAnswer) Scanned(TillState s, Scan c, DateTimeOffset now)
    {
        if (IdentityBlocked(s, c.SaleId) is { } refusal) return refusal;
        var code = QrText.TryParse(c.Qr, out var qr) switch
        {
            QrRefusal.None => (TillCode?)null,
            QrRefusal.Empty => TillCode.QrEmpty,
            QrRefusal.TooLong => TillCode.QrTooLong,
            QrRefusal.CardNumber => TillCode.QrCardNumber,
            QrRefusal.OtherHost => TillCode.QrOtherHost,
            _ => TillCode.QrUnreadable,
        };
        if (code is { } why) return Refuse(s, why, "qr");
        return Do(s with { Sale = SaleFor(s, c.SaleId), Customer = new Identity.Identifying(qr, s.Version + 1, 0, now, Before(s)) }, TillCode.Scanned, saleId: c.SaleId);
    }

    private static Identity.Identified? Before(TillState s) => s.Customer switch
    {
        Identity.Identified known => known,
        Identity.Identifying scan => scan.Before,
        _ => null,
    };

    private (Verdict, TillState, TillAnswer) Typed(TillState s, Phone c, DateTimeOffset now)
    {
        if (IdentityBlocked(s, c.SaleId) is { } refusal) return refusal;
        if (!Msisdn.TryParseTyped(c.Typed, s.Profile!.Country, out var phone)) return Refuse(s, TillCode.PhoneInvalid, "phone");
        return Do(Known(s, phone, Before(s), now) with { Sale = SaleFor(s, c.SaleId) }, TillCode.CustomerKnown, saleId: c.SaleId);
    }

    /// <summary>Before Pay a second customer replaces the first; after Pay the customer of the payment stays.</summary>
    private static (Verdict, TillState, TillAnswer)? IdentityBlocked(TillState s, string? saleId) => s.Sale switch
    {
        Sale.Paying p when !IsStopped(p) => Refuse(s, TillCode.PaymentOpen),
        Sale.Holding => Refuse(s, TillCode.PaymentOpen),
        Sale.Open open when saleId is not null && saleId != open.SaleId => Refuse(s, TillCode.SaleOpen, "saleId"),
        Sale.Finished finished when saleId == finished.SaleId => Refuse(s, TillCode.SaleCompleted, "saleId"),
        _ => saleId is null ? null : SpentRefused(s, saleId),
    };

    private static (Verdict, TillState, TillAnswer)? SpentRefused(TillState s, string saleId) =>
        saleId == s.Spent ? Refuse(s, TillCode.SaleCompleted, "saleId") : null;

    private static Sale SaleFor(TillState s, string? saleId) => s.Sale switch
    {
        Sale.Open open => open with { Last = null },
        _ when saleId is not null => new Sale.Open(saleId, 0, null),
        _ => new Sale.None(),
    };

    private (Verdict, TillState, TillAnswer) PayAsked(TillState s, Pay c, TillMessage.Command m, DateTimeOffset now)
    {
        if (c.HasCoupons) return Refuse(s, TillCode.NotSupported, "coupons");
        if (AmountRefused(s, c.AmountMinor, c.Currency, s.Profile!.Currency.PaymentMinorMin()) is { } amountRefused) return amountRefused;
        if (LinesRefused(s, c.Lines, c.AmountMinor) is { } linesRefused) return linesRefused;
        if (c.MinimumAge is < 0 or > 100) return Refuse(s, TillCode.MinimumAgeOutOfRange, "minimumAge");

        var amount = new Money(c.AmountMinor, s.Profile.Currency);
        switch (s.Sale)
        {
            // The same again, under a new number: the push is out already.
            case Sale.Paying p when p.SaleId == c.SaleId && p.Attempt.Amount == amount && !p.CancelAsked && !IsStopped(p):
                return Again(s, TillCode.PushOrdered, p.Attempt.Reference, p.SaleId);
            case Sale.Paying:
                return Refuse(s, TillCode.PaymentOpen, "saleId");
            case Sale.Open open when open.SaleId != c.SaleId:
                return Refuse(s, TillCode.SaleOpen, "saleId");
            case Sale.Holding held when held.SaleId != c.SaleId:
                return Refuse(s, TillCode.SaleOpen, "saleId");

            // The cashier does not want to wait for the enrolment.
            case Sale.Holding held when held.Attempt.Amount == amount && s.Held is null:
                var asked = held with { Attempt = held.Attempt with { Lines = c.Lines, MinimumAge = c.MinimumAge } };
                return Do(Send(s, asked, now), TillCode.PushOrdered, held.Attempt.Reference, c.SaleId);
            case Sale.Finished finished when finished.SaleId == c.SaleId:
                return Refuse(s, finished.Receipt.Reference is null ? TillCode.SaleCompleted : TillCode.AlreadyPaid, "saleId");
        }

        if (SpentRefused(s, c.SaleId) is { } spent) return spent;
        if (s.Held is not null) return Refuse(s, TillCode.Held);
        if (s.Customer is Identity.Identifying) return Refuse(s, TillCode.StillIdentifying);
        if (s.Customer is not Identity.Identified known) return Refuse(s, TillCode.NoCustomer);

        var reference = new PaymentReference(s.Id, s.Pos.Epoch, m.Number);
        var number = s.Sale switch { Sale.Open open => open.Attempts + 1, Sale.Holding held => held.Attempt.Number, _ => 1 };
        var attempt = new Attempt(reference, number, amount, m.Random, c.Lines, c.MinimumAge);
        return known.Enrol is { IsOpen: true }
            ? Do(s with { Sale = new Sale.Holding(c.SaleId, attempt, now + settings.HoldMax) }, TillCode.PaymentHeld, reference, c.SaleId)
            : Do(s with { Sale = new Sale.Paying(c.SaleId, attempt, false, null, now) }, TillCode.PushOrdered, reference, c.SaleId);
    }

    /// <summary>Asked at the customer's own actor, which knows of other tills and of other logins.</summary>
    private static (Verdict, TillState, TillAnswer) EnrolAsked(TillState s, Enrol c, TillMessage.Command m, DateTimeOffset now)
    {
        if (s.Sale is Sale.Paying) return Refuse(s, TillCode.PaymentOpen);
        if (IdentityBlocked(s, c.SaleId) is { } refusal) return refusal;
        if (s.Customer is Identity.Identifying) return Refuse(s, TillCode.StillIdentifying);
        if (s.Customer is not Identity.Identified known) return Refuse(s, TillCode.NoCustomer);
        if (known.Enrol is { IsOpen: true }) return Again(s, TillCode.EnrolOrdered, null, c.SaleId);
        switch (known.Card?.Kind)
        {
            case null or MembershipKind.Unknown:
                return Refuse(s, TillCode.MembershipUnknown);
            case MembershipKind.Member when !c.Replace:
                return Refuse(s, TillCode.AlreadyMember);
        }

        var key = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{s.Id}-e{s.Pos.Epoch}-{m.Number}");
        var binding = $"{m.Random[..3]}-{m.Random[3..6]}".ToUpperInvariant();
        var slot = new EnrolSlot(key, binding, m.Random, c.Replace, now, null);
        return Do(s with { Sale = SaleFor(s, c.SaleId), Customer = known with { Enrol = slot } }, TillCode.EnrolOrdered, saleId: c.SaleId);
    }

    private static (Verdict, TillState, TillAnswer) CancelAsked(TillState s, Cancel c, DateTimeOffset now) => s.Sale switch
    {
        Sale.Paying p when p.SaleId != c.SaleId => Refuse(s, TillCode.SaleOpen, "saleId"),
        Sale.Paying p when IsStopped(p) => Refuse(s, TillCode.NothingToCancel),

        // Too late: the sale will be paid, and the view says so.
        Sale.Paying { Status.Standing: PaymentStanding.Capturing, CancelAsked: false } => Refuse(s, TillCode.NothingToCancel, "saleId"),
        Sale.Paying p when p.CancelAsked || p.Status is { Standing: PaymentStanding.Cancelling } => Again(s, TillCode.CancelOrdered, p.Attempt.Reference, p.SaleId),
        Sale.Paying p => Do(s with { Sale = p with { CancelAsked = true, AskAt = now } }, TillCode.CancelOrdered, p.Attempt.Reference, p.SaleId),

        // Nothing has left: there is nothing to wait for.
        Sale.Holding held when held.SaleId == c.SaleId =>
            Do(s with { Sale = new Sale.Open(held.SaleId, held.Attempt.Number - 1, TillCode.PaymentCancelled) }, TillCode.CancelOrdered, held.Attempt.Reference, held.SaleId),
        _ => Refuse(s, TillCode.NothingToCancel, "saleId"),
    };

    /// <summary>Only when no payment of this sale can still be captured: two tenders for one basket is money taken twice.</summary>
    private (Verdict, TillState, TillAnswer) CompletedOtherwise(TillState s, Complete c, TillMessage.Command m, DateTimeOffset now)
    {
        if (c.Tender != "other") return Refuse(s, TillCode.TenderUnknown, "tender");
        if (AmountRefused(s, c.AmountMinor, c.Currency, 1) is { } amountRefused) return amountRefused;
        if (LinesRefused(s, c.Lines, c.AmountMinor) is { } linesRefused) return linesRefused;

        var amount = new Money(c.AmountMinor, s.Profile!.Currency);
        switch (s.Sale)
        {
            case Sale.Paying:
                return Refuse(s, TillCode.PaymentOpen, "saleId");
            case Sale.Open open when open.SaleId != c.SaleId:
                return Refuse(s, TillCode.SaleOpen, "saleId");
            case Sale.Holding held when held.SaleId != c.SaleId:
                return Refuse(s, TillCode.SaleOpen, "saleId");
            case Sale.Finished { Receipt.Reference: null } done when done.SaleId == c.SaleId && done.Receipt.Amount == amount:
                return Again(s, TillCode.Completed, null, c.SaleId);
            case Sale.Finished done when done.SaleId == c.SaleId:
                return Refuse(s, done.Receipt.Reference is null ? TillCode.SaleCompleted : TillCode.AlreadyPaid, "saleId");
        }

        if (SpentRefused(s, c.SaleId) is { } spent) return spent;

        // Of what was lost a payment may be open or captured: its sale is not to be taken by another tender as well.
        if (s.Held is not null) return Refuse(s, TillCode.Held);
        if (IsFoundAgain(s)) return Refuse(s, TillCode.StillIdentifying);
        var next = s;
        PaymentReference? reference = null;
        if (s.Customer is Identity.Identified known)
        {
            if (s.CreditsOwed.Length >= settings.CreditsMax) return Refuse(s, TillCode.TooManyUncounted);
            reference = new PaymentReference(s.Id, s.Pos.Epoch, m.Number);
            next = s with { Credits = s.CreditsOwed.Add(new OwedCredit(known.Id, reference.Value, amount, now, now)) };
        }

        var totals = Today(s, now);
        totals = totals with { Other = totals.Other + 1, OtherMinor = totals.OtherMinor + amount.Minor };
        var finished = new Sale.Finished(c.SaleId, new Receipt(null, amount, now), Seen: true);
        return Do(Ended(next) with { Sale = finished, Today = totals, Spent = c.SaleId }, TillCode.Completed, reference, c.SaleId);
    }

    private static (Verdict, TillState, TillAnswer) Closed(TillState s, Close c) => s.Sale switch
    {
        Sale.Paying p when c.SaleId is not null && p.SaleId != c.SaleId => Refuse(s, TillCode.SaleOpen, "saleId"),
        Sale.Paying p when !IsStopped(p) => Refuse(s, TillCode.PaymentOpen, "saleId"),
        Sale.Open open when c.SaleId is not null && open.SaleId != c.SaleId => Refuse(s, TillCode.SaleOpen, "saleId"),
        Sale.Holding held when c.SaleId is not null && held.SaleId != c.SaleId => Refuse(s, TillCode.SaleOpen, "saleId"),
        _ => Do(Ended(s) with { Sale = new Sale.None() }, TillCode.Closed, saleId: c.SaleId),
    };

    private static (Verdict, TillState, TillAnswer) RefundAsked(TillState s, TillCommand.Refund c, TillMessage.Command m, DateTimeOffset now)
    {
        if (!PaymentReference.TryParse(c.Reference, out var reference)) return Refuse(s, TillCode.RefundUnknownPayment, "reference");
        if (reference.Till.Store != s.Profile!.Number) return Refuse(s, TillCode.RefundOtherStore, "reference");
        if (AmountRefused(s, c.AmountMinor, c.Currency, 1) is { } amountRefused) return amountRefused;
        if (s.Refund is { IsOpen: true }) return Refuse(s, TillCode.RefundOpen);

        var key = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{s.Id}-r{s.Pos.Epoch}-{m.Number}");
        var slot = new RefundSlot(reference, key, new Money(c.AmountMinor, s.Profile.Currency), c.By, c.Why, null, TillCode.RefundAsked, now);
        return Do(s with { Refund = slot }, TillCode.RefundOrdered, reference);
    }

    private static (Verdict, TillState, TillAnswer)? AmountRefused(TillState s, long minor, string currency, long min)
    {
        if (!Currencies.TryParse(currency, out var known) || known != s.Profile!.Currency) return Refuse(s, TillCode.WrongCurrency, "currency");
        return minor < min || minor > Currencies.AmountMinorMax ? Refuse(s, TillCode.AmountOutOfRange, "amountMinor") : null;
    }

    private static (Verdict, TillState, TillAnswer)? LinesRefused(TillState s, ImmutableArray<OrderLine> lines, long amountMinor)
    {
        if (lines.IsDefaultOrEmpty) return null;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            var broken = line.TotalMinor is < 0 or > Currencies.AmountMinorMax ? "totalMinor"
                : line.TaxRate is < 0 or > 10_000 ? "taxRate"
                : line.DiscountMinor is < 0 or > Currencies.AmountMinorMax ? "discountMinor"
                : line.UnitPriceMinor is < 0 or > Currencies.AmountMinorMax ? "unitPriceMinor"
                : null;
            if (broken is not null) return Refuse(s, TillCode.LineInvalid, $"lines[{i}].{broken}");
        }

        return OrderLine.Sum(lines) == amountMinor ? null : Refuse(s, TillCode.LinesDoNotSum, "lines");
    }

    private static bool IsStopped(Sale.Paying p) => p.Status is { Standing: PaymentStanding.Stopped };

    private static (Verdict, TillState, TillAnswer) Do(TillState next, TillCode code, PaymentReference? reference = null, string? saleId = null) =>
        (Verdict.Accepted, next, Say(next, true, code, null, reference, saleId));

    private static (Verdict, TillState, TillAnswer) Again(TillState s, TillCode code, PaymentReference? reference, string? saleId) =>
        (Verdict.Duplicate, s, Say(s, true, code, null, reference, saleId));

    private static (Verdict, TillState, TillAnswer) Refuse(TillState s, TillCode code, string? field = null) =>
        (Verdict.Rejected, s, Say(s, false, code, field, null, null));

    private static TillAnswer Say(TillState s, bool done, TillCode code, string? field, PaymentReference? reference, string? saleId)
    {
        var words = Texts.For(code, s.Profile?.Language ?? Language.En);
        return new TillAnswer(done, code, field, words.Text, words.Hint, reference, saleId);
    }
}
