using System.Text.Json.Serialization;

namespace ChainCheckout.Core.Ports;

/// <summary>POST /point-of-sale/v1/loyalty-check-in: the customer's phone shows whether the chain knows them.</summary>
public interface ICheckInApi
{
    /// <summary>One try: the receiver does not recognise a repeat. Gives the id that the vendor's support asks for.</summary>
    Task<VippsResult<string>> CheckInAsync(CheckIn request, CancellationToken cancellation);
}

/// <param name="Phone">Norwegian: the API knows no other.</param>
public sealed record CheckIn(Msn Msn, Msisdn Phone, bool IsMember);

/// <summary>Merchant-initiated login (CIBA) and what the customer shares through it.</summary>
public interface ILoginApi
{
    /// <summary>Whether this number can be sent a login at all.</summary>
    Task<VippsResult<bool>> UserExistsAsync(Msn msn, Msisdn phone, CancellationToken cancellation);

    /// <summary>
    /// Sends the push. No idempotency key: a repeat would send a second one. <see cref="VippsResult{T}.Later"/> is a 429,
    /// or a call that never left.
    /// </summary>
    Task<VippsResult<LoginRequested>> RequestAsync(RequestLogin request, CancellationToken cancellation);

    /// <summary>Asks how the login stands; a granted one is exchanged by the very same call, once.</summary>
    Task<VippsResult<LoginStanding>> ExchangeAsync(Msn msn, Secret authReqId, CancellationToken cancellation);

    /// <summary>With the token of the exchange alone.</summary>
    Task<VippsResult<UserInfo>> UserInfoAsync(Msn msn, Secret accessToken, CancellationToken cancellation);
}

/// <param name="Binding">5 to 8 capitals, digits and hyphens, shown on the till and on the phone.</param>
/// <param name="Expiry">1 to 15 minutes.</param>
public sealed record RequestLogin(Msn Msn, Msisdn Phone, string Binding, TimeSpan Expiry);

/// <summary>What came of a login request that Vipps answered.</summary>
public abstract record LoginRequested
{
    private LoginRequested()
    {
    }

    /// <param name="Interval">Not to be asked more often than this.</param>
    public sealed record Sent(Secret AuthReqId, TimeSpan ExpiresIn, TimeSpan Interval) : LoginRequested;

    /// <summary><c>old_app</c>: the customer's app has to be updated first.</summary>
    public sealed record OldApp : LoginRequested;

    /// <summary><c>invalid_user</c> or <c>unknown_user_id</c>: no account, an inactive one, or too young.</summary>
    public sealed record NoUser : LoginRequested;
}

/// <summary>How a login stands, as the token endpoint answers.</summary>
public abstract record LoginStanding
{
    private LoginStanding()
    {
    }

    public sealed record Pending : LoginStanding;

    /// <summary>Asked too often: five seconds more between questions from now on.</summary>
    public sealed record SlowDown : LoginStanding;

    public sealed record Denied : LoginStanding;

    public sealed record Expired : LoginStanding;

    /// <summary><c>invalid_grant</c>: exchanged before, or never ours.</summary>
    public sealed record Spent : LoginStanding;

    /// <summary>The <c>id_token</c> names another login: nothing of it is believed.</summary>
    public sealed record Foreign : LoginStanding;

    public sealed record Granted(Secret AccessToken) : LoginStanding;
}

/// <summary>What the customer shared.</summary>
/// <param name="Sub">The person, for this sales unit: it stays when the number changes.</param>
/// <param name="Phone">Null where it was not shared or is of a country not served.</param>
/// <param name="FirstName">Empty where it was not shared.</param>
public sealed record UserInfo(string Sub, Msisdn? Phone, string FirstName, Consents Consents);

/// <summary>
/// POST /loyalty/v1/events behind a process-wide publisher: parallel, adaptive to 429, still while the API is away.
/// </summary>
public interface ILoyaltyPublisher
{
    /// <summary>
    /// One event, one outcome. <see cref="VippsResult{T}.Later"/> also while the publisher holds still: come again after
    /// its time, or when told <see cref="Customers.CustomerMessage.Resume"/>.
    /// </summary>
    Task<VippsResult<bool>> PublishAsync(CustomerId customer, LoyaltyEvent happened, CancellationToken cancellation);
}

/// <param name="EventId">The same for every repeat.</param>
/// <param name="MemberId">The chain's own: <c>contactId</c>.</param>
public sealed record LoyaltyEvent(Msn Msn, string EventId, DateTimeOffset At, string MemberId, Msisdn Phone, LoyaltyContent Content);

/// <summary>The actions of the Loyalty API that this product sends, with what is known of their payloads.</summary>
[JsonDerivedType(typeof(MemberRegistered), "registered")]
[JsonDerivedType(typeof(MemberUpdated), "updated")]
[JsonDerivedType(typeof(MemberDeleted), "deleted")]
[JsonDerivedType(typeof(CouponUpdated), "coupon")]
[JsonDerivedType(typeof(CouponDeleted), "couponDeleted")]
[JsonDerivedType(typeof(StampCardUpdated), "stampCard")]
[JsonDerivedType(typeof(BonusCheckCreated), "bonusCheck")]
[JsonDerivedType(typeof(BonusCheckDeleted), "bonusCheckDeleted")]
public abstract record LoyaltyContent
{
    private LoyaltyContent()
    {
    }

