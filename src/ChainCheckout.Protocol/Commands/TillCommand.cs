namespace ChainCheckout.Protocol.Commands;

/// <summary>What a till asks for. A closed set; amounts are in minor units of their currency.</summary>
public abstract record TillCommand
{
    private TillCommand()
    {
    }

    /// <summary>Its <c>type</c> on the wire: one of <see cref="CommandTypes"/>.</summary>
    public abstract string Type { get; }

    // A command may hold a phone number or a QR text: it never spells itself out.
    public sealed override string ToString() => Type;

    /// <summary>A code was scanned; the server judges whether it is a customer's.</summary>
    /// <param name="Qr">The decoded text, whole.</param>
    public sealed record Scan(string Qr, string? SaleId = null) : TillCommand
    {
        public override string Type => CommandTypes.Scan;
    }

    /// <param name="Number">A phone number as it was typed.</param>
    public sealed record Phone(string Number, string? SaleId = null) : TillCommand
    {
        public override string Type => CommandTypes.Phone;
    }

    /// <param name="AmountMinor">What the customer is to pay: the lines' sum where lines are given.</param>
    /// <param name="Coupons">Ids of coupons to redeem.</param>
    /// <param name="MinimumAge">Years; the payer's age must be proven.</param>
    public sealed record Pay(
        string SaleId,
        long AmountMinor,
        string Currency,
        IReadOnlyList<SaleLine>? Lines = null,
        IReadOnlyList<string>? Coupons = null,
        int? MinimumAge = null) : TillCommand
    {
        public override string Type => CommandTypes.Pay;
    }

    /// <summary>Cancels the payment in flight.</summary>
    public sealed record Cancel(string SaleId) : TillCommand
    {
        public override string Type => CommandTypes.Cancel;
    }

    /// <summary>The sale was paid by another tender.</summary>
    public sealed record Complete(
        string SaleId,
        string Tender,
        long AmountMinor,
        string Currency,
        IReadOnlyList<SaleLine>? Lines = null) : TillCommand
    {
        public override string Type => CommandTypes.Complete;
    }

    /// <summary>Ends a sale without a payment in flight, or lets go of a customer without a sale.</summary>
    public sealed record Close(string? SaleId = null) : TillCommand
    {
        public override string Type => CommandTypes.Close;
    }

    /// <param name="Reference">The payment's reference.</param>
    /// <param name="By">Who refunds, 1 to 80 characters.</param>
    /// <param name="Why">1 to 80 characters.</param>
    public sealed record Refund(string Reference, long AmountMinor, string Currency, string By, string Why)
        : TillCommand
    {
        public override string Type => CommandTypes.Refund;
    }

    /// <summary>Asks the customer's phone whether to join.</summary>
    /// <param name="Replace">The customer says that the membership under this number is somebody else's.</param>
    public sealed record Enrol(string? SaleId = null, bool Replace = false) : TillCommand
    {
        public override string Type => CommandTypes.Enrol;
    }
}

/// <summary>One line of a sale.</summary>
/// <param name="Id">The article's id, 1 to 255 characters.</param>
/// <param name="TotalMinor">After discount, with tax.</param>
/// <param name="TaxRate">Hundredths of a percent, 0 to 10,000: 2500 is 25 %.</param>
/// <param name="Quantity">Decimal text, e.g. "2" or "0.534"; at most 10 characters.</param>
/// <param name="Unit">PCS, KG, KM, MINUTE, LITRE or KWH.</param>
/// <param name="UnitPriceMinor">Before discount, with tax.</param>
/// <param name="IsReturn">The line counts negative.</param>
public sealed record SaleLine(
    string Id,
    string Name,
    long TotalMinor,
    int TaxRate,
    string? Quantity = null,
    string? Unit = null,
    long? UnitPriceMinor = null,
    long? DiscountMinor = null,
    bool IsReturn = false);

public static class CommandTypes
{
    public const string Scan = "scan";
    public const string Phone = "phone";
    public const string Pay = "pay";
    public const string Cancel = "cancel";
    public const string Complete = "complete";
    public const string Close = "close";
    public const string Refund = "refund";
    public const string Enrol = "enrol";
}
