using ChainCheckout.Core.Ports;

namespace ChainCheckout.Core.Customers;

/// <summary>Everything that a customer can be told.</summary>
public abstract record CustomerMessage
{
    private CustomerMessage()
    {
    }

    /// <summary>A till learned who stands before it.</summary>
    /// <param name="Visit">The same for the whole of one sale.</param>
    /// <param name="IsFirst">The till greets this customer for the first time in this visit, and knows it: only then the phone
    /// is told.</param>
    /// <param name="Register">What the chain's own member system says.</param>
    public sealed record Met(Msisdn Phone, TillId At, Msn Msn, string Visit, bool IsFirst, RegisterAnswer Register) : CustomerMessage;

    /// <summary>The cashier asks the customer to join. The same key again asks how it stands.</summary>
    /// <param name="Random">Chance, handed in: 10 hex digits.</param>
    public sealed record Enrol(Msisdn Phone, TillId At, Msn Msn, string Key, string Binding, string Random, bool Replace) : CustomerMessage;

    /// <summary>A sale of this customer is completed, or a part of it given back. Whole values: the same or less again is a duplicate.</summary>
    /// <param name="At">When it was completed: points go to whoever was a member then.</param>
    /// <param name="Way">The move by which its member went to the number that is told; null: the sale was under this number.</param>
    public sealed record Credit(PaymentReference Reference, Money Amount, long RefundedMinor, DateTimeOffset At, string? Way = null) : CustomerMessage;

    /// <summary>A member from another system. The same again changes nothing.</summary>
    public sealed record Import(Msisdn Phone, string MemberId, DateTimeOffset JoinedOn, long Points, Consents Consents) : CustomerMessage
    {
        /// <summary>It comes from outside, where an id may be missing and a balance be anything.</summary>
        internal bool CanBe => MemberId is { Length: >= 1 and <= CustomerSettings.MemberIdCharsMax } && Points is >= 0 and <= CustomerSettings.PointsMax;
    }

    /// <summary>Everything known of the person goes; Vipps is told that the member left.</summary>
    public sealed record Erase(string Random) : CustomerMessage;

    /// <summary>The member has another number now.</summary>
    /// <param name="Random">Chance, handed in: 10 hex digits.</param>
    public sealed record Move(CustomerId To, Msisdn Phone, string Random) : CustomerMessage;

    /// <summary>A membership comes from another number, with all that belongs to it.</summary>
    public sealed record Arrive(
        Msisdn Phone, Member Member, ImmutableArray<OwedEvent> Events, DateTimeOffset? EventAt, ImmutableArray<CreditedSale> Credited = default,
        DateTimeOffset? DroppedAt = null, ImmutableArray<DeadLetter> Letters = default, string Random = "") : CustomerMessage;

    /// <summary>Vipps is to be told of the member anew, whole: the membership, and each coupon, card and check.</summary>
    /// <param name="IsNew">Vipps knows nothing of the member: <c>registered</c>, not <c>updated</c>.</param>
    /// <param name="Random">Chance, handed in: 10 hex digits.</param>
    public sealed record Seed(bool IsNew, string Random) : CustomerMessage;

    /// <summary>For the operator: the whole state.</summary>
    public sealed record Tell : CustomerMessage;

    /// <summary>Sends a dead letter's event again, with what is so today.</summary>
    public sealed record ReplayLetter(string Id) : CustomerMessage;

    public sealed record DropLetter(string Id) : CustomerMessage;

    /// <summary>The Loyalty API is back: do not wait for the back-off.</summary>
    public sealed record Resume : CustomerMessage
    {
        public static readonly Resume Instance = new();
    }

    /// <summary>The login's actor heard that the customer has answered.</summary>
    public sealed record Pinged(LoginId Login) : CustomerMessage;

    public sealed record Loaded : CustomerMessage
    {
        public static readonly Loaded Instance = new();
    }

    /// <summary>A call that must not be repeated is about to leave.</summary>
    public sealed record Started(CustomerOperation Operation) : CustomerMessage;

    public sealed record CheckInAnswered(string Visit) : CustomerMessage;

    public sealed record OldTillTold(string Visit) : CustomerMessage;

    /// <param name="Reached">The person stands there no longer; false: a payment is open there, or the till could not be reached.</param>
    public sealed record TillCleared(TillId Till, bool Reached) : CustomerMessage;

    public sealed record UserExistsAnswered(string Key, VippsResult<bool> Result) : CustomerMessage;

    public sealed record LoginAnswered(string Key, VippsResult<LoginRequested> Result, LoginId Login) : CustomerMessage;

    public sealed record LoginRouted(LoginId Login, bool Reached, bool PingCame) : CustomerMessage;

    public sealed record ExchangeAnswered(string Key, VippsResult<LoginStanding> Result) : CustomerMessage;

