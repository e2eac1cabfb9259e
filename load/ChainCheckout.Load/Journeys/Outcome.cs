namespace ChainCheckout.Load.Journeys;

/// <summary>How a sale ended.</summary>
public enum Outcome
{
    Paid = 1,
    PaidElsewhere,
    Refused,
    Expired,
    Cancelled,
    Failed,

    /// <summary>Not settled when the run's patience was over.</summary>
    Open,
}

/// <param name="Why">Of a failed sale: the code that ended it. Never a value from the sale.</param>
public readonly record struct SaleEnd(Outcome Outcome, string Why = "")
{
    public static SaleEnd Failed(string why) => new(Outcome.Failed, why);
}
