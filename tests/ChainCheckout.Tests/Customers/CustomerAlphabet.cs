using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Payments;
using ChainCheckout.Tests.Tills;
using static ChainCheckout.Core.Customers.CustomerMessage;

namespace ChainCheckout.Tests.Customers;

/// <summary>Everything that a customer can hear in a state.</summary>
internal static class CustomerAlphabet
{
    public static readonly Msisdn Phone = PaymentAlphabet.Order.Phone;
    public static readonly Msisdn OtherPhone = Msisdn.TryParse("4512345678", out var other) ? other : default;
    public static readonly Msn Msn = TillAlphabet.Profile.Msn;
    public static readonly LoginId Login = TillAlphabet.Secret.Login(new Secret("a login"));
    public static readonly LoginRequested.Sent Sent = new(new Secret("a login"), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(5));
    public static readonly Enrol Ask = new(Phone, new TillId(42, 7), Msn, "0042-07-e1-3", "ABC-123", "0123456789", Replace: false);
    public static readonly Import Join = new(Phone, "m-1", Actors.Walk.Begin.AddDays(-1), 100, new Consents(true, false, false));
    public static readonly Met Meet = new(Phone, new TillId(42, 7), Msn, "0042-07-v1", IsFirst: true, RegisterAnswer.Own.Instance);

    public static readonly CouponOffer Offer = new("welcome", "Welcome", "A coffee on the house", TimeSpan.FromDays(30), "");

    public static readonly CustomerSettings Settings = new()
    {
        CheckInUnits = [Msn],
        LoyaltyUnit = Msn,
        HasRegister = true,
        Programme = new LoyaltyProgramme(
            100, Offer, new StampOffer("stamps", "Coffees", 2, 1_000, Offer with { CampaignId = "coffee" }),
            new CheckOffer(150, new Money(5_000, Currency.NOK), "Bonus", "", TimeSpan.FromDays(60))),
    };

    public static readonly Customer Machine = new(Settings);

    public static Credit Sale(uint number, long minor, long refunded = 0, DateTimeOffset? at = null) =>
        new(new PaymentReference(new TillId(42, 7), 1, number), new Money(minor, Currency.NOK), refunded, at ?? Actors.Walk.Begin);

    public static UserInfo Info(string sub = "sub-1", Msisdn? phone = null, bool isShared = true) =>
        new(sub, isShared ? phone ?? Phone : null, "Kari", new Consents(true, false, false));

    public static IEnumerable<CustomerMessage> Messages(CustomerState s, DateTimeOffset now)
    {
        yield return Meet;
        yield return Meet with { At = new TillId(43, 1), Visit = "0043-01-v1" };
        yield return Meet with { Register = new RegisterAnswer.Unknown(), Visit = "0042-07-v2" };
        yield return Meet with { Register = new RegisterAnswer.Member("m-9", now.AddDays(-9)), Visit = "0042-07-v3" };
        yield return Meet with { Register = new RegisterAnswer.NotAMember(), Visit = "0042-07-v4" };
        yield return Meet with { IsFirst = false, Visit = "0042-07-v5" };
        yield return Meet with { Phone = OtherPhone };
        yield return Ask;
        yield return Ask with { Key = "0043-01-e1-3", At = new TillId(43, 1) };
        yield return Ask with { Key = "0042-07-e1-9", Replace = true };
        yield return Ask with { Phone = OtherPhone };
        yield return Join;
        yield return Join with { MemberId = "m-2" };
        yield return Join with { Phone = OtherPhone };
        yield return Sale(1, 10_000, at: now);
        yield return Sale(1, 10_000, 4_000, now);
        yield return Sale(1, 10_000, 10_000, now);
        yield return Sale(2, 500, at: now);
        yield return Sale(3, 10_000, at: now.AddDays(-8));
        yield return Sale(4, 10_000, at: now) with { Way = "0123456789" };
        yield return new Erase("0123456789");
        yield return new Move(new CustomerId("elsewhere"), OtherPhone, "0123456789");
        yield return new Move(new CustomerId("nowhere"), OtherPhone, "9876543210");
        yield return new Seed(IsNew: true, "0123456789");
        yield return new Seed(IsNew: false, "9876543210");
        yield return new TillCleared(new TillId(42, 7), true);
        yield return new TillCleared(new TillId(42, 7), false);
        yield return new RegisterTold(s.Member?.MemberId ?? "none", true);
        yield return new MoveAnswered(new CustomerId("elsewhere"), true, "0123456789");
        yield return new MoveAnswered(new CustomerId("elsewhere"), false, "0123456789");
        yield return new MoveAnswered(new CustomerId("elsewhere"), null, "0123456789");
        yield return new Arrive(Phone, new Member("m-7", now.AddDays(-3), 7, 0, [], default, null, []), [], null);
        yield return new Arrive(
            Phone, new Member("m-8", now.AddDays(-3), 7, 0, [], default, null, []), [], now.AddDays(-1),
            [new CreditedSale(Sale(1, 10_000).Reference, now, 10_000, 0, 100, Stamped: true)], now.AddDays(-4),
            [new DeadLetter("a letter", now.AddDays(-1), "400", null)], "0123456789");
        yield return new Tell();
        yield return Resume.Instance;
        yield return CustomerMessage.Loaded.Instance;
        foreach (var heard in Heard(s, now)) yield return heard;
        foreach (var owed in Machine.Owed(s))
        {
            if (owed.Repeat == Core.Actors.Repeat.Once) yield return Machine.Starting(owed.Operation);
            yield return Machine.Lost(owed.Operation);
        }
    }

