using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using static ChainCheckout.Core.Payments.PaymentMessage;
using static ChainCheckout.Core.Payments.PaymentState;
using static ChainCheckout.Tests.Payments.PaymentAlphabet;

namespace ChainCheckout.Tests.Payments;

/// <summary>Single stories of a payment that once went wrong.</summary>
public sealed class PaymentTests
{
    private static readonly Payment Machine = new(new PaymentTimings());

    private static readonly PaymentMessage Pushed = new CreateAnswered(new VippsResult<PaymentCreated>.Ok(new PaymentCreated(Reference)));

    private static readonly PaymentMessage Approved = Found(Read(PaymentStateAtVipps.Authorized));

    private static readonly PaymentMessage Taken =
        new CaptureAnswered(new VippsResult<PaymentRead>.Ok(Read(PaymentStateAtVipps.Authorized, captured: 10_000)));

    private DateTimeOffset _now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void GivingBack_AReadOlderThanTheCapture_DoesNotCountAsGivenBack()
    {
        var state = After(Begin, Pushed, new Cancel(), Found(Read(PaymentStateAtVipps.Authorized, captured: 10_000)));

        state = Then(state, Found(Read(PaymentStateAtVipps.Authorized)));

        Assert.Equal(10_000, Assert.IsType<GivingBack>(state).CapturedMinor);
    }

    /// <summary>Storage lost a payment, and its till, which has not lost it, asks for it anew while Vipps cannot be reached.</summary>
    [Fact]
    public void Start_ThatMayHaveBeenBegunBefore_AsksVippsFirst_AndIsNotOverBecauseNothingLeaves()
    {
        var never = new CreateAnswered(new VippsResult<PaymentCreated>.Later(new VippsFault(0), null));
        var again = Begin with { MayBeBegun = true };

        Assert.IsType<Unpaid>(After(Begin, never));
        Assert.IsType<PaymentOperation.Read>(Assert.Single(Machine.Owed(After(again)), owed => owed.Operation is not PaymentOperation.TellTill).Operation);
        Assert.IsType<Creating>(After(again, new ReadAnswered(new VippsResult<PaymentRead?>.Ok(null)), never));
        Assert.IsType<Stopped>(After(again, Found(Read(PaymentStateAtVipps.Authorized, captured: 10_000))));
        Assert.IsType<Capturing>(After(again, Approved));
    }

    [Fact]
    public void Refund_RefusalOfAnEarlierOneComesLate_IsNotTakenForThisOnes()
    {
        var state = After(Begin, Pushed, Approved, Taken, Refund("r1", 3_000), Refund("r2", 2_000));
        var refused = new RefundAnswered("r1", new VippsResult<PaymentRead>.Refused(BadRequest));
        var nothing = Found(Read(PaymentStateAtVipps.Authorized, captured: 10_000));
        state = Then(state, nothing, refused, nothing, nothing);

        state = Then(state, refused, nothing);

        Assert.Equal(RefundStage.Owed, Assert.IsType<Captured>(state).Case.Refunds[1].Stage);
    }

    [Fact]
    public void Refund_OfNothing_IsRefusedAlsoForAForgottenPayment() => Assert.IsType<Unheard>(After(Refund("r1", 0)));

