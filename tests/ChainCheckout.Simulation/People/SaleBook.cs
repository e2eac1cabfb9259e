using ChainCheckout.Core.Payments;

namespace ChainCheckout.Simulation.People;

/// <summary>How a sale ended, as its cashier saw it.</summary>
public enum SaleEnd
{
    Paid,
    PaidAtSecondTry,
    OtherTender,
    Refused,
    Expired,
    Cancelled,
    NotPossible,
    Abandoned,
    Stopped,
    Refunded,
    PartlyRefunded,
    Joined,
}

/// <summary>Which payments belong to which sale, and what the cashier confirmed.</summary>
internal sealed class SaleBook
{
    private readonly Dictionary<PaymentReference, (string Sale, Money Amount)> _payments = [];

    public long[] Ends { get; } = new long[Enum.GetValues<SaleEnd>().Length];

    public int Sales { get; private set; }

    public static string Name(TillId till, string saleId) => $"{till}/{saleId}";

    public string? Of(PaymentReference reference) => _payments.TryGetValue(reference, out var known) ? known.Sale : null;

    public Money? AmountOf(PaymentReference reference) => _payments.TryGetValue(reference, out var known) ? known.Amount : null;

    public void Begun(PaymentMessage.Start start) =>
        _payments.TryAdd(start.Reference, (Name(start.Reference.Till, start.SaleId), start.Amount));

    public void Ended(SaleEnd end)
    {
        if (end is not (SaleEnd.Refunded or SaleEnd.PartlyRefunded or SaleEnd.Joined)) Sales++;
        Ends[(int)end]++;
    }
}
