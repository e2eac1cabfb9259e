using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using static ChainCheckout.Core.Payments.PaymentMessage;
using static ChainCheckout.Core.Payments.PaymentState;
using static ChainCheckout.Tests.Payments.PaymentAlphabet;

namespace ChainCheckout.Tests.Payments;

/// <summary>Money that goes back while money is given back elsewhere, too: in the vendor's portal.</summary>
public sealed class RefundBaseTests
{
    private static readonly Payment Machine = new(new PaymentTimings());
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly RefundAnswered Refused = new("r1", new VippsResult<PaymentRead>.Refused(new VippsFault(400, "6150")));
    private static readonly RefundAnswered Lost = new("r1", new VippsResult<PaymentRead>.Unknown("timeout"));

    private PaymentState _payment = Unheard.Instance;

    public RefundBaseTests() => Hears(
        Begin, new CreateAnswered(new VippsResult<PaymentCreated>.Ok(new PaymentCreated(Reference))), Found(Read(PaymentStateAtVipps.Authorized)), Refunded(0));

    [Fact]
    public void WhatWasGivenBackBefore_IsReadBeforeTheFirstCall()
    {
        Hears(Refund("r1", 5_000));
        Assert.IsType<PaymentOperation.Read>(Call);

        Hears(Refunded(2_000));

        Assert.IsType<PaymentOperation.GiveBack>(Call);
        Assert.Equal(RefundStage.Owed, Stage);
    }

    [Fact]
    public void MoreThanIsLeft_IsRefusedWithoutACall()
    {
        Hears(Refund("r1", 5_000), Refunded(7_000));

        Assert.Equal((RefundStage.Refused, "RefundTooLarge"), (Stage, TheRefund.Code));
    }

    [Fact]
    public void RefusedWhileAsMuchWasGivenBackElsewhere_IsRefused()
    {
        Hears(Refund("r1", 5_000), Refunded(0), Refused);

        Hears(Refunded(7_000));

        Assert.Equal((RefundStage.Refused, "6150"), (Stage, TheRefund.Code));
    }

    [Fact]
    public void LostAndThenRefused_IsDoneWhereTheMoneyIsBack()
    {
        Hears(Refund("r1", 5_000), Refunded(0), Lost, Refunded(0), Refused);

        Hears(Refunded(5_000));

        Assert.Equal(RefundStage.Done, Stage);
    }

    [Fact]
    public void LostAtALoad_IsFoundByWhatWasThereBefore()
    {
        Hears(Refund("r1", 5_000), Refunded(2_000), new PaymentMessage.Loaded());

        Hears(Refunded(5_000));
        Assert.Equal(RefundStage.Owed, Stage);
        Hears(Refunded(7_000));

        Assert.Equal(RefundStage.Done, Stage);
    }

    /// <summary>Storage went back to before the first call: the base that is read then holds this very refund.</summary>
    [Fact]
    public void TheVendorsYesToTheKey_IsDone_WhateverTheBase()
    {
        Hears(Refund("r1", 5_000), Refunded(5_000));

        Hears(new RefundAnswered("r1", new VippsResult<PaymentRead>.Ok(Read(PaymentStateAtVipps.Authorized, captured: 10_000, refunded: 5_000))));

        Assert.Equal(RefundStage.Done, Stage);
    }

    [Fact]
    public void AWebhookOfMoneyGivenBack_IsReadAlsoAfterATillsOwnRefund()
    {
        Hears(Refund("r1", 1_000), Refunded(0), Lost, Refunded(1_000));
        Assert.Equal(RefundStage.Done, Stage);

        Hears(new Hint("REFUNDED"));
        Assert.IsType<PaymentOperation.Read>(Call);
        Hears(Refunded(9_000));

        Assert.Equal(9_000, Assert.IsType<Captured>(_payment).RefundedMinor);
    }

    private RefundStage Stage => TheRefund.Stage;

    private Core.Payments.Refund TheRefund => Assert.Single(Assert.IsType<Captured>(_payment).Case.Refunds);

    private PaymentOperation? Call =>
        Machine.Owed(_payment).Select(owed => (PaymentOperation)owed.Operation).SingleOrDefault(one => one is PaymentOperation.Read or PaymentOperation.GiveBack);

    private static ReadAnswered Refunded(long minor) => Found(Read(PaymentStateAtVipps.Authorized, captured: 10_000, refunded: minor));

    private void Hears(params PaymentMessage[] messages)
    {
        foreach (var message in messages) _payment = Machine.Decide(_payment, message, Now).State;
    }
}
