using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Ports;
using static ChainCheckout.Core.Customers.CustomerMessage;
using static ChainCheckout.Tests.Customers.CustomerAlphabet;

namespace ChainCheckout.Tests.Customers;

/// <summary>How a membership begins and ends, and what it counts.</summary>
public sealed class MembershipTests
{
    [Fact]
    public void WhoJoinsAfterAnErasure_StaysAMember_AndCanBeErasedAgain()
    {
        var customer = new OneCustomer();
        customer.Hears(Meet, new Erase("0123456789"));

        customer.Joins();
        customer.Hears(new EnrolmentTold(Ask.Key, 9, true));
        customer.Publishes();

        Assert.NotNull(customer.State.Member);
        Assert.IsType<CustomerReply.Done>(customer.Hears(new Erase("9876543210")));
        Assert.Null(customer.State.Member);
    }

    [Fact]
    public void ErasedDuringAnOpenEnrolment_TheTillIsTold_AndNoSecondPushFollows()
    {
        var customer = new OneCustomer();
        customer.WaitsForTheCustomer();

        customer.Hears(new Erase("0123456789"));
        var asksAgain = customer.Hears(Ask);
        var told = customer.Owes<CustomerOperation.TellTill>().Status;
        customer.Hears(new EnrolmentTold(Ask.Key, told.News, true));

        Assert.Equal(EnrolmentStage.Unknown, Assert.IsType<CustomerReply.EnrolmentIs>(asksAgain).Status.Stage);
        Assert.Equal(CustomerState.Unmet with { ErasedAt = customer.Now, Enrolment = customer.State.Enrolment }, customer.State);
        Assert.Empty(customer.Owed);
    }

    [Fact]
    public void Erased_TheTillsThatServedThemForgetThemToo()
    {
        var customer = new OneCustomer();
        customer.Hears(Meet, Meet with { At = new Core.Values.TillId(43, 1), Visit = "0043-01-v1" }, new Erase("0123456789"));

        var first = customer.Owes<CustomerOperation.ClearTill>().Till;
        customer.Hears(new TillCleared(first, Reached: false));
        Assert.True(customer.DueAt<CustomerOperation.ClearTill>() > customer.Now);
        customer.Hears(new TillCleared(first, Reached: true));
        var second = customer.Owes<CustomerOperation.ClearTill>().Till;
        customer.Hears(new TillCleared(second, Reached: true));

        Assert.Equal(("0043-01", "0042-07"), ($"{first}", $"{second}"));
        Assert.Equal(CustomerState.Unmet with { ErasedAt = customer.Now }, customer.State);
    }

    [Fact]
    public void ErasedAndBackAtOnce_IsNotSentAwayFromThatTill()
    {
        var customer = new OneCustomer();
        customer.Hears(Meet, new Erase("0123456789"), Meet with { Visit = "0042-07-v2" });

        Assert.DoesNotContain(customer.Owed, one => one is CustomerOperation.ClearTill);
    }

    [Fact]
    public void AStrangersSale_GivesNothingAfterAnImport_NotEvenByARefund()
    {
        var customer = new OneCustomer();
        var sold = customer.Now;
        customer.Hears(Sale(1, 10_000, at: sold));
        customer.Now += TimeSpan.FromMinutes(1);

        customer.Hears(Join, Sale(1, 10_000, 3_000, sold), Sale(1, 10_000, at: sold));

        Assert.Equal(100, customer.Member.Points);
    }

    [Fact]
    public void ARefund_NeverGivesPoints_WhateverTheProgrammeIsByNow()
    {
        var customer = new OneCustomer(Settings with { Programme = new LoyaltyProgramme(100, null, null) });
        customer.Hears(Join with { Points = 0 }, Sale(1, 10_000, at: customer.Now));
        var generous = new Customer(Settings with { Programme = new LoyaltyProgramme(50, null, null) });

        var after = generous.Decide(customer.State, Sale(1, 10_000, 1_000, customer.Now), customer.Now).State;

        Assert.Equal(100, after.Member!.Points);
    }

    [Theory]
    [InlineData(20_000, 15_000, true)]
    [InlineData(20_000, 19_500, false)]
    [InlineData(20_000, 20_000, false)]
    public void AStamp_DependsOnWhatWasKept_HoweverItWasHeardOf(long minor, long refunded, bool isStamped)
    {
        var settings = Settings with { Programme = Settings.Programme with { Check = null } };
        var (once, twice) = (new OneCustomer(settings), new OneCustomer(settings));

        once.Hears(Join, Sale(1, minor, refunded, once.Now));
        twice.Hears(Join, Sale(1, minor, at: once.Now), Sale(1, minor, refunded, once.Now));

        Assert.Equal(isStamped ? 1 : 0, once.Member.Stamps);
        Assert.Equal((once.Member.Stamps, once.Member.Points), (twice.Member.Stamps, twice.Member.Points));
    }

