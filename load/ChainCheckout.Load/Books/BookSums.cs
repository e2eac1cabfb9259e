namespace ChainCheckout.Load.Books;

/// <summary>Counts of payments and refunds, and their sums in minor units.</summary>
public sealed record LedgerSums(int Captured, long CapturedMinor, int Refunded, long RefundedMinor)
{
    public static LedgerSums Of(LedgerBook ledger) => new(
        ledger.Payments.Values.Sum(payment => payment.Captures),
        ledger.Payments.Values.Sum(payment => payment.CapturedMinor),
        ledger.Payments.Values.Sum(payment => payment.Refunds),
        ledger.Payments.Values.Sum(payment => payment.RefundedMinor));
}

/// <inheritdoc cref="LedgerSums"/>
public sealed record ReceiptSums(int Paid, long PaidMinor, int Refunded, long RefundedMinor)
{
    public static ReceiptSums Of(TillBook tills) => new(
        tills.Payments.Values.Count(payment => payment.PaidMinor is not null),
        tills.Payments.Values.Sum(payment => payment.PaidMinor ?? 0),
        tills.Payments.Values.Sum(payment => payment.Refunds),
        tills.Payments.Values.Sum(payment => payment.RefundedMinor));
}
