using ChainCheckout.Load.Transcripts;

namespace ChainCheckout.Load.Books;

/// <summary>What the tills were told under one reference. Amounts in minor units.</summary>
/// <param name="SaleId">The sale, by the POS's own name; "" while no till has named it.</param>
public sealed record TillPayment(string Reference, int Store, int Till, string SaleId)
{
    /// <summary>The total that was asked for when the payment was started; null if no till asked.</summary>
    public long? AskedMinor { get; init; }

    /// <summary>When the customer of this sale was introduced, and when the payment was asked for.</summary>
    public DateTimeOffset? BegunAt { get; init; }

    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>A receipt was shown; null if none was.</summary>
    public long? PaidMinor { get; init; }

    public DateTimeOffset? PaidAt { get; init; }

    public long RefundedMinor { get; init; }

    public int Refunds { get; init; }

    /// <summary>The code with which a till showed that it was not paid; null if none did.</summary>
    public string? UnpaidCode { get; init; }

    public int Attempt { get; init; }
}

/// <summary>A sale that was completed by another tender.</summary>
public sealed record TillCompletion(string Reference, string SaleId, long AmountMinor, DateTimeOffset At);

/// <summary>
/// The tills' transcripts by reference: what was asked, each receipt once however often it was shown, each refund once.
/// </summary>
public sealed class TillBook
{
    private readonly Dictionary<string, TillPayment> _payments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TillCompletion> _completed = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Store, int Till), Standing> _tills = [];

    /// <param name="lines">Those of one till in their order; tills may be mixed.</param>
    public TillBook(IEnumerable<TranscriptLine> lines)
    {
        foreach (var line in lines) Add(line);
    }

    public IReadOnlyDictionary<string, TillPayment> Payments => _payments;

    /// <summary>Sales of known customers that were completed by another tender, by the reference that names them.</summary>
    public IReadOnlyDictionary<string, TillCompletion> Completed => _completed;

    private void Add(TranscriptLine line)
    {
        var key = (line.Store, line.Till);
        if (!_tills.TryGetValue(key, out var till)) _tills.Add(key, till = new Standing());
        switch (line.Kind)
        {
            case TranscriptKinds.Asked:
                Asked(till, line);
                break;
            case TranscriptKinds.Reply
                when line is { Code: "PushOrdered" or "PaymentHeld", Reference: { } reference, SaleId: { } saleId }:
                Ordered(till, line, reference, saleId);
                break;
            case TranscriptKinds.Reply
                when line is { Code: "Completed", Reference: { } named, SaleId: { } completed }:
                _completed[named] = new TillCompletion(
                    named, completed, till.Complete is { } asked && asked.SaleId == completed ? asked.AmountMinor ?? 0 : 0, line.At);
                break;
            case TranscriptKinds.View when line.Role == "pos":
                Shown(till, line);
                break;
        }
    }

    private static void Asked(Standing till, TranscriptLine line)
    {
        if (line.Command is "scan" or "phone") till.IntroducedAt = line.At;
        if (line.Command is "pay") till.Pay = line;
        if (line.Command is "complete") till.Complete = line;
    }

    private void Ordered(Standing till, TranscriptLine line, string reference, string saleId)
    {
        till.Reference[saleId] = reference;
        if (till.Pay is not { } pay || pay.SaleId != saleId) return;
        _payments[reference] = Of(reference, line, saleId) with
        {
            AskedMinor = pay.AmountMinor, AskedAt = pay.At, BegunAt = till.IntroducedAt,
        };
    }

    private void Shown(Standing till, TranscriptLine line)
    {
        if (line is { Reference: { } shown, SaleId: { } shownSale })
        {
            till.Reference[shownSale] = shown;
            var known = Of(shown, line, shownSale);
            _payments[shown] = known with { Attempt = line.Attempt ?? known.Attempt };
        }

        if (line is { Stage: "paid", Receipt: { Reference: { } paid } receipt })
        {
            var before = Of(paid, line, receipt.SaleId);
            if (before.PaidAt is null)
                _payments[paid] = before with { PaidMinor = receipt.AmountMinor, PaidAt = line.At };
        }

        if (line is { Stage: "ready", SaleId: { } saleId } &&
            line.Code is "PaymentRefused" or "PaymentExpired" or "PaymentCancelled" &&
            till.Reference.TryGetValue(saleId, out var ended))
        {
            _payments[ended] = Of(ended, line, saleId) with { UnpaidCode = line.Code };
        }

        Refunded(till, line);
    }

    /// <summary>A refund stays on the screen until the next one: only its coming counts.</summary>
    private void Refunded(Standing till, TranscriptLine line)
    {
        if (line.Refund == till.Refund) return;
        till.Refund = line.Refund;
        if (line.Refund is not { Stage: "refunded" } refund) return;
        var before = Of(refund.Reference, line, "");
        _payments[refund.Reference] = before with
        {
            RefundedMinor = before.RefundedMinor + refund.AmountMinor, Refunds = before.Refunds + 1,
        };
    }

    private TillPayment Of(string reference, TranscriptLine line, string saleId)
    {
        if (!_payments.TryGetValue(reference, out var known))
            return new TillPayment(reference, line.Store, line.Till, saleId);

        // A refund at another till may have been the first to name it.
        return known.SaleId.Length > 0 || saleId.Length == 0
            ? known
            : known with { Store = line.Store, Till = line.Till, SaleId = saleId };
    }

    private sealed class Standing
    {
        public DateTimeOffset? IntroducedAt { get; set; }

        public TranscriptLine? Pay { get; set; }

        public TranscriptLine? Complete { get; set; }

        public TranscriptRefund? Refund { get; set; }

        /// <summary>The newest reference of each sale.</summary>
        public Dictionary<string, string> Reference { get; } = new(StringComparer.Ordinal);
    }
}