    [Fact]
    public void ARefundOfTheSaleThatFilledTheCard_TakesItsCouponBack()
    {
        var customer = new OneCustomer();
        customer.Hears(Join, Sale(1, 10_000, at: customer.Now), Sale(2, 10_000, at: customer.Now));
        Assert.Equal((0, 1), (customer.Member.Stamps, customer.Member.Coupons.Length));

        customer.Hears(Sale(2, 10_000, 10_000, customer.Now));

        Assert.Equal((1, 0), (customer.Member.Stamps, customer.Member.Coupons.Length));
        Assert.Contains(customer.Publishes(), content => content is LoyaltyContent.CouponDeleted);
    }

    [Fact]
    public void EnoughPoints_BecomeOneCheck_WhichARefundTakesBack()
    {
        var customer = new OneCustomer();
        customer.Hears(Join with { Points = 0 }, Sale(1, 40_000, at: customer.Now));
        var check = Assert.Single(customer.Member.BonusChecks);
        Assert.Equal((100, 300, 10_000), (customer.Member.Points, check.Points, check.Amount.Minor));
        customer.Publishes();

        customer.Hears(Sale(1, 40_000, 20_000, customer.Now));

        var smaller = Assert.Single(customer.Member.BonusChecks);
        Assert.Equal((50, 150, 5_000), (customer.Member.Points, smaller.Points, smaller.Amount.Minor));
        Assert.Equal(
            ["StampCardUpdated", "BonusCheckDeleted", "BonusCheckCreated", "MemberUpdated"],
            new[] { "StampCardUpdated" }.Concat(customer.Publishes().Select(content => content.GetType().Name)));
    }

    [Fact]
    public void APartOfWhatIsLeft_TakesNoCheck()
    {
        var customer = new OneCustomer();
        customer.Hears(Join with { Points = 0 }, Sale(1, 40_000, at: customer.Now));

        customer.Hears(Sale(1, 40_000, 9_000, customer.Now));

        Assert.Equal((10, 1), (customer.Member.Points, customer.Member.BonusChecks.Length));
    }

    [Fact]
    public void ALetter_IsSentAgainWithWhatIsSoToday()
    {
        var customer = new OneCustomer(Settings with { Programme = new LoyaltyProgramme(100, null, null) });
        customer.Hears(Join, Sale(1, 10_000, at: customer.Now));
        customer.Hears(new PublishAnswered(customer.EventIds[0], new VippsResult<bool>.Refused(new VippsFault(400))));
        customer.Hears(Sale(2, 10_000, at: customer.Now));
        var last = customer.Publishes();

        customer.Hears(new ReplayLetter(customer.State.LettersKept[0].Id));

        Assert.Equal(300, Assert.IsType<LoyaltyContent.MemberUpdated>(last.Single()).Points);
        Assert.Equal(300, Assert.IsType<LoyaltyContent.MemberUpdated>(customer.Publishes().Single()).Points);
        Assert.Empty(customer.State.LettersKept);
    }

    [Fact]
    public void ALetterOfAMemberWhoHasLeft_IsNotSentAgain()
    {
        var customer = new OneCustomer();
        customer.Hears(Join, Sale(1, 10_000, at: customer.Now));
        customer.Hears(new PublishAnswered(customer.EventIds[0], new VippsResult<bool>.Refused(new VippsFault(400))));
        customer.Hears(Meet with { Register = new RegisterAnswer.NotAMember() });

        Assert.Equal(new CustomerReply.Refused("NoLongerSo"), customer.Hears(new ReplayLetter(customer.State.LettersKept[0].Id)));
        Assert.Single(customer.State.LettersKept);
    }

    [Theory]
    [InlineData(true, "MemberRegistered")]
    [InlineData(false, "MemberUpdated")]
    public void ToldAnew_VippsGetsAllThatAMemberHas(bool isNew, string first)
    {
        var customer = new OneCustomer();
        customer.Hears(Join with { Points = 0 }, Sale(1, 10_000, at: customer.Now), Sale(2, 10_000, at: customer.Now));
        customer.Publishes();

        Assert.IsType<CustomerReply.Done>(customer.Hears(new Seed(isNew, "0123456789")));

        Assert.Equal([first, "CouponUpdated", "StampCardUpdated", "BonusCheckCreated"], customer.State.EventsOwed.Select(owed => owed.Content.GetType().Name));
        Assert.All(customer.EventIds, id => Assert.DoesNotContain("m-1", id, StringComparison.Ordinal));
        Assert.Equal(new CustomerReply.Refused("NotAMember"), new OneCustomer().Hears(new Seed(isNew, "0123456789")));
        Assert.Equal(
            new CustomerReply.Refused("NotPublished"),
            Hearing(new OneCustomer(Settings with { LoyaltyUnit = null }), Join, new Seed(isNew, "0123456789")));
    }

