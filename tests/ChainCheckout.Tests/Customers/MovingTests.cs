using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using static ChainCheckout.Core.Customers.CustomerMessage;
using static ChainCheckout.Tests.Customers.CustomerAlphabet;

namespace ChainCheckout.Tests.Customers;

/// <summary>A membership that goes to another number.</summary>
public sealed class MovingTests
{
    private const string Way = "0123456789";
    private static readonly CustomerId Elsewhere = new("elsewhere");

    [Fact]
    public void WhatIsOnItsWay_CountsNothing_AndIsAskedAgainWhereItWent()
    {
        var (old, here) = (new OneCustomer(), new OneCustomer());
        old.Hears(Join, new Move(Elsewhere, OtherPhone, Way));
        var offered = old.Owes<CustomerOperation.MoveTo>().Message;

        var meanwhile = old.Hears(Sale(1, 4_000, at: old.Now));
        here.Hears(offered);
        old.Hears(new MoveAnswered(Elsewhere, true, Way));
        var afterwards = old.Hears(Sale(1, 4_000, at: old.Now));
        here.Hears(Sale(1, 4_000, at: old.Now) with { Way = Way });

        Assert.Equal(new CustomerReply.Refused("Moving"), meanwhile);
        Assert.Equal(new CustomerReply.Moved(Elsewhere, Way), afterwards);
        Assert.Null(old.State.Member);
        Assert.Equal(140, here.Member.Points);
    }

    [Fact]
    public void ASaleOfLater_IsNotTheirsWhoWent()
    {
        var old = new OneCustomer();
        old.Hears(Join, new Move(Elsewhere, OtherPhone, Way), new MoveAnswered(Elsewhere, true, Way));

        old.Now += TimeSpan.FromMinutes(1);

        Assert.IsType<CustomerReply.Done>(old.Hears(Sale(1, 4_000, at: old.Now)));
    }

    [Fact]
    public void SalesGoAlong_SoThatARefundTakesItsShareAndARepeatGivesNothing()
    {
        var (old, here) = (new OneCustomer(), new OneCustomer());
        old.Hears(Join, Sale(1, 3_000, at: old.Now), new Move(Elsewhere, OtherPhone, Way));

        here.Hears(old.Owes<CustomerOperation.MoveTo>().Message);
        here.Hears(Sale(1, 3_000, at: old.Now));
        var before = here.Member.Points;
        here.Hears(Sale(1, 3_000, 1_000, old.Now));

        Assert.Equal((130, 120), (before, here.Member.Points));
    }

    [Fact]
    public void ThereAndBack_NothingIsCountedTwice()
    {
        var (first, second) = (new OneCustomer(), new OneCustomer());
        first.Hears(Join, Sale(1, 3_000, at: first.Now), new Move(Elsewhere, OtherPhone, Way));
        second.Hears(first.Owes<CustomerOperation.MoveTo>().Message);
        first.Hears(new MoveAnswered(Elsewhere, true, Way));
        second.Hears(new Move(new CustomerId("back"), Phone, "9876543210"));

        first.Hears(second.Owes<CustomerOperation.MoveTo>().Message);
        first.Hears(Sale(1, 3_000, 1_000, first.Now));
        first.Hears(Sale(1, 3_000, at: first.Now));

        Assert.Equal(120, first.Member.Points);
    }

    [Fact]
    public void NobodyIsErasedOrAskedToJoin_WhileTheMembershipIsOnItsWay()
    {
        var old = new OneCustomer();
        old.Hears(Join, new Move(Elsewhere, OtherPhone, Way));

        var erased = old.Hears(new Erase("0123456789"));
        var asked = old.Hears(Ask with { Replace = true });
        old.Hears(Meet with { Register = new RegisterAnswer.NotAMember() });

        Assert.Equal(new CustomerReply.Refused("Moving"), erased);
        Assert.Equal(EnrolmentStage.Unavailable, Assert.IsType<CustomerReply.EnrolmentIs>(asked).Status.Stage);
        Assert.Equal("m-1", old.Owes<CustomerOperation.MoveTo>().Message.Member.MemberId);
    }

    [Fact]
    public void EventsAndLetters_GoAlong_AndAreSentFromThereAlone()
    {
        var (old, here) = (new OneCustomer(), new OneCustomer());
        old.Hears(Join, Sale(1, 3_000, at: old.Now));
        old.Hears(new PublishAnswered(old.EventIds[0], new VippsResult<bool>.Refused(new VippsFault(400))));
        old.Hears(new Move(Elsewhere, OtherPhone, Way));

        var left = old.Owed.OfType<CustomerOperation.Publish>();
        here.Hears(old.Owes<CustomerOperation.MoveTo>().Message);
        old.Hears(new MoveAnswered(Elsewhere, true, Way));

        Assert.Empty(left);
        Assert.Single(here.State.LettersKept);
        Assert.NotEmpty(here.State.EventsOwed);
        Assert.Empty(old.State.LettersKept);
        Assert.Empty(old.State.EventsOwed);
    }

    [Fact]
    public void AnImportOfAnOldFile_DoesNotBringTheMemberBack_AndOfAnotherMemberDoes()
    {
        var old = new OneCustomer();
        old.Hears(Join, new Move(Elsewhere, OtherPhone, Way), new MoveAnswered(Elsewhere, true, Way));

        var again = old.Hears(Join);
        Assert.Null(old.State.Member);
        var another = old.Hears(Join with { MemberId = "m-2" });

        Assert.IsType<CustomerReply.Unchanged>(again);
        Assert.IsType<CustomerReply.Done>(another);
        Assert.Equal("m-2", old.Member.MemberId);
    }

    [Fact]
    public void TheNumberThatWasLeft_IsForgotten()
    {
        var old = new OneCustomer();
        old.Hears(Join, new Move(Elsewhere, OtherPhone, Way), new MoveAnswered(Elsewhere, true, Way));

        Assert.InRange(new Customer(Settings).ForgetAt(old.State)!.Value, old.Now + TimeSpan.FromDays(8), old.Now + TimeSpan.FromDays(31));
    }
}
