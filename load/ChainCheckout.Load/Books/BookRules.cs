using System.Globalization;

namespace ChainCheckout.Load.Books;

/// <summary>
/// Holds the three books of a run against each other: Vipps' ledger, the tills' receipts, the server's storage. Pure;
/// the invariants keep their numbers.
/// </summary>
public static class BookRules
{
    /// <summary>Two processes read the same clock; what they do with the instant takes this long at most.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMilliseconds(100);

    /// <returns>One line for each violation, its number first.</returns>
    public static IReadOnlyList<string> Violations(
        LedgerBook ledger, TillBook tills, IReadOnlyList<StoredPayment> stored)
    {
        var byReference = stored.ToDictionary(payment => payment.Reference, StringComparer.Ordinal);
        return
        [
            .. OnePaymentEach(ledger),
            .. OneCaptureASale(ledger, tills),
            .. CapturedIsAsked(ledger, tills),
            .. CapturedAfterAuthorized(ledger),
            .. ReceiptsAreMoney(ledger, tills),
            .. StorageIsMoney(ledger, byReference),
            .. SumsAreEqual(ledger, tills, stored),
            .. NothingLeftReserved(ledger),
            .. ScreensTellTheTruth(ledger, tills),
            .. RefundsWithinCaptured(ledger),
        ];
    }

    private static IEnumerable<string> OnePaymentEach(LedgerBook ledger) =>
        from payment in ledger.Payments.Values
        where payment.Created > 1
        select $"I-1: {payment.Reference} was created {payment.Created} times";

    private static IEnumerable<string> OneCaptureASale(LedgerBook ledger, TillBook tills) =>
        from payment in tills.Payments.Values
        where payment.SaleId.Length > 0 && ledger.Payments.TryGetValue(payment.Reference, out var at)
            && at.CapturedMinor > 0
        group payment.Reference by (payment.Store, payment.Till, payment.SaleId) into sale
        where sale.Count() > 1
        select $"I-1: sale {sale.Key.SaleId} of till {sale.Key.Store}-{sale.Key.Till} was captured under " +
            $"{string.Join(" and ", sale)}";

    private static IEnumerable<string> CapturedIsAsked(LedgerBook ledger, TillBook tills)
    {
        foreach (var payment in ledger.Payments.Values.Where(payment => payment.CapturedMinor > 0))
        {
            if (payment.CapturedMinor > payment.AuthorizedMinor)
                yield return $"I-2: {payment.Reference} has {payment.CapturedMinor} captured of " +
                    $"{payment.AuthorizedMinor} authorised";
            if (!tills.Payments.TryGetValue(payment.Reference, out var asked) || asked.AskedMinor is not { } total)
                yield return $"I-2: {payment.Reference} has {payment.CapturedMinor} captured and no till asked for it";
            else if (payment.CapturedMinor != total)
                yield return $"I-2: {payment.Reference} has {payment.CapturedMinor} captured, asked for were {total}";
        }
    }

    private static IEnumerable<string> CapturedAfterAuthorized(LedgerBook ledger) =>
        from payment in ledger.Payments.Values
        where payment.CapturedUnauthorized
        select $"I-3: {payment.Reference} was captured before it was authorised";

    private static IEnumerable<string> ReceiptsAreMoney(LedgerBook ledger, TillBook tills)
    {
        foreach (var reference in ledger.Payments.Keys.Union(tills.Payments.Keys, StringComparer.Ordinal))
        {
            var money = ledger.Payments.GetValueOrDefault(reference) ?? new LedgerPayment(reference);
            var shown = tills.Payments.GetValueOrDefault(reference);
            if (money.CapturedMinor == (shown?.PaidMinor ?? 0) && money.RefundedMinor == (shown?.RefundedMinor ?? 0))
                continue;
            yield return $"I-4: {reference}: ledger {money.CapturedMinor} captured and {money.RefundedMinor} " +
                $"refunded, " +
                $"receipts {shown?.PaidMinor ?? 0} and {shown?.RefundedMinor ?? 0}";
        }
    }

