using System.Text.Json.Serialization;
using ChainCheckout.Core.Ports;

namespace ChainCheckout.Core.Customers;

/// <summary>A customer as the chain knows them, under the pseudonym of the phone number.</summary>
/// <param name="Phone">Null until a till has met the customer, and again after an erasure.</param>
/// <param name="Served">Where the customer was scanned last; advice for cashiers, never a lock.</param>
/// <param name="Left">A till that is still to be told that its customer now stands elsewhere.</param>
/// <param name="CheckIn">A check-in that is to be tried, or is under way. In memory alone: a load drops it, there is no second try.</param>
/// <param name="Enrolment">The newest one, also after its end.</param>
/// <param name="Past">How those before it ended: a till that asks late must not begin one anew.</param>
/// <param name="Credited">The last sales that were counted, the oldest first.</param>
/// <param name="DroppedAt">Of the newest sale that is no longer among them: what is not newer cannot be recognised.</param>
/// <param name="Events">What Vipps has yet to be told, in order.</param>
/// <param name="PublishAt">Not before; the head of <paramref name="Events"/> may itself be due later.</param>
/// <param name="EventAt">Of the newest event ever: the next one is later.</param>
/// <param name="Letters">What could not be delivered or counted: an operator's.</param>
/// <param name="Moving">The number that the membership is moving to.</param>
/// <param name="Clearing">Tills before which an erased person may still stand.</param>
/// <param name="WentTo">Where the last membership of this number went: sales of before are counted there.</param>
/// <param name="Came">How the membership came here, where it came from another number.</param>
/// <param name="Ways">Of the last moves to here: one that is heard of again brings nobody a second time, nor one that was refused.</param>
/// <param name="ErasedAt">The person asked to be forgotten; what is left is what Vipps has yet to be told of that.</param>
public sealed record CustomerState(
    Msisdn? Phone,
    DateTimeOffset? MetAt,
    Member? Member = null,
    ServedAt? Served = null,
    ServedAt? Left = null,
    PendingCheckIn? CheckIn = null,
    Enrolment? Enrolment = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<CreditedSale> Credited = default,
    DateTimeOffset? DroppedAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<OwedEvent> Events = default,
    DateTimeOffset? PublishAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int PublishTries = 0,
    DateTimeOffset? EventAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<DeadLetter> Letters = default,
    Moving? Moving = null,
    DateTimeOffset? ErasedAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] WentTo? WentTo = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Clearing? Clearing = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Came? Came = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<string> Ways = default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<PastEnrolment> Past = default)
{
    public static readonly CustomerState Unmet = new(null, null);

    /// <summary>An array that stands for nothing is not stored: read through these.</summary>
    [JsonIgnore]
    public ImmutableArray<OwedEvent> EventsOwed => Events.IsDefault ? [] : Events;

    [JsonIgnore]
    public ImmutableArray<CreditedSale> Sales => Credited.IsDefault ? [] : Credited;

    [JsonIgnore]
    public ImmutableArray<DeadLetter> LettersKept => Letters.IsDefault ? [] : Letters;

    [JsonIgnore]
    public ImmutableArray<PastEnrolment> PastEnrolments => Past.IsDefault ? [] : Past;

    [JsonIgnore]
    public ImmutableArray<string> WaysKept => Ways.IsDefault ? [] : Ways;
}

/// <summary>A member of the chain's programme.</summary>
/// <param name="MemberId">The chain's own: it stays when the number changes. <c>contactId</c> at Vipps.</param>
/// <param name="FirstName">As shared at the enrolment; null where none is known.</param>
/// <param name="Points">Not those that have become a check.</param>
/// <param name="Subs">The person at Vipps, one for each sales unit that has asked.</param>
/// <param name="Checks">Read through <see cref="BonusChecks"/>.</param>
/// <param name="Since">A member here since then, where that is not <paramref name="JoinedOn"/>: the membership came from elsewhere.</param>
/// <param name="Untold">The chain's own member system has yet to be told of the join; until then it knows less than we do.</param>
public sealed record Member(
    string MemberId, DateTimeOffset JoinedOn, long Points, int Stamps, ImmutableArray<Coupon> Coupons, Consents Consents, Secret? FirstName,
    ImmutableArray<MemberSub> Subs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<BonusCheck> Checks = default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] DateTimeOffset? Since = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Untold? Untold = null)
{
    [JsonIgnore]
    public ImmutableArray<BonusCheck> BonusChecks => Checks.IsDefault ? [] : Checks;
}

/// <summary>How telling the register goes.</summary>
public sealed record Untold(int Tries, DateTimeOffset NextAt);

public sealed record MemberSub(Msn Msn, string Sub);

/// <param name="Visit">The till's own count of customers served: one sale, one visit.</param>
public sealed record ServedAt(TillId Till, string Visit, DateTimeOffset Until);

public sealed record PendingCheckIn(string Visit, Msn Msn);

