using System.Text.Json.Serialization;

namespace ChainCheckout.Core.Payments;

/// <summary>The stages of one attempt to take a payment. Each holds only what exists in it.</summary>
[JsonDerivedType(typeof(Unheard), "unheard")]
[JsonDerivedType(typeof(Creating), "creating")]
[JsonDerivedType(typeof(Waiting), "waiting")]
[JsonDerivedType(typeof(Capturing), "capturing")]
[JsonDerivedType(typeof(Captured), "captured")]
[JsonDerivedType(typeof(Cancelling), "cancelling")]
[JsonDerivedType(typeof(GivingBack), "givingBack")]
[JsonDerivedType(typeof(Unpaid), "unpaid")]
[JsonDerivedType(typeof(Rebuilding), "rebuilding")]
[JsonDerivedType(typeof(Stopped), "stopped")]
public abstract record PaymentState
{
    private PaymentState()
    {
    }

    /// <summary>Nobody has asked for it here, or it was forgotten: Vipps is the archive.</summary>
    public sealed record Unheard : PaymentState
    {
        public static readonly Unheard Instance = new();
    }

    /// <summary>A stage of a payment that somebody asked for.</summary>
    public abstract record Known(PaymentCase Case) : PaymentState;

    /// <summary>The create is owed, under way, or of unknown outcome.</summary>
    public sealed record Creating(PaymentCase Case, PaymentOrder Order, Pace Pace, Sending Sending) : Known(Case);

    /// <summary>The push is with the customer.</summary>
    public sealed record Waiting(PaymentCase Case, PaymentOrder Order, Pace Pace) : Known(Case);

    /// <summary>A read said AUTHORIZED: the capture is owed.</summary>
    /// <param name="KeyNumber">1 for the first key; the next one only after a definitive refusal and a read that shows no effect.</param>
    public sealed record Capturing(PaymentCase Case, Pace Pace, int KeyNumber) : Known(Case);

    /// <summary>Paid. Refunds hang on it.</summary>
    public sealed record Captured(PaymentCase Case, long CapturedMinor, long RefundedMinor, DateTimeOffset FinalAt, Pace Pace) : Known(Case);

    /// <summary>Given up here; not yet by Vipps.</summary>
    /// <param name="Unclear">A create whose outcome is not known, with what it takes to send it again; null once Vipps has answered for it.</param>
    public sealed record Cancelling(
        PaymentCase Case, UnpaidReason Reason, Pace Pace, int KeyNumber, PaymentOrder? Order, Sending? Unclear) : Known(Case);

    /// <summary>Money was captured although the payment had been given up: it is all owed back.</summary>
    public sealed record GivingBack(PaymentCase Case, UnpaidReason Reason, long CapturedMinor, long RefundedMinor, Pace Pace, int KeyNumber) : Known(Case);

    /// <summary>Final: it will never be captured.</summary>
    public sealed record Unpaid(PaymentCase Case, UnpaidReason Reason, string Code, DateTimeOffset FinalAt, Pace? Recheck = null) : Known(Case);

    /// <summary>Forgotten here, and a refund is asked for: Vipps is asked what it was. Its one refund hangs on the case.</summary>
    public sealed record Rebuilding(PaymentCase Case, Pace Pace) : Known(Case);

    /// <summary>What Vipps holds under this reference cannot be ours: nothing more is done to it, a person has to look.</summary>
    public sealed record Stopped(PaymentCase Case, string Why) : Known(Case);
}

/// <summary>Why a payment will never be captured.</summary>
public enum UnpaidReason
{
    Refused = 1,
    Expired,
    Cancelled,

    /// <summary>Vipps refused to create it; the code says why.</summary>
    NotCreated,

    /// <summary>Vipps could not be asked: nothing ever left.</summary>
    Unavailable,
}