    public sealed record UserInfoAnswered(string Key, VippsResult<UserInfo> Result) : CustomerMessage;

    public sealed record EnrolmentTold(string Key, int News, bool Reached) : CustomerMessage;

    public sealed record PublishAnswered(string EventId, VippsResult<bool> Result) : CustomerMessage;

    /// <summary>The chain's own member system was told of a join, or could not be.</summary>
    public sealed record RegisterTold(string MemberId, bool Reached) : CustomerMessage;

    /// <param name="Accepted">Null: the other number could not be reached.</param>
    /// <param name="Way">The move that was answered.</param>
    public sealed record MoveAnswered(CustomerId To, bool? Accepted, string Way) : CustomerMessage;
}

/// <summary>What a customer answers.</summary>
public abstract record CustomerReply
{
    private CustomerReply()
    {
    }

    public sealed record Known(MemberCard Card) : CustomerReply;

    public sealed record EnrolmentIs(EnrolmentStatus Status) : CustomerReply;

    public sealed record Done : CustomerReply
    {
        public static readonly Done Instance = new();
    }

    /// <summary>It was so already.</summary>
    public sealed record Unchanged : CustomerReply
    {
        public static readonly Unchanged Instance = new();
    }

    /// <summary>The member of that time has another number now: what is told of them is to be told there.</summary>
    /// <param name="Way">The move, which is to be named there.</param>
    public sealed record Moved(CustomerId To, string? Way) : CustomerReply;

    /// <summary>Refused, and nothing changed. <c>Moving</c>: come again.</summary>
    public sealed record Refused(string Code) : CustomerReply;

    public sealed record Story(CustomerState State) : CustomerReply;
}

/// <summary>Whether somebody is a member, as a till needs to know.</summary>
public enum MembershipKind
{
    /// <summary>The register did not answer in time.</summary>
    Unknown = 1,
    NotAMember,
    Member,
}

/// <summary>What a till shows of a membership.</summary>
/// <param name="FirstName">Personal: for the screen of this sale only.</param>
public sealed record MemberCard(MembershipKind Kind, string? MemberId = null, long? Points = null, int? Coupons = null, Secret? FirstName = null)
{
    public static readonly MemberCard Unknown = new(MembershipKind.Unknown);

    public static readonly MemberCard NotAMember = new(MembershipKind.NotAMember);
}

/// <summary>How an enrolment stands. The numbers are stored by name: never rename one.</summary>
public enum EnrolmentStage
{
    /// <summary>The push is on its way.</summary>
    Asking = 1,

    /// <summary>With the customer.</summary>
    Waiting,
    Joined,
    Denied,
    Expired,
    OldApp,
    NoUser,

    /// <summary>Another login is open for this customer (429).</summary>
    TooMany,

    /// <summary>Vipps could not be asked, or refused the request: nothing reached the customer.</summary>
    Unavailable,

    /// <summary>Nobody knows whether the push was sent, or what came of it.</summary>
    Unknown,

    /// <summary>Approved by the owner of another number.</summary>
    OtherNumber,

    /// <summary>Approved without sharing the number.</summary>
    NotShared,
    AlreadyMember,

    /// <summary>Asked for at another till, and not answered yet.</summary>
    Elsewhere,
}

/// <param name="Card">Once joined.</param>
public sealed record EnrolmentStatus(string Key, EnrolmentStage Stage, int News, DateTimeOffset? EndsAt, MemberCard? Card = null)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsOpen => Stage is EnrolmentStage.Asking or EnrolmentStage.Waiting;
}

/// <summary>What a customer can owe.</summary>
public abstract record CustomerOperation
{
    private CustomerOperation()
    {
    }

    public sealed record SendCheckIn(string Visit, CheckIn Request) : CustomerOperation;

    /// <summary>The till that served the customer before.</summary>
    public sealed record TellOldTill(TillId Till, string Visit) : CustomerOperation;

    /// <summary>An erased person leaves the till, whose state holds the number too.</summary>
    public sealed record ClearTill(TillId Till) : CustomerOperation;

    public sealed record LookUpUser(string Key, Msn Msn, Msisdn Phone) : CustomerOperation;

    public sealed record SendLogin(string Key, RequestLogin Request) : CustomerOperation;

    public sealed record RouteLogin(LoginId Login) : CustomerOperation;

    public sealed record Exchange(string Key, Msn Msn, Secret AuthReqId) : CustomerOperation;

    public sealed record ReadUser(string Key, Msn Msn, Secret AccessToken) : CustomerOperation;

    public sealed record TellTill(TillId Till, EnrolmentStatus Status) : CustomerOperation;

    public sealed record Publish(LoyaltyEvent Event) : CustomerOperation;

    public sealed record MoveTo(CustomerId To, CustomerMessage.Arrive Message) : CustomerOperation;

    public sealed record TellRegister(RegisterJoin Join) : CustomerOperation;
}