    /// <summary><c>benefits.member.registered</c>.</summary>
    public sealed record MemberRegistered(DateTimeOffset JoinedOn, long Points, Consents Consents) : LoyaltyContent;

    /// <summary><c>benefits.member.updated</c>: the whole member, not a change.</summary>
    public sealed record MemberUpdated(DateTimeOffset JoinedOn, long Points, Consents Consents) : LoyaltyContent;

    /// <summary><c>benefits.member.deleted</c>.</summary>
    public sealed record MemberDeleted : LoyaltyContent;

    /// <summary><c>benefits.coupon.updated</c>: the whole coupon.</summary>
    public sealed record CouponUpdated(Coupon Coupon) : LoyaltyContent;

    /// <summary><c>benefits.coupon.deleted</c>.</summary>
    public sealed record CouponDeleted(string CouponId) : LoyaltyContent;

    /// <summary><c>benefits.stampCard.updated</c>: the whole card. Its payload is not published; see the docs.</summary>
    public sealed record StampCardUpdated(StampCard Card) : LoyaltyContent;

    /// <summary><c>benefits.bonusCheck.created</c>. Its payload is not published; see the docs.</summary>
    public sealed record BonusCheckCreated(BonusCheck Check) : LoyaltyContent;

    /// <summary><c>benefits.bonusCheck.deleted</c>.</summary>
    public sealed record BonusCheckDeleted(string CheckId) : LoyaltyContent;
}

/// <summary>A coupon as the benefits tab shows it.</summary>
/// <param name="Id">Unique per member.</param>
/// <param name="CampaignId"><c>parentId</c>.</param>
/// <param name="PromotionCode">Empty for none.</param>
public sealed record Coupon(
    string Id, string CampaignId, string Heading, string Description, DateTimeOffset ExpiresOn, bool Redeemed, string PromotionCode);

/// <summary>Points that became money to shop for.</summary>
/// <param name="Id">Unique per member.</param>
/// <param name="Points">What it was made of, and what is given back when the check is taken back.</param>
public sealed record BonusCheck(string Id, string Heading, string Description, Money Amount, DateTimeOffset ExpiresOn, long Points);

/// <param name="Stamps">0 to <paramref name="Full"/>.</param>
public sealed record StampCard(string Id, string Heading, int Stamps, int Full);

/// <summary>
/// A chain's own member system, where it has one. The default says <see cref="RegisterAnswer.Own"/>: the customer's actor
/// is the register.
/// </summary>
public interface IMembershipRegister
{
    /// <summary>Given up after the till's <c>RegisterMax</c>; what it throws is an unknown membership.</summary>
    ValueTask<RegisterAnswer> FindAsync(Msisdn phone, CancellationToken cancellation);

    /// <summary>
    /// A customer has joined by a push. Told until it is taken without an exception, so perhaps more than once: the register keeps the
    /// member under this very id. Until then its "not a member" of this number is not believed.
    /// </summary>
    ValueTask JoinedAsync(RegisterJoin join, CancellationToken cancellation);
}

/// <summary>Who has joined.</summary>
/// <param name="MemberId">The chain's own, at most 64 characters; <c>contactId</c> at Vipps.</param>
/// <param name="FirstName">Null where it was not shared.</param>
/// <param name="Consents">As given on the phone; all else is false.</param>
public sealed record RegisterJoin(Msisdn Phone, string MemberId, DateTimeOffset JoinedOn, Secret? FirstName, Consents Consents);

/// <summary>What a register knows of a number.</summary>
public abstract record RegisterAnswer
{
    private RegisterAnswer()
    {
    }

    /// <summary>Ask the customer's own actor.</summary>
    public sealed record Own : RegisterAnswer
    {
        public static readonly Own Instance = new();
    }

    public sealed record Member(string MemberId, DateTimeOffset JoinedOn) : RegisterAnswer;

    public sealed record NotAMember : RegisterAnswer;

    /// <summary>Too slow, or broken: nobody knows. No check-in, no enrolment; the sale goes on.</summary>
    public sealed record Unknown : RegisterAnswer;
}

/// <summary>The default: the customer's own actor is the register.</summary>
public sealed class OwnRegister : IMembershipRegister
{
    public ValueTask<RegisterAnswer> FindAsync(Msisdn phone, CancellationToken cancellation) => ValueTask.FromResult<RegisterAnswer>(RegisterAnswer.Own.Instance);

    public ValueTask JoinedAsync(RegisterJoin join, CancellationToken cancellation) => ValueTask.CompletedTask;
}

/// <summary>Everything outside that a membership needs.</summary>
/// <param name="RegisterMax">A register that takes longer has not answered.</param>
/// <param name="RegisterFailed">Told of each answer that did not come.</param>
public sealed record MemberPorts(
    ICheckInApi CheckIns, ILoginApi Logins, ILoyaltyPublisher Publisher, IMembershipRegister Register, TimeSpan RegisterMax, Action<Exception> RegisterFailed);
