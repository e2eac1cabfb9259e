using System.Text.Json.Serialization;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Stores;

namespace ChainCheckout.Core.Tills;

/// <summary>One till: its two roles' numbering, the customer before it, the sale at hand, a refund under way, today's totals.</summary>
/// <param name="Profile">The store as it was at the last Hello; null for a till that has never said one.</param>
/// <param name="Version">Of the view; counts up with every change that shows.</param>
/// <param name="Held">Why no payment is started until an operator releases the till; null normally.</param>
/// <param name="Spent">The last sale that was paid, completed, or may have been: its money is never taken again.</param>
/// <param name="Visit">Counts the customers served: from one sale's end to the next it is one visit.</param>
/// <param name="Greeted">Whom this visit has met so far.</param>
/// <param name="IsResumed">This visit was read from storage: whose phone was told of it is no longer known, so nobody's is.</param>
/// <param name="Credits">Sales completed by another tender that their customers have yet to count.</param>
public sealed record TillState(
    TillId Id, StoreProfile? Profile, RoleState Pos, RoleState Scanner, long Version, Identity Customer, Sale Sale, RefundSlot? Refund,
    DayTotals Today, string? Held, string? Spent = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Visit = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<OwedCredit> Credits = default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<CustomerId> Greeted = default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsResumed = false)
{
    [JsonIgnore]
    public ImmutableArray<OwedCredit> CreditsOwed => Credits.IsDefault ? [] : Credits;

    [JsonIgnore]
    public ImmutableArray<CustomerId> GreetedSoFar => Greeted.IsDefault ? [] : Greeted;

    [JsonIgnore]
    public string VisitKey => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Id}-v{Visit}");

    public RoleState Of(TillRole role) => role == TillRole.Pos ? Pos : Scanner;

    public TillState With(TillRole role, RoleState state) => role == TillRole.Pos ? this with { Pos = state } : this with { Scanner = state };
}

/// <summary>
/// The numbering of one (till, role). <see cref="Epoch"/> and <see cref="Session"/> are minted here; a command's number goes
/// on over both. <see cref="LastHash"/> and <see cref="LastReply"/> belong to the last number applied.
/// </summary>
/// <param name="GoneAt">When its connection was lost; null while it is there.</param>
public sealed record RoleState(uint Epoch, uint Session, uint LastNumber, string LastHash, TillAnswer? LastReply, DateTimeOffset? GoneAt)
{
    public static readonly RoleState Fresh = new(0, 0, 0, "", null, null);
}

/// <summary>The reply to a command, stored so that a repeat gets the same.</summary>
/// <param name="View">The number of the first view that knows of the command; 0 in what was stored before it was kept.</param>
public sealed record TillAnswer(
    bool Done, TillCode Code, string? Field, string Text, string Hint, PaymentReference? Reference = null, string? SaleId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long View = 0);

/// <summary>Who stands before the till.</summary>
[JsonDerivedType(typeof(Nobody), "nobody")]
[JsonDerivedType(typeof(Identifying), "identifying")]
[JsonDerivedType(typeof(Identified), "identified")]
[JsonDerivedType(typeof(Unidentified), "unidentified")]
public abstract record Identity
{
    private Identity()
    {
    }

    public sealed record Nobody : Identity;

    /// <param name="Number">Counts scans, so that the answer to a replaced one is not taken for this one's.</param>
    /// <param name="Before">Who stood here until the scan, and perhaps still does.</param>
    public sealed record Identifying(
        QrText Qr, long Number, int Tries, DateTimeOffset NextAt,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Identified? Before = null) : Identity;

    /// <param name="Met">The customer's own actor knows of it.</param>
    /// <param name="MeetAt">When to try again to reach it; null for at once.</param>
    /// <param name="IsFirst">Met for the first time in this visit.</param>
    /// <param name="Card">The membership; null while it has not answered.</param>
    /// <param name="Elsewhere">Another till has scanned this customer since.</param>
    public sealed record Identified(
        Msisdn Phone, CustomerId Id, bool Met, DateTimeOffset? MeetAt = null, MemberCard? Card = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Elsewhere = false, EnrolSlot? Enrol = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsFirst = false) : Identity;