/// <summary>What every stage of a payment needs.</summary>
/// <param name="CreateKey">Ends in a random part that came with the command, saved before the first byte leaves.</param>
/// <param name="EndsAt">When the customer's time to act is over. Vipps decides; this paces our own calls.</param>
/// <param name="Sent">When the last mutations ended, at most five: the vendor allows five a minute for one reference.</param>
/// <param name="News">Counts what the till should hear of; <paramref name="Told"/> is how much of it the till has acknowledged.</param>
/// <param name="Customer">Whose points a captured payment goes to; null for one that was begun before customers were kept.</param>
/// <param name="CapturedAt">When the money was first seen to be taken: whoever is a member then gets the points.</param>
/// <param name="Counted">With how much given back the customer has counted it; null: not yet.</param>
/// <param name="CountAt">Not before; null for at once.</param>
/// <param name="Way">The move by which the customer's member came to that number; null: the sale was under it.</param>
public sealed record PaymentCase(
    PaymentReference Reference,
    Msn Msn,
    string SaleId,
    Money Amount,
    string CreateKey,
    DateTimeOffset AskedAt,
    DateTimeOffset EndsAt,
    ImmutableArray<DateTimeOffset> Sent,
    ImmutableArray<Refund> Refunds,
    ImmutableArray<TimelineEntry> Timeline,
    DateTimeOffset TellAt,
    int News = 0,
    int Told = 0,
    CustomerId? Customer = null,
    DateTimeOffset? CapturedAt = null,
    long? Counted = null,
    DateTimeOffset? CountAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] string? Way = null)
{
    /// <summary>What has been given back so far at a till's asking: what the customer's points go by.</summary>
    [JsonIgnore]
    public long RefundedMinor => Refunds.Sum(refund => refund.Stage == RefundStage.Done ? refund.AmountMinor : 0);

    /// <summary>The till that waits for the outcome.</summary>
    [JsonIgnore]
    public TillId Till => Reference.Till;

    public const int TimelineMax = 40;

    /// <summary>Adds a line; in a long story the middle goes first.</summary>
    public PaymentCase Note(DateTimeOffset at, string what, string? by = null)
    {
        var timeline = Timeline.Length < TimelineMax ? Timeline : Timeline.RemoveAt(TimelineMax / 4);
        return this with { Timeline = timeline.Add(new TimelineEntry(at, what, by)) };
    }

    public PaymentCase Mutated(DateTimeOffset at) => this with
    {
        Sent = (Sent.Length < PaymentTimings.MutationsMax ? Sent : Sent.RemoveAt(0)).Add(at),
    };

    public PaymentCase Tell(DateTimeOffset at) => this with { News = News + 1, TellAt = at };
}

/// <summary>What the create needs and nothing later does: it goes with the first save after Vipps has answered.</summary>
public sealed record PaymentOrder(Msisdn Phone, string Description, ImmutableArray<OrderLine> Lines, int? MinimumAge);

/// <summary>How a repeated call is paced.</summary>
/// <param name="Tries">Outcomes so far that settled nothing.</param>
/// <param name="ReadFirst">Vipps is asked what is, before the call goes out again.</param>
/// <param name="Refused">The last answer was a definitive refusal: a read that shows no effect allows the next key.</param>
/// <param name="Missing">Reads in a row that said what one read alone is not believed for: nothing there, or open though it is final.</param>
public sealed record Pace(
    int Tries, DateTimeOffset NextAt, bool ReadFirst = false, string? Refused = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Missing = 0);

/// <summary>What is known of the creates that have left.</summary>
/// <param name="MayHaveLeft">Bytes of one may have reached Vipps.</param>
/// <param name="Unclear">One of them has an unknown outcome.</param>
/// <param name="LastAt">When the last one was sent, at the latest.</param>
/// <param name="Refused">The definitive refusal, when there was one: a read that finds nothing then makes it final.</param>
public sealed record Sending(bool MayHaveLeft, bool Unclear, DateTimeOffset LastAt, string? Refused = null);

/// <summary>One line of the story of a payment: when, what, by which call or whom.</summary>
public sealed record TimelineEntry(DateTimeOffset At, string What, string? By);

public enum RefundStage
{
    Owed = 1,
    Done,
    Refused,
}

/// <summary>Money that goes back.</summary>
/// <param name="Key">Built from the command that asked for it, never from a count; also the idempotency key at Vipps.</param>
/// <param name="AskedBy">The till that asked, which need not be the one that sold.</param>
/// <param name="By">Who, in the store's words.</param>
/// <param name="Rebuilt">The payment had been forgotten here: money moves, points do not.</param>
/// <param name="BaseMinor">
/// What had been given back before its first call, by anybody; null in what was stored before it was kept. Money can also be given back
/// in the vendor's portal, and must not be taken for this refund's.
/// </param>
/// <param name="Unclear">A call with its key may have had an effect that nobody has told.</param>
public sealed record Refund(
    string Key, TillId AskedBy, long AmountMinor, string By, string Why, RefundStage Stage, string Code, bool Rebuilt, bool Told,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long? BaseMinor = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Unclear = false)
{
    /// <summary>A <see cref="BaseMinor"/> that is still to be read.</summary>
    public const long NotRead = -1;
}
