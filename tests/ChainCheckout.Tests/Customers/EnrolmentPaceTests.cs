using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using static ChainCheckout.Core.Customers.CustomerMessage;
using static ChainCheckout.Tests.Customers.CustomerAlphabet;

namespace ChainCheckout.Tests.Customers;

/// <summary>When a login is asked about, and how it ends.</summary>
public sealed class EnrolmentPaceTests
{
    private static readonly TimeSpan Interval = Sent.Interval;
    private readonly OneCustomer _customer = new();

    [Fact]
    public void SlowDown_IsFiveSecondsMore_FromThenOn()
    {
        _customer.WaitsForTheCustomer();

        Asked(new LoginStanding.SlowDown());
        Assert.Equal(_customer.Now + Interval + TimeSpan.FromSeconds(5), _customer.DueAt<CustomerOperation.Exchange>());
        Asked(new LoginStanding.Pending());
        Assert.Equal(_customer.Now + Interval + TimeSpan.FromSeconds(5), _customer.DueAt<CustomerOperation.Exchange>());
        Asked(new LoginStanding.SlowDown());

        Assert.Equal(_customer.Now + Interval + TimeSpan.FromSeconds(10), _customer.DueAt<CustomerOperation.Exchange>());
    }

    [Fact]
    public void APing_AsksAtOnce_AlsoWhenAQuestionIsUnderWay()
    {
        _customer.WaitsForTheCustomer();
        _customer.IsAsked();

        _customer.Hears(new Pinged(Login));
        _customer.Answers(new LoginStanding.Pending());

        Assert.Equal(_customer.Now, _customer.DueAt<CustomerOperation.Exchange>());
        Asked(new LoginStanding.Pending());
        Assert.Equal(_customer.Now + Interval, _customer.DueAt<CustomerOperation.Exchange>());
    }

    [Fact]
    public void WhoIsToldToWaitForAnHour_AsksWhenTheLoginIsOver_AndItHasExpired()
    {
        _customer.WaitsForTheCustomer();
        _customer.IsAsked();
        _customer.Hears(new ExchangeAnswered(Ask.Key, new VippsResult<LoginStanding>.Later(new VippsFault(429), TimeSpan.FromHours(1))));

        var due = _customer.DueAt<CustomerOperation.Exchange>();
        Assert.Equal(_customer.Now + Sent.ExpiresIn + Settings.LoginGrace, due);
        _customer.Now = due;
        Asked(new LoginStanding.Pending());

        Assert.Equal(EnrolmentStage.Expired, Ended);
    }

    [Fact]
    public void AnExpiredToken_IsAnExpiredEnrolment()
    {
        _customer.WaitsForTheCustomer();

        Asked(new LoginStanding.Expired());

        Assert.Equal(EnrolmentStage.Expired, Ended);
        Assert.Equal(EnrolmentStage.Expired, _customer.Owes<CustomerOperation.TellTill>().Status.Stage);
    }

    [Fact]
    public void TooMany_IsNotAskedAgainBeforeItsTime_AndTheTillIsTold()
    {
        Refused(new VippsResult<LoginRequested>.Later(new VippsFault(429), TimeSpan.FromSeconds(30)));
        Assert.Equal(EnrolmentStage.TooMany, Ended);
        var again = Ask with { Key = "0042-07-e1-4" };

        var soon = Assert.IsType<CustomerReply.EnrolmentIs>(_customer.Hears(again)).Status;
        _customer.Now += TimeSpan.FromSeconds(31);
        var later = Assert.IsType<CustomerReply.EnrolmentIs>(_customer.Hears(again)).Status;

        Assert.Equal((again.Key, EnrolmentStage.TooMany), (soon.Key, soon.Stage));
        Assert.Equal(EnrolmentStage.Asking, later.Stage);
    }

    [Fact]
    public void AnUnreachableLogin_IsUnavailable_AndALostAnswerIsUnknown()
    {
        Refused(new VippsResult<LoginRequested>.Later(new VippsFault(0), null));
        Assert.Equal(EnrolmentStage.Unavailable, Ended);

        var other = new OneCustomer();
        other.Hears(Ask, new UserExistsAnswered(Ask.Key, new VippsResult<bool>.Unknown("timeout")));
        other.Hears(new Customer(Settings).Starting(other.Owes<CustomerOperation.SendLogin>()));
        other.Hears(CustomerMessage.Loaded.Instance);

        Assert.Equal(EnrolmentStage.Unknown, Assert.IsType<Enrolment.Ended>(other.State.Enrolment).How);
        Assert.DoesNotContain(other.Owed, one => one is CustomerOperation.SendLogin);
    }

    [Fact]
    public void ARefusedExchange_IsUnknown_ForThePushIsOnThePhone()
    {
        _customer.WaitsForTheCustomer();
        _customer.IsAsked();

        _customer.Hears(new ExchangeAnswered(Ask.Key, new VippsResult<LoginStanding>.Refused(new VippsFault(401))));

        Assert.Equal(EnrolmentStage.Unknown, Ended);
    }

    [Fact]
    public void UserInfo_IsAskedWhenVippsWantsIt_AndThatIsNoTry()
    {
        _customer.WaitsForTheCustomer();
        _customer.IsAsked();
        _customer.Answers(new LoginStanding.Granted(new Secret("token")));

        for (var i = 0; i < 10; i++)
        {
            _customer.Hears(new UserInfoAnswered(Ask.Key, new VippsResult<UserInfo>.Later(new VippsFault(429), TimeSpan.FromSeconds(30))));
            Assert.Equal(_customer.Now + TimeSpan.FromSeconds(30), _customer.DueAt<CustomerOperation.ReadUser>());
        }

        _customer.Hears(new UserInfoAnswered(Ask.Key, new VippsResult<UserInfo>.Ok(Info())));
        Assert.NotNull(_customer.State.Member);
    }

    [Fact]
    public void ServedHere_EndsAfterAQuarterOfAnHour()
    {
        _customer.Hears(Meet);
        _customer.Now += Settings.ServedMax + TimeSpan.FromSeconds(1);
        _customer.Hears(Meet with { At = new TillId(43, 1), Visit = "0043-01-v1" });
        Assert.DoesNotContain(_customer.Owed, one => one is CustomerOperation.TellOldTill);

        _customer.Hears(Meet with { At = new TillId(44, 1), Visit = "0044-01-v1" });

        Assert.Equal(new TillId(43, 1), _customer.Owes<CustomerOperation.TellOldTill>().Till);
    }

    [Fact]
    public void AnUnknownMembership_IsNotCheckedIn()
    {
        _customer.Hears(Meet with { Register = new RegisterAnswer.Unknown() });

        Assert.DoesNotContain(_customer.Owed, one => one is CustomerOperation.SendCheckIn);
    }

    private EnrolmentStage Ended => Assert.IsType<Enrolment.Ended>(_customer.State.Enrolment).How;

    private void Asked(LoginStanding standing)
    {
        _customer.IsAsked();
        _customer.Answers(standing);
    }

    private void Refused(VippsResult<LoginRequested> result)
    {
        _customer.Hears(Ask, new UserExistsAnswered(Ask.Key, new VippsResult<bool>.Ok(true)));
        _customer.Hears(new Customer(Settings).Starting(_customer.Owes<CustomerOperation.SendLogin>()), new LoginAnswered(Ask.Key, result, default));
    }
}