    [Fact]
    public void ToldAnewBeforeVippsKnowsTheMember_TheJoinStaysFirst()
    {
        var customer = new OneCustomer();
        customer.Joins();

        customer.Hears(new Seed(IsNew: true, "0123456789"), new Seed(IsNew: true, "9876543210"));

        var published = customer.Publishes();
        Assert.IsType<LoyaltyContent.MemberRegistered>(published[0]);
        Assert.Single(published.OfType<LoyaltyContent.MemberRegistered>());
        Assert.Single(published.OfType<LoyaltyContent.MemberUpdated>());
    }

    [Fact]
    public void ALetter_IsKept_WhereNothingIsPublishedAnyMore()
    {
        var customer = new OneCustomer();
        customer.Hears(Join, Sale(1, 10_000, at: customer.Now));
        customer.Hears(new PublishAnswered(customer.EventIds[0], new VippsResult<bool>.Refused(new VippsFault(400))));
        var silent = new Customer(Settings with { LoyaltyUnit = null });

        var decision = silent.Decide(customer.State, new ReplayLetter(customer.State.LettersKept[0].Id), customer.Now);

        Assert.Equal(new CustomerReply.Refused("NotPublished"), decision.Reply);
        Assert.Same(customer.State, decision.State);
    }

    [Fact]
    public void AChainsOwnRegister_IsToldOfTheJoin_AndNotBelievedBefore()
    {
        var customer = new OneCustomer();
        customer.Joins();
        var join = customer.Owes<CustomerOperation.TellRegister>().Join;
        var notKnown = Meet with { Register = new RegisterAnswer.NotAMember() };

        customer.Hears(notKnown, new RegisterTold(join.MemberId, Reached: false), notKnown);
        Assert.Equal(join.MemberId, customer.Member.MemberId);
        Assert.True(customer.DueAt<CustomerOperation.TellRegister>() > customer.Now);
        customer.Hears(new RegisterTold(join.MemberId, Reached: true), Meet with { Register = new RegisterAnswer.Member(join.MemberId, join.JoinedOn) });
        Assert.Equal(join.MemberId, customer.Member.MemberId);
        customer.Hears(notKnown);

        Assert.Equal((Phone, true, "Kari"), (join.Phone, join.Consents.Email, join.FirstName!.Value.Reveal));
        Assert.Null(customer.State.Member);
    }

    [Fact]
    public void WithoutARegisterOfItsOwn_NobodyIsTold()
    {
        var customer = new OneCustomer(Settings with { HasRegister = false });
        customer.Joins();

        Assert.DoesNotContain(customer.Owed, one => one is CustomerOperation.TellRegister);
    }

    [Fact]
    public void Expired_CouponsAndChecks_AreNotShown()
    {
        var customer = new OneCustomer();
        customer.Joins();
        Assert.Equal(1, Assert.IsType<CustomerReply.Known>(customer.Hears(Meet)).Card.Coupons);

        customer.Now += TimeSpan.FromDays(31);

        Assert.Equal(0, Assert.IsType<CustomerReply.Known>(customer.Hears(Meet)).Card.Coupons);
    }

    [Fact]
    public void WhoBecameAMemberMeanwhile_KeepsThatMembership_AndIsKnownByItsSubFromThenOn()
    {
        var customer = new OneCustomer();
        customer.WaitsForTheCustomer();
        customer.Hears(Join);
        customer.IsAsked();
        customer.Answers(new LoginStanding.Granted(new Core.Values.Secret("token")));

        customer.Hears(new UserInfoAnswered(Ask.Key, new VippsResult<UserInfo>.Ok(Info())));
        var first = Assert.IsType<Enrolment.Ended>(customer.State.Enrolment).How;
        customer.Joins(Ask with { Key = "0043-01-e1-4", Replace = true });

        Assert.Equal((EnrolmentStage.AlreadyMember, EnrolmentStage.AlreadyMember), (first, Assert.IsType<Enrolment.Ended>(customer.State.Enrolment).How));
        Assert.Equal(("m-1", new MemberSub(Msn, "sub-1")), (customer.Member.MemberId, Assert.Single(customer.Member.Subs)));
    }

    private static CustomerReply Hearing(OneCustomer customer, params CustomerMessage[] messages) => customer.Hears(messages);
}
