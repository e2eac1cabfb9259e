using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Load.Journeys;

/// <summary>How a cashier reads a view: stages and codes as the protocol's table gives them.</summary>
internal static class Views
{
    public const string Idle = "idle";
    public const string Identifying = "identifying";
    public const string Ready = "ready";
    public const string Paid = "paid";
    public const string EnrolAsking = "asking";
    public const string EnrolWaiting = "waiting";
    public const string EnrolJoined = "joined";
    public const string Completed = "completed";
    public const string Stopped = "stopped";
    public const string Refunded = "refunded";
    public const string RefundRefused = "refused";

    /// <summary>A scan has ended without a customer.</summary>
    public static bool IsUnidentified(ViewPayload view) =>
        view.Code is "CodeRefused" or "CodeTooOld" or "CodeUnavailable" or "Held";

    /// <summary>The last payment of this sale is over: paid, given up by Vipps' own word, or a case for
    /// support.</summary>
    public static bool EndsPaymentOf(string saleId, ViewPayload view)
    {
        if (view.SaleId != saleId) return false;
        if (view.Stage is Paid or Stopped) return true;
        return view.Stage == Ready && view.Code is "PaymentRefused" or "PaymentExpired" or "PaymentCancelled"
            or "CustomerCannotPay" or "PaymentNotPossible" or "VippsUnavailable" or "Held";
    }

    /// <summary>What such a view means for a sale that was not paid.</summary>
    public static SaleEnd EndOf(ViewPayload view) => view.Code switch
    {
        "PaymentRefused" => new SaleEnd(Outcome.Refused),
        "PaymentExpired" => new SaleEnd(Outcome.Expired),
        "PaymentCancelled" => new SaleEnd(Outcome.Cancelled),
        var code => SaleEnd.Failed(code),
    };
}