    [Fact]
    public void Stop_WithARefundOpen_TellsTheTillThatAskedForIt()
    {
        var state = After(Begin, Pushed, Approved, Taken, Refund("r1", 3_000));

        state = Then(state, Found(Read(PaymentStateAtVipps.Authorized, captured: 10_000) with { Amount = Amount with { Minor = 1 } }));

        Assert.Equal(RefundStage.Refused, Assert.IsType<Stopped>(state).Case.Refunds[0].Stage);
        Assert.Contains(Machine.Owed(state), owed => owed.Operation is PaymentOperation.TellRefund);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pushed_ThatVippsNoLongerHasLongAfterItsTime_IsUnpaid(bool cancelled)
    {
        var state = After(Begin, Pushed);
        if (cancelled) state = Then(state, new Cancel());
        var gone = new ReadAnswered(new VippsResult<PaymentRead?>.Ok(null));

        _now += TimeSpan.FromMinutes(24);
        state = Then(state, gone);
        Assert.IsNotType<Unpaid>(state);

        _now += TimeSpan.FromMinutes(2);
        Assert.IsType<Unpaid>(Then(state, gone, gone, gone, gone));
    }

    [Fact]
    public void Reopened_VippsMissesItOnce_IsNotUnpaidAgain()
    {
        var state = After(Begin, Pushed, Found(Read(PaymentStateAtVipps.Expired)));
        _now += TimeSpan.FromDays(1);

        var open = Found(Read(PaymentStateAtVipps.Authorized));
        state = Then(state, new Hint("AUTHORIZED"), open, open, new ReadAnswered(new VippsResult<PaymentRead?>.Ok(null)));

        Assert.IsType<Cancelling>(state);
    }

    [Fact]
    public void Unpaid_AReadThatWasUnderWayComesLate_IsAskedAgainNotBelieved()
    {
        var state = After(Begin, Pushed, new Cancel(), new CancelAnswered(new VippsResult<PaymentRead>.Ok(Read(PaymentStateAtVipps.Terminated))));

        var made = Machine.Decide(state, Found(Read(PaymentStateAtVipps.Created)), _now);

        Assert.Null(made.Alert);
        Assert.Equal(_now + TimeSpan.FromSeconds(5), Assert.Single(Machine.Owed(made.State), owed => owed.Name == "read").DueAt);
        Assert.Null(Assert.IsType<Unpaid>(Then(made.State, Found(Read(PaymentStateAtVipps.Terminated)))).Recheck);
    }

    /// <summary>The clock jumped: the read that was to be later than Vipps' lag left at once, and shows what was before the cancel.</summary>
    [Fact]
    public void Unpaid_AReadAskedForTooSoonShowsItOpen_IsNotReopened()
    {
        var state = After(Begin, Pushed, new Cancel(), new CancelAnswered(new VippsResult<PaymentRead>.Ok(Read(PaymentStateAtVipps.Terminated))));
        var open = Found(Read(PaymentStateAtVipps.Created));
        state = Then(state, open);

        var made = Machine.Decide(state, open, _now);

        Assert.Null(made.Alert);
        Assert.Null(Assert.IsType<Unpaid>(Then(made.State, Found(Read(PaymentStateAtVipps.Terminated)))).Recheck);
        Assert.IsType<Cancelling>(Then(made.State, open));
    }

    /// <summary>After a failed save the news are counted again from what was stored, while a telling is under way.</summary>
    [Fact]
    public void TillTold_OfNewsThatWereLostInMemory_DoesNotSilenceTheNext()
    {
        var state = After(Begin, Pushed);

        state = Then(state, new TillTold(9, Reached: true), Found(Read(PaymentStateAtVipps.Expired)));

        Assert.Contains(Machine.Owed(state), owed => owed.Operation is PaymentOperation.TellTill);
    }

    [Fact]
    public void Creating_LoadedAgainAndAgain_SendsNoSixthCreateWithinAMinute()
    {
        var gone = new ReadAnswered(new VippsResult<PaymentRead?>.Ok(null));
        var state = After(Begin);
        for (var load = 0; load < 5; load++) state = Then(state, Loaded.Instance, gone);

        var create = Assert.Single(Machine.Owed(state), owed => owed.Mutation);

        Assert.Equal(_now + TimeSpan.FromMinutes(1), create.DueAt);
    }

    /// <summary>The clock jumped by an hour: a create under way for a few seconds is not one that Vipps never had.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NotFound_ClockJumped_IsBelievedOnlyAfterSeveralReads(bool unclear)
    {
        var gone = new ReadAnswered(new VippsResult<PaymentRead?>.Ok(null));
        var state = unclear ? After(Begin, new CreateAnswered(new VippsResult<PaymentCreated>.Unknown("timeout"))) : After(Begin, Pushed);
        _now += TimeSpan.FromHours(1);

        for (var reads = 1; reads < PaymentTimings.MissingReads; reads++)
        {
            state = Then(state, gone);
            var read = Assert.Single(Machine.Owed(state), owed => owed.Operation is PaymentOperation.Read);
            Assert.True(read.DueAt >= _now + new PaymentTimings().SlowPoll);
            _now = read.DueAt;
        }

        Assert.IsType<Unpaid>(Then(state, gone));
    }

    /// <summary>A read that was under way when the payment became final, and failed: asked again at once it may be answered from before the end.</summary>
    [Fact]
    public void Unpaid_AReadFromBeforeFails_IsNotAskedAgain()
    {
        var state = After(Begin, Pushed, Found(Read(PaymentStateAtVipps.Expired)));

        state = Then(state, new ReadAnswered(new VippsResult<PaymentRead?>.Unknown("timeout")));

        Assert.Null(Assert.IsType<Unpaid>(state).Recheck);
    }

    /// <summary>Done, its answer lost, and repeated: shown as refused it would be asked for and paid once more.</summary>
    [Theory]
    [InlineData(409, "")]
    [InlineData(400, "4150")]
    public void Refund_ItsKeyIsKnownAlready_IsNotRefused(int status, string code)
    {
        var state = After(Begin, Pushed, Approved, Taken, Refund("r1", 3_000));
        var known = new RefundAnswered("r1", new VippsResult<PaymentRead>.Refused(new VippsFault(status, code)));

        state = Then(state, known, Found(Read(PaymentStateAtVipps.Authorized, captured: 10_000)));

        Assert.Equal(RefundStage.Owed, Assert.IsType<Captured>(state).Case.Refunds[0].Stage);
        Assert.Equal(RefundStage.Done, Assert.IsType<Captured>(Then(state, Found(Read(PaymentStateAtVipps.Authorized, captured: 10_000, refunded: 3_000)))).Case.Refunds[0].Stage);
    }

    /// <summary>Whose points to take back is as unknown for the second refund of a forgotten payment as for the first.</summary>
    [Fact]
    public void Refund_SecondOneOfAForgottenPayment_SaysThatPointsStay()
    {
        var state = After(Refund("r1", 3_000), Found(Read(PaymentStateAtVipps.Authorized, captured: 10_000)));

        state = Then(state, Refund("r2", 2_000));

        Assert.All(Assert.IsType<Captured>(state).Case.Refunds, refund => Assert.True(refund.Rebuilt));
    }

    private PaymentState After(params PaymentMessage[] messages) => Then(Unheard.Instance, messages);

    private PaymentState Then(PaymentState state, params PaymentMessage[] messages)
    {
        foreach (var message in messages) state = Machine.Decide(state, message, _now).State;
        return state;
    }
}