    public sealed record Unidentified(TillCode Code) : Identity;
}

/// <summary>The sale at hand.</summary>
[JsonDerivedType(typeof(None), "none")]
[JsonDerivedType(typeof(Open), "open")]
[JsonDerivedType(typeof(Holding), "holding")]
[JsonDerivedType(typeof(Paying), "paying")]
[JsonDerivedType(typeof(Finished), "finished")]
public abstract record Sale
{
    private Sale()
    {
    }

    public sealed record None : Sale;

    /// <param name="Attempts">Payments tried so far; each of them has said, from saved state, that it will never capture.</param>
    /// <param name="Last">How the last of them ended.</param>
    public sealed record Open(string SaleId, int Attempts, TillCode? Last) : Sale;

    /// <summary>Pay has been asked for while the customer is asked to join: one push at a time. Nothing has left.</summary>
    public sealed record Holding(string SaleId, Attempt Attempt, DateTimeOffset Until) : Sale;

    /// <param name="Status">What the payment last said; null until it has answered for the first time.</param>
    /// <param name="AskAt">When to ask it again, should it say nothing by itself.</param>
    public sealed record Paying(string SaleId, Attempt Attempt, bool CancelAsked, PaymentStatus? Status, DateTimeOffset AskAt) : Sale;

    /// <param name="Seen">The till has said something since, or its connection took the view.</param>
    public sealed record Finished(string SaleId, Receipt Receipt, bool Seen) : Sale;
}

/// <summary>One attempt to take a payment for a sale.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Random">Came with the command: the end of the create's idempotency key.</param>
/// <param name="Lines">For the customer's receipt; gone once the payment has them.</param>
/// <param name="MayBeBegun">
/// Read from storage before its payment had answered: where storage went back in time, the payment was begun and nobody knows.
/// </param>
public sealed record Attempt(
    PaymentReference Reference, int Number, Money Amount, string Random, ImmutableArray<OrderLine> Lines, int? MinimumAge,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool MayBeBegun = false);

/// <summary>A sale that is paid for: by Vipps with a reference, or by another tender without one.</summary>
public sealed record Receipt(PaymentReference? Reference, Money Amount, DateTimeOffset At)
{
    [JsonIgnore]
    public string Tender => Reference is null ? "other" : "vipps";
}

/// <summary>The refund that this till asked for last.</summary>
/// <param name="Key">Built from the command: till, epoch, number.</param>
/// <param name="Stage">Null while the payment has not answered.</param>
public sealed record RefundSlot(
    PaymentReference Reference, string Key, Money Amount, string By, string Why, RefundStage? Stage, TillCode Code, DateTimeOffset AskAt)
{
    [JsonIgnore]
    public bool IsOpen => Stage is null or RefundStage.Owed;
}

/// <summary>The enrolment that this till asked for, of the customer before it.</summary>
/// <param name="Key">Built from the command: till, epoch, number.</param>
/// <param name="Binding">Shown here and on the customer's phone.</param>
/// <param name="Status">Null while the customer's actor has not answered.</param>
public sealed record EnrolSlot(string Key, string Binding, string Random, bool Replace, DateTimeOffset AskAt, EnrolmentStatus? Status)
{
    [JsonIgnore]
    public bool IsOpen => Status is null or { IsOpen: true };
}

/// <summary>A completed sale that its customer has yet to count.</summary>
/// <param name="Reference">Built as a payment's would have been: it names the sale.</param>
/// <param name="Way">The move by which the customer's member came to that number; null: the sale was under it.</param>
public sealed record OwedCredit(
    CustomerId Customer, PaymentReference Reference, Money Amount, DateTimeOffset At, DateTimeOffset TellAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] string? Way = null);

/// <summary>What this till took today, in the store's own day. Minor units of the store's currency.</summary>
public sealed record DayTotals(DateOnly Day, int Paid, long PaidMinor, int Other, long OtherMinor, int Refunded, long RefundedMinor)
{
    public static readonly DayTotals Empty = new(default, 0, 0, 0, 0, 0, 0);
}
