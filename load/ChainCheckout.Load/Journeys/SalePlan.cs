using ChainCheckout.Load.Crowds;
using ChainCheckout.Protocol.Commands;

namespace ChainCheckout.Load.Journeys;

/// <summary>How the till learns who the customer is.</summary>
public enum Introduction
{
    /// <summary>The cashier types the phone number.</summary>
    Number = 1,

    /// <summary>A scanned code of version 2: a token.</summary>
    Token,

    /// <summary>A scanned code of version 1.</summary>
    Clear,
}

/// <summary>What customer and cashier mean to do once the customer is known.</summary>
public enum Ending
{
    Approve = 1,
    OtherTender,
    RefuseThenClose,

    /// <summary>Refuses the first push and approves the second.</summary>
    RefuseThenAgain,
    RefuseThenOtherTender,

    /// <summary>The push is left alone until it expires.</summary>
    Ignore,

    /// <summary>Approves half a simulated second before the push expires.</summary>
    LastSecond,

    /// <summary>The customer does nothing and the cashier cancels.</summary>
    Cancel,

    /// <summary>The cashier cancels while the customer approves: either may win.</summary>
    CancelRace,
    CancelThenOtherTender,
}

/// <summary>The customer is asked to join before paying.</summary>
/// <param name="CustomerTakes">Real time from the push to the answer.</param>
/// <param name="PaysMeanwhile">The cashier asks for the payment without waiting for the answer.</param>
public sealed record JoinPlan(LoginAnswer Answer, TimeSpan CustomerTakes, bool PaysMeanwhile);

/// <summary>Everything about one sale that chance decides.</summary>
/// <param name="SaleId">Unique in the run.</param>
/// <param name="AmountMinor">The lines' sum, in minor units.</param>
/// <param name="Lines">1 to 5.</param>
/// <param name="CustomerTakes">Real time from the push to the answer.</param>
/// <param name="CashierTakes">Real time from the push to the cashier's cancel.</param>
/// <param name="RefundMinor">How much is given back if the sale is paid; 0 = nothing.</param>
/// <param name="RefundAfter">Real time from paid to the refund, at the least.</param>
public sealed record SalePlan(
    string SaleId,
    Shopper Shopper,
    Introduction Introduction,
    bool IsByScanner,
    Ending Ending,
    long AmountMinor,
    IReadOnlyList<SaleLine> Lines,
    TimeSpan CustomerTakes,
    TimeSpan CashierTakes,
    long RefundMinor,
    TimeSpan RefundAfter)
{
    /// <summary>Null: nobody asks.</summary>
    public JoinPlan? Join { get; init; }

    /// <summary>What the customer does with a push of this sale; the second one is always approved.</summary>
    public ShopperAnswer AnswerTo(int attempt) => Ending switch
    {
        Ending.RefuseThenClose or Ending.RefuseThenAgain or Ending.RefuseThenOtherTender =>
            attempt == 1 ? ShopperAnswer.Refuse : ShopperAnswer.Approve,
        Ending.Ignore or Ending.Cancel or Ending.CancelThenOtherTender => ShopperAnswer.Ignore,
        Ending.LastSecond => ShopperAnswer.LastSecond,
        _ => ShopperAnswer.Approve,
    };

    /// <summary>The same sale as everybody hopes for: scanned, approved, and kept.</summary>
    public SalePlan Plain() => this with
    {
        Introduction = Introduction == Introduction.Number ? Introduction.Token : Introduction,
        Ending = Ending.Approve,
        RefundMinor = 0,
        Join = null,
    };

    /// <summary>Whether this end is one that the plan allows; an approved push that is not paid is none.</summary>
    public StepEnd EndOf(SaleEnd end) => end switch
    {
        { Outcome: Outcome.Failed } => new StepEnd(false, end.Why),
        { Outcome: not Outcome.Paid } when Ending == Ending.Approve => new StepEnd(false, end.Outcome.ToString()),
        _ => new StepEnd(true, end.Outcome.ToString()),
    };

    public bool IsCancelled => Ending is Ending.Cancel or Ending.CancelRace or Ending.CancelThenOtherTender;
}
