namespace ChainCheckout.Load.Books;

/// <summary>What Vipps did under one reference. Amounts in minor units.</summary>
public sealed record LedgerPayment(string Reference)
{
    public int Created { get; init; }
    public long AuthorizedMinor { get; init; }
    public long CapturedMinor { get; init; }
    public long CancelledMinor { get; init; }
    public long RefundedMinor { get; init; }
    public int Captures { get; init; }
    public int Refunds { get; init; }

    /// <summary>A capture stands in the ledger without an authorisation before it.</summary>
    public bool CapturedUnauthorized { get; init; }

    public DateTimeOffset? CapturedAt { get; init; }

    /// <summary>When the server had taken the news of the authorisation.</summary>
    public DateTimeOffset? AuthorizedToldAt { get; init; }
}

/// <summary>The ledger by reference.</summary>
public sealed class LedgerBook
{
    private readonly Dictionary<string, LedgerPayment> _payments = new(StringComparer.Ordinal);

    public LedgerBook(IEnumerable<LedgerEntry> entries)
    {
        foreach (var entry in entries) Add(entry);
    }

    public IReadOnlyDictionary<string, LedgerPayment> Payments => _payments;

    private void Add(LedgerEntry entry)
    {
        if (entry.Reference is not { } reference) return;
        var before = _payments.GetValueOrDefault(reference) ?? new LedgerPayment(reference);
        var amount = entry.AmountMinor ?? 0;
        _payments[reference] = entry.Kind switch
        {
            LedgerKinds.Created => before with { Created = before.Created + 1 },
            LedgerKinds.Authorized => before with { AuthorizedMinor = before.AuthorizedMinor + amount },
            LedgerKinds.Captured => before with
            {
                CapturedMinor = before.CapturedMinor + amount,
                Captures = before.Captures + 1,
                CapturedAt = before.CapturedAt ?? entry.At,
                CapturedUnauthorized = before.CapturedUnauthorized || before.AuthorizedMinor == 0,
            },
            LedgerKinds.Cancelled => before with { CancelledMinor = before.CancelledMinor + amount },
            LedgerKinds.Refunded =>
                before with { RefundedMinor = before.RefundedMinor + amount, Refunds = before.Refunds + 1 },
            LedgerKinds.WebhookSent when entry is { Event: LedgerKinds.AuthorizedEvent, Status: 200 } =>
                before with { AuthorizedToldAt = before.AuthorizedToldAt ?? entry.At },
            _ => before,
        };
    }
}