    private static IEnumerable<string> StorageIsMoney(LedgerBook ledger, Dictionary<string, StoredPayment> stored)
    {
        foreach (var reference in ledger.Payments.Keys.Union(stored.Keys, StringComparer.Ordinal))
        {
            var money = ledger.Payments.GetValueOrDefault(reference) ?? new LedgerPayment(reference);
            var kept = stored.GetValueOrDefault(reference) ?? new StoredPayment(reference, "absent", 0, 0);
            if (money.CapturedMinor == kept.CapturedMinor && money.RefundedMinor == kept.RefundedMinor) continue;
            yield return $"I-4: {reference}: ledger {money.CapturedMinor} captured and {money.RefundedMinor} " +
                $"refunded, " +
                $"storage {kept.CapturedMinor} and {kept.RefundedMinor} ({kept.Stage})";
        }
    }

    private static IEnumerable<string> SumsAreEqual(
        LedgerBook ledger, TillBook tills, IReadOnlyList<StoredPayment> stored)
    {
        var money = NetByStore(ledger.Payments.Values, payment => payment.Reference,
            payment => payment.CapturedMinor - payment.RefundedMinor);
        var shown = NetByStore(tills.Payments.Values, payment => payment.Reference,
            payment => (payment.PaidMinor ?? 0) - payment.RefundedMinor);
        var kept = NetByStore(
            stored, payment => payment.Reference, payment => payment.CapturedMinor - payment.RefundedMinor);
        foreach (var store in money.Keys.Union(shown.Keys, StringComparer.Ordinal)
            .Union(kept.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (ofMoney, ofShown, ofKept) = (
                money.GetValueOrDefault(store), shown.GetValueOrDefault(store), kept.GetValueOrDefault(store));
            if (ofMoney != ofShown || ofMoney != ofKept)
                yield return $"I-4: store {store}: ledger {ofMoney}, receipts {ofShown}, storage {ofKept}";
        }

        var (all, allShown, allKept) = (money.Values.Sum(), shown.Values.Sum(), kept.Values.Sum());
        if (all != allShown || all != allKept)
            yield return $"I-4: in total: ledger {all}, receipts {allShown}, storage {allKept}";
    }

    private static IEnumerable<string> NothingLeftReserved(LedgerBook ledger) =>
        from payment in ledger.Payments.Values
        let left = payment.AuthorizedMinor - payment.CapturedMinor - payment.CancelledMinor
        where left > 0
        select $"I-5: {payment.Reference} has {left} authorised that is neither captured nor cancelled";

    private static IEnumerable<string> ScreensTellTheTruth(LedgerBook ledger, TillBook tills)
    {
        foreach (var shown in tills.Payments.Values)
        {
            var capturedAt = ledger.Payments.GetValueOrDefault(shown.Reference)?.CapturedAt;
            if (shown.PaidAt is { } paidAt && (capturedAt is null || capturedAt > paidAt + ClockTolerance))
                yield return $"I-6: {shown.Reference} was shown as paid {Before(paidAt, capturedAt)}";
            if (shown.UnpaidCode is { } code && capturedAt is not null)
                yield return $"I-6: {shown.Reference} was shown as {code} and is captured";
        }
    }

    private static string Before(DateTimeOffset shownAt, DateTimeOffset? capturedAt) => capturedAt is null
        ? "and never captured"
        : string.Create(CultureInfo.InvariantCulture,
            $"{(capturedAt.Value - shownAt).TotalMilliseconds:F0} ms before it was captured");

    private static IEnumerable<string> RefundsWithinCaptured(LedgerBook ledger) =>
        from payment in ledger.Payments.Values
        where payment.RefundedMinor > payment.CapturedMinor
        select $"I-11: {payment.Reference} has {payment.RefundedMinor} refunded of {payment.CapturedMinor} captured";

    /// <summary>A reference begins with its store: <c>s42-t7-3-118</c>.</summary>
    private static Dictionary<string, long> NetByStore<T>(
        IEnumerable<T> payments, Func<T, string> reference, Func<T, long> net) =>
        payments.GroupBy(payment => reference(payment).Split('-')[0].TrimStart('s'), net, StringComparer.Ordinal)
            .ToDictionary(store => store.Key, store => store.Sum(), StringComparer.Ordinal);
}