/// <summary>A completed sale as it was counted.</summary>
/// <param name="RefundedMinor">Given back since.</param>
/// <param name="Points">What it is worth now.</param>
/// <param name="Stamped">It gave a stamp, which a whole refund takes back.</param>
public sealed record CreditedSale(PaymentReference Reference, DateTimeOffset At, long AmountMinor, long RefundedMinor, long Points, bool Stamped);

/// <param name="EventId">Derived from what caused it, so that a repeat of the cause makes no second event.</param>
/// <param name="DueAt">A little later than it happened, so that a newer whole value may take its place.</param>
/// <param name="MemberId">Whom it is about: a detached member's last event outlives the membership.</param>
public sealed record OwedEvent(string EventId, DateTimeOffset At, DateTimeOffset DueAt, string MemberId, LoyaltyContent Content);

/// <summary>What was put aside.</summary>
/// <param name="Event">Null for a sale that came too late to be counted.</param>
/// <param name="Why">The vendor's code or our own word; never a text with a number in it.</param>
public sealed record DeadLetter(string Id, DateTimeOffset At, string Why, OwedEvent? Event);

/// <param name="Random">Came with the operator's command: it names the move, and ends the id of the event that tells of it.</param>
public sealed record Moving(
    CustomerId To, Msisdn Phone, DateTimeOffset NextAt, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] string? Random = null);

/// <param name="Tills">At least one.</param>
public sealed record Clearing(ImmutableArray<TillId> Tills, DateTimeOffset NextAt);

/// <param name="Way">The move by which it went.</param>
/// <param name="From">Sales of before are not its own.</param>
/// <param name="Came">How it had come here.</param>
/// <param name="Before">The one that went before it.</param>
/// <param name="MemberId">Whose it was: an import that is late, or of an old file, does not bring the member here once more.</param>
public sealed record WentTo(
    CustomerId To, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] string? Way = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] DateTimeOffset? From = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Came? Came = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] WentTo? Before = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] string? MemberId = null);

/// <param name="At">Sales under this number of before are not the member's.</param>
/// <param name="Way">The move by which it came: sales that are sent after it name that.</param>
public sealed record Came(DateTimeOffset At, string Way);

/// <param name="Key">As the till's command named it.</param>
public sealed record PastEnrolment(string Key, EnrolmentStage How);

/// <summary>The stages of one enrolment. Each holds only what exists in it.</summary>
[JsonDerivedType(typeof(Looking), "looking")]
[JsonDerivedType(typeof(Asking), "asking")]
[JsonDerivedType(typeof(WithCustomer), "withCustomer")]
[JsonDerivedType(typeof(Reading), "reading")]
[JsonDerivedType(typeof(Ended), "ended")]
public abstract record Enrolment(EnrolmentCase Case)
{
    /// <summary>Does the number have an account at all?</summary>
    public sealed record Looking(EnrolmentCase Case) : Enrolment(Case);

    /// <summary>The push is to be asked for.</summary>
    public sealed record Asking(EnrolmentCase Case, bool Started) : Enrolment(Case);

    /// <summary>The push is with the customer.</summary>
    /// <param name="Login">The key of the login's own actor, which hears the ping.</param>
    /// <param name="NextAt">When to ask the next time, unless a ping comes first.</param>
    /// <param name="Started">A question has left; it may be the one that exchanges the grant.</param>
    /// <param name="Routed">The login's actor knows whose it is.</param>
    /// <param name="Pinged">A ping came while a question was under way, whose answer may be older.</param>
    public sealed record WithCustomer(
        EnrolmentCase Case, Secret AuthReqId, LoginId Login, TimeSpan Interval, DateTimeOffset NextAt, bool Started, bool Routed,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Pinged = false) : Enrolment(Case);

    /// <summary>Approved: what the customer shares is read.</summary>
    public sealed record Reading(EnrolmentCase Case, Secret AccessToken, int Tries, DateTimeOffset NextAt) : Enrolment(Case);

    /// <param name="NotBefore">Vipps wants no other login of this customer until then.</param>
    public sealed record Ended(
        EnrolmentCase Case, EnrolmentStage How,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] DateTimeOffset? NotBefore = null) : Enrolment(Case);

    [JsonIgnore]
    public bool IsOpen => this is not Ended;
}

/// <summary>What every stage of an enrolment needs.</summary>
/// <param name="Key">Built from the command that asked for it.</param>
/// <param name="Binding">Shown on till and phone, so that both know they mean the same.</param>
/// <param name="Random">Came with the command: the end of the new member's id.</param>
/// <param name="Replace">The customer says that the membership under this number is somebody else's.</param>
/// <param name="News">Counts what the till should hear of; <paramref name="Told"/> is how much of it the till has acknowledged.</param>
public sealed record EnrolmentCase(
    string Key, Msn Msn, TillId Till, string Binding, string Random, bool Replace, DateTimeOffset AskedAt, DateTimeOffset EndsAt,
    int News, int Told, DateTimeOffset TellAt);