    private static IEnumerable<CustomerMessage> Heard(CustomerState s, DateTimeOffset now)
    {
        var key = s.Enrolment?.Case.Key ?? "none";
        yield return new UserExistsAnswered(key, new VippsResult<bool>.Ok(true));
        yield return new UserExistsAnswered(key, new VippsResult<bool>.Ok(false));
        foreach (var asked in Answers<LoginRequested>(Sent, new LoginRequested.OldApp(), new LoginRequested.NoUser()))
            yield return new LoginAnswered(key, asked, Login);
        foreach (var standing in Answers<LoginStanding>(
            new LoginStanding.Pending(), new LoginStanding.SlowDown(), new LoginStanding.Denied(), new LoginStanding.Expired(),
            new LoginStanding.Spent(), new LoginStanding.Foreign(), new LoginStanding.Granted(new Secret("token"))))
        {
            yield return new ExchangeAnswered(key, standing);
        }

        yield return new ExchangeAnswered("another", new VippsResult<LoginStanding>.Ok(new LoginStanding.Granted(new Secret("stolen"))));
        foreach (var info in Answers(Info(), Info("sub-2"), Info(phone: OtherPhone), Info(isShared: false))) yield return new UserInfoAnswered(key, info);
        yield return new UserInfoAnswered("another", new VippsResult<UserInfo>.Ok(Info()));
        yield return new LoginRouted(Login, true, false);
        yield return new LoginRouted(Login, true, true);
        yield return new Pinged(Login);
        yield return new Pinged(new LoginId("another"));
        yield return new EnrolmentTold(key, s.Enrolment?.Case.News ?? 0, true);
        yield return new EnrolmentTold(key, 9, false);
        var head = s.EventsOwed is [var first, ..] ? first.EventId : "none";
        foreach (var published in Answers(true)) yield return new PublishAnswered(head, published);
        yield return new PublishAnswered("another", new VippsResult<bool>.Refused(new VippsFault(400)));
        var letter = s.LettersKept is [var oldest, ..] ? oldest.Id : "none";
        yield return new ReplayLetter(letter);
        yield return new DropLetter(letter);
    }

    private static IEnumerable<VippsResult<T>> Answers<T>(params T[] good) =>
    [
        .. good.Select(one => new VippsResult<T>.Ok(one)),
        new VippsResult<T>.Refused(new VippsFault(400, Field: "payload")),
        new VippsResult<T>.Later(new VippsFault(429), TimeSpan.FromSeconds(7)),
        new VippsResult<T>.Later(new VippsFault(0), null),
        new VippsResult<T>.Unknown("timeout"),
    ];
}
