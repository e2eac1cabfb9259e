using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using static ChainCheckout.Core.Tills.TillMessage;
using static ChainCheckout.Tests.Tills.TillAlphabet;

namespace ChainCheckout.Tests.Tills;

/// <summary>Single stories of a till that once went wrong.</summary>
public sealed class TillTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly Till Machine = new(new TillSettings(), TillAlphabet.Secret);

    private TillState _till = Machine.Initial(Id.ToString());

    [Fact]
    public void Watch_OfATillThatNeverSaidHello_IsStale() =>
        Assert.Equal("StaleSession", Assert.IsType<TillReply.NotApplied>(Send(new Watch(TillRole.Pos, 0, 0))).Code);

    [Fact]
    public void Command_OfARoleThatNeverSaidHello_IsStale()
    {
        Send(Hello(TillRole.Scanner, 0, 0));

        var reply = Send(Next(_till, new TillCommand.Phone("91234567", null)));

        Assert.Equal("StaleSession", Assert.IsType<TillReply.NotApplied>(reply).Code);
    }

    [Fact]
    public void Cancel_CustomerHasApproved_IsRefused()
    {
        PayFor("S1");
        Says(PaymentStanding.Capturing);

        var reply = Do(new TillCommand.Cancel("S1"));

        Assert.Equal((false, TillCode.NothingToCancel, "saleId"), (reply.Done, reply.Code, reply.Field));
        Assert.DoesNotContain("cancel", View().Allowed);
    }

    [Fact]
    public void MeetCustomer_CustomerCannotBeReached_IsTriedAgainLaterNotAtOnce()
    {
        Send(Hello(TillRole.Pos, 0, 0));
        Do(new TillCommand.Phone("91234567", null));
        var meet = Assert.Single(Machine.Owed(_till));

        Send(Machine.Lost(meet.Operation));

        Assert.Equal(Now + TimeSpan.FromSeconds(1), Assert.Single(Machine.Owed(_till)).DueAt);
    }

    [Theory]
    [InlineData(PaymentStanding.Captured)]
    [InlineData(PaymentStanding.Stopped)]
    public void Pay_SaleWasPaidOrMayHaveBeen_IsRefusedAlsoAfterTheNextCustomerCame(PaymentStanding standing)
    {
        PayFor("S1");
        Says(standing);
        Do(new TillCommand.Phone("91234567", null));

        var pay = Do(Pay("S1", 10_000));
        var complete = Do(Complete("S1", 10_000));
        var scan = Do(new TillCommand.Scan(Qr, "S1"));

        Assert.All([pay, complete, scan], reply => Assert.Equal((false, TillCode.SaleCompleted, "saleId"), (reply.Done, reply.Code, reply.Field)));
        Assert.True(Do(Pay("S2", 10_000)).Done);
    }

    [Fact]
    public void Pay_SaleWasPaidByAnotherTenderAndClosed_IsRefused()
    {
        Send(Hello(TillRole.Pos, 0, 0));
        Do(Complete("S1", 10_000));
        Do(new TillCommand.Close("S1"));
        Do(new TillCommand.Phone("91234567", null));

        Assert.Equal(TillCode.SaleCompleted, Do(Pay("S1", 10_000)).Code);
    }

    [Fact]
    public void Pay_AttemptWasUnpaid_IsTakenAgain()
    {
        PayFor("S1");
        Says(PaymentStanding.Unpaid, UnpaidReason.Refused);

        Assert.True(Do(Pay("S1", 10_000)).Done);
        Assert.Equal(2, ((Sale.Paying)_till.Sale).Attempt.Number);
    }

    /// <summary>Of what was lost a payment may be captured: two tenders for one basket is money taken twice.</summary>
    [Fact]
    public void Complete_TillRemembersMoreThanItsServer_IsRefusedUntilReleased()
    {
        Send(Hello(TillRole.Pos, 4, 9));

        var refused = Do(Complete("S1", 10_000));
        Assert.DoesNotContain("complete", View().Allowed);
        Send(new Release());

        Assert.Equal((false, TillCode.Held), (refused.Done, refused.Code));
        Assert.True(Do(Complete("S1", 10_000)).Done);
    }

    /// <summary>An activation that was overtaken would show an old view as the newest: its save finds out before.</summary>
    [Fact]
    public void Watch_OfANewerViewThanIsKnown_IsSavedBeforeItIsAnswered()
    {
        Send(Hello(TillRole.Pos, 0, 0));

        var made = Machine.Decide(_till, new Watch(TillRole.Pos, _till.Pos.Session, _till.Version + 3), Now);

        Assert.Equal(Keep.Saved, made.Keep);
        Assert.Equal(_till.Version + 4, Assert.IsType<TillReply.Watched>(made.Reply).Newer!.Version);
    }

    /// <summary>What was shown from memory alone had a number: under the same one the till would drop what is true after the load.</summary>
    [Fact]
    public void Loaded_AfterViewsThatWereShownFromMemory_CountsPastTheirNumbers()
    {
        Send(Hello(TillRole.Pos, 0, 0));
        var stored = _till;
        Do(new TillCommand.Phone("91234567", null));

        var made = Machine.Decide(stored, Loaded.Instance, Now);

        Assert.Equal(Keep.Saved, made.Keep);
        Assert.True(made.State.Version > _till.Version + 100);
    }

    /// <summary>Where storage went back in time, the payment that a till is about to begin may be paid already.</summary>
    [Fact]
    public void Loaded_BeforeThePaymentHadAnswered_AsksForItAsOneThatMayBeBegun()
    {
        PayFor("S1");
        var first = Started(_till);

        var again = Started(Machine.Decide(_till, Loaded.Instance, Now).State);

        Assert.Equal((false, true), (first.MayBeBegun, again.MayBeBegun));
        Assert.Equal(first, again with { MayBeBegun = false });
    }

    [Fact]
    public void Loaded_WhilePayWaitsForAnEnrolment_AsksForItAsOneThatMayBeBegun()
    {
        HoldFor("S1");

        Send(Loaded.Instance);
        Send(new HeldLongEnough("S1"));

        Assert.True(Started(_till).MayBeBegun);
    }

    /// <summary>The customer's actor counts its news anew after a load: an answer that looks old must not be asked for again at once.</summary>
    [Fact]
    public void EnrolmentSays_OlderThanWhatIsKnown_IsAskedForAgainLater_UnlessItIsFinal()
    {
        var key = EnrolFor();
        Send(new EnrolmentSays(new EnrolmentStatus(key, EnrolmentStage.Waiting, 3, Now.AddMinutes(5))));

        Send(new EnrolmentSays(new EnrolmentStatus(key, EnrolmentStage.Asking, 0, null)));
        var ask = Assert.Single(Machine.Owed(_till), owed => owed.Operation is TillOperation.AskEnrolment);
        Send(new EnrolmentSays(new EnrolmentStatus(key, EnrolmentStage.Denied, 1, null)));

        Assert.True(ask.DueAt > Now);
        Assert.Equal("denied", View().Enrolment!.Stage);
    }

    /// <summary>What was lost may have taken the money already: only an operator lets the payment go.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Held_WhilePayWaitsForAnEnrolment_SendsNothingBeforeTheRelease(bool ends)
    {
        var key = HoldFor("S1");
        Send(Hello(TillRole.Pos, 9, 9));
        Assert.NotNull(_till.Held);

        if (ends) Send(new EnrolmentSays(new EnrolmentStatus(key, EnrolmentStage.Denied, 5, null)));
        Send(new HeldLongEnough("S1"));
        Assert.IsType<Sale.Holding>(_till.Sale);
        Assert.DoesNotContain(Machine.Owed(_till), owed => owed.Operation is TillOperation.TellPayment or TillOperation.StopHolding);
        Send(new Release());

        if (ends) Assert.IsType<Sale.Paying>(_till.Sale);
        else Assert.Contains(Machine.Owed(_till), owed => owed.Operation is TillOperation.StopHolding);
    }

    [Fact]
    public void Pay_ASecondTimeWhileItWaits_SendsWhatWasSaidLast()
    {
        HoldFor("S1");

        Do(Pay("S1", 10_000) with { MinimumAge = 18 });

        Assert.Equal(18, Assert.IsType<Sale.Paying>(_till.Sale).Attempt.MinimumAge);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SameCustomerAgain_KeepsTheEnrolment_AndAnotherDoesNot(bool isSame)
    {
        var key = EnrolFor();

        Do(new TillCommand.Phone(isSame ? "91234567" : "97654321", null));

        Assert.Equal(isSame ? key : null, ((Identity.Identified)_till.Customer).Enrol?.Key);
        if (!isSame) return;
        Do(Pay("S1", 10_000));
        Assert.IsType<Sale.Holding>(_till.Sale);
        Send(new EnrolmentSays(new EnrolmentStatus(key, EnrolmentStage.Joined, 9, null, new MemberCard(MembershipKind.Member, "m-1", 0, 0))));
        Assert.Equal(MembershipKind.Member, View().Member!.Kind);
    }

    [Fact]
    public void SameCodeTwice_KeepsTheEnrolment()
    {
        var key = EnrolFor();

        Do(new TillCommand.Scan(Qr, null));
        Do(new TillCommand.Scan(Qr, null));
        var scan = (Identity.Identifying)_till.Customer;
        Send(new Exchanged(scan.Number, new VippsResult<QrExchanged>.Ok(new QrExchanged(Payments.PaymentAlphabet.Order.Phone, "2.0", null))));

        Assert.Equal(key, ((Identity.Identified)_till.Customer).Enrol!.Key);
    }

    private string EnrolFor()
    {
        if (_till.Pos.Session == 0) Send(Hello(TillRole.Pos, 0, 0));
        Do(new TillCommand.Phone("91234567", null));
        Send(new CustomerMet(((Identity.Identified)_till.Customer).Id, true, MemberCard.NotAMember));
        Do(new TillCommand.Enrol(null, Replace: false));
        return ((Identity.Identified)_till.Customer).Enrol!.Key;
    }

    private string HoldFor(string saleId)
    {
        var key = EnrolFor();
        Do(Pay(saleId, 10_000));
        Assert.IsType<Sale.Holding>(_till.Sale);
        return key;
    }

    private static PaymentMessage.Start Started(TillState till) =>
        Machine.Owed(till).Select(owed => owed.Operation).OfType<TillOperation.TellPayment>().Select(tell => tell.Message).OfType<PaymentMessage.Start>().Single();

    private void PayFor(string saleId)
    {
        if (_till.Pos.Session == 0) Send(Hello(TillRole.Pos, 0, 0));
        Do(new TillCommand.Phone("91234567", null));
        Do(Pay(saleId, 10_000));
        Assert.IsType<Sale.Paying>(_till.Sale);
    }

    private void Says(PaymentStanding standing, UnpaidReason? reason = null) => Send(new PaymentSays(new PaymentStatus(
        ((Sale.Paying)_till.Sale).Attempt.Reference, standing, 1, new Money(10_000, Currency.NOK), reason, "", null)));

    private TillAnswer Do(TillCommand command, TillRole role = TillRole.Pos) =>
        Assert.IsType<TillReply.Answer>(Send(Next(_till, command, role))).Reply;

    private TillReply Send(TillMessage message)
    {
        var made = Machine.Decide(_till, message, Now);
        _till = made.State;
        return made.Reply;
    }

    private TillView View() => (TillView)Machine.View(_till, Now)!;
}
