using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Vipps.Resilience;

public enum BreakerState
{
    Closed = 1,

    /// <summary>Calls are not sent.</summary>
    Open,

    /// <summary>One call may try.</summary>
    HalfOpen,
}

public sealed record BreakerChange(Msn Msn, VippsApi Api, BreakerState State);

/// <summary>Whether Vipps answers, for each sales unit and API.</summary>
public interface IVippsHealth
{
    /// <summary>Raised on the thread of a call: a handler must be quick and must not throw.</summary>
    event Action<BreakerChange>? Changed;

    /// <summary>
    /// Calls to that API would not be sent now. False again as soon as one may try, so that whoever waits for this does
    /// not wait for ever.
    /// </summary>
    bool IsOpen(Msn msn, VippsApi api);

    /// <summary>Any API of that sales unit is open. False for a sales unit that is not in the settings.</summary>
    bool IsOpen(Msn msn);
}
