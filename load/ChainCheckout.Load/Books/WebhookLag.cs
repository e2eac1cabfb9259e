using ChainCheckout.Load.Measure;

namespace ChainCheckout.Load.Books;

public static class WebhookLag
{
    /// <summary>From the webhook's answer to the paid view, joined by reference; where a poll was quicker there is
    /// none.</summary>
    public static Histogram Measure(LedgerBook ledger, TillBook tills)
    {
        var lags = new Histogram();
        foreach (var payment in tills.Payments.Values)
        {
            if (payment.PaidAt is not { } paidAt) continue;
            if (ledger.Payments.GetValueOrDefault(payment.Reference)?.AuthorizedToldAt is not { } toldAt) continue;
            if (paidAt >= toldAt) lags.Record(paidAt - toldAt);
        }

        return lags;
    }
}
