namespace ChainCheckout.Vipps.Loyalty;

/// <summary>How publishing stands, and what came of it since the start.</summary>
/// <param name="Posts">Calls that were asked for, probes included.</param>
/// <param name="Refused">Events that Vipps will never take.</param>
/// <param name="Failed">Calls that may come to something when they are made again.</param>
/// <param name="Held">Events that were sent away without a call.</param>
/// <param name="Window">Calls at once, at most, as the API has taught.</param>
/// <param name="Queued">Events that wait for a place in it.</param>
/// <param name="ToCallBack">Customers that were sent away and will be told when the API is back.</param>
public sealed record LoyaltyFigures(
    long Posts, long Accepted, long Refused, long Failed, long Held, int Window, int Queued, int ToCallBack,
    bool IsAway);
