using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Stores;

namespace ChainCheckout.Core.Tills;

/// <summary>What a POS or scanner can ask for, already well-formed.</summary>
public abstract record TillCommand
{
    private TillCommand()
    {
    }

    public sealed record Scan(string Qr, string? SaleId) : TillCommand;

    /// <summary>A number that the cashier typed.</summary>
    public sealed record Phone(string Typed, string? SaleId) : TillCommand;

    public sealed record Pay(
        string SaleId, long AmountMinor, string Currency, ImmutableArray<OrderLine> Lines, bool HasCoupons, int? MinimumAge) : TillCommand;

    /// <summary>Cancels the payment in flight.</summary>
    public sealed record Cancel(string SaleId) : TillCommand;

    /// <summary>Completed by another tender: the customer paid otherwise.</summary>
    public sealed record Complete(string SaleId, string Tender, long AmountMinor, string Currency, ImmutableArray<OrderLine> Lines) : TillCommand;

    /// <summary>Ends a sale that has no payment in flight, or drops the customer where there is no sale.</summary>
    public sealed record Close(string? SaleId) : TillCommand;

    public sealed record Refund(string Reference, long AmountMinor, string Currency, string By, string Why) : TillCommand;

    /// <summary>Asks the customer's phone whether to join.</summary>
    /// <param name="Replace">The customer says that the membership under this number is somebody else's.</param>
    public sealed record Enrol(string? SaleId, bool Replace) : TillCommand;
}

/// <summary>Everything that a till can be told.</summary>
public abstract record TillMessage
{
    private TillMessage()
    {
    }

    /// <summary>A (till, role) proved who it is. What it remembers shows whether the server has lost something.</summary>
    public sealed record Hello(TillRole Role, uint LastEpoch, uint LastAnswered, StoreProfile Profile) : TillMessage;

    /// <param name="Hash">Keyed hash of the command alone: a repeat has the same.</param>
    /// <param name="Random">Chance, handed in: 10 hex digits.</param>
    public sealed record Command(TillRole Role, uint Session, uint Number, string Hash, string Random, TillCommand Body) : TillMessage;

    /// <summary>The gateway lost the connection of this session.</summary>
    public sealed record Gone(TillRole Role, uint Session) : TillMessage;

    /// <summary>The gateway of this session has seen the view with this version; is there a newer one?</summary>
    public sealed record Watch(TillRole Role, uint Session, long Seen) : TillMessage;

    /// <summary>An operator looked and lets a held till pay again.</summary>
    public sealed record Release : TillMessage;

    /// <summary>For the operator's timeline: which payments does this sale have?</summary>
    public sealed record Tell : TillMessage;

    public sealed record Exchanged(long Number, VippsResult<QrExchanged> Result) : TillMessage;

    public sealed record Loaded : TillMessage
    {
        public static readonly Loaded Instance = new();
    }

    /// <param name="Card">Null: the customer could not be reached.</param>
    public sealed record CustomerMet(CustomerId Id, bool Reached, MemberCard? Card = null) : TillMessage;

    /// <summary>The customer of this visit has been scanned at another till.</summary>
    public sealed record CustomerElsewhere(CustomerId Id, string Visit) : TillMessage;

    /// <summary>This person is erased: nothing of them stays here, unless a payment of theirs is open; then it is asked again.</summary>
    public sealed record Forget(CustomerId Id) : TillMessage;

    /// <summary>The enrolment says how it stands, by itself or asked.</summary>
    public sealed record EnrolmentSays(EnrolmentStatus Status) : TillMessage;

    /// <summary>It could not be asked, and is asked again.</summary>
    public sealed record EnrolmentSilent(string Key) : TillMessage;

    /// <summary>A payment has waited for an enrolment as long as it may.</summary>
    public sealed record HeldLongEnough(string SaleId) : TillMessage;

    /// <summary>The customer has counted the sale, or could not be reached.</summary>
    /// <param name="Moved">Where the member is now, who is to be told there.</param>
    public sealed record CreditTold(PaymentReference Reference, bool Reached, CustomerReply.Moved? Moved = null) : TillMessage;

    /// <summary>The payment says how it stands, by itself or asked.</summary>
    public sealed record PaymentSays(PaymentStatus Status) : TillMessage;

    /// <summary>The payment could not be asked: its outcome is unknown, and it is asked again.</summary>
    public sealed record PaymentSilent(PaymentReference Reference) : TillMessage;

    /// <summary>The payment knows nothing, or refuses: state was lost.</summary>
    public sealed record PaymentLost(PaymentReference Reference, string Code) : TillMessage;

    public sealed record RefundSays(string Key, RefundStage Stage, string Code, bool Rebuilt) : TillMessage;

    public sealed record RefundRefused(string Key, string Code) : TillMessage;

    public sealed record RefundSilent(string Key) : TillMessage;

    /// <summary>Nobody came back to a till whose payment is open.</summary>
    public sealed record StayedAway : TillMessage;
}

/// <summary>What a till answers.</summary>
public abstract record TillReply
{
    private TillReply()
    {
    }

    public sealed record Welcome(uint Session, uint Epoch, uint LastApplied, TillView View) : TillReply;

    /// <summary>The reply to a command, also to a repeated one.</summary>
    public sealed record Answer(TillAnswer Reply) : TillReply;

    /// <summary>Refused without consuming a number.</summary>
    /// <param name="Code"><c>StaleSession</c>, <c>SequenceGap</c>, <c>SequenceReused</c> or <c>EpochOutOfRange</c>; of a
    /// <see cref="TillMessage.Forget"/> <c>PaymentOpen</c>.</param>
    public sealed record NotApplied(string Code, uint LastApplied) : TillReply;

    /// <param name="Newer">Null when the watcher has the newest view.</param>
    public sealed record Watched(TillView? Newer) : TillReply;

    public sealed record Done : TillReply
    {
        public static readonly Done Instance = new();
    }

    public sealed record Told(Sale Sale, string? Held, DayTotals Today) : TillReply;
}

/// <summary>What a till can owe.</summary>
public abstract record TillOperation
{
    private TillOperation()
    {
    }

    public sealed record Exchange(Msn Msn, QrText Qr, long Number) : TillOperation;

    public sealed record MeetCustomer(CustomerId Id, Msisdn Phone, TillId At, Msn Msn, string Visit, bool IsFirst) : TillOperation;

    public sealed record AskEnrolment(CustomerId Id, CustomerMessage.Enrol Message) : TillOperation;

    public sealed record TellCredit(OwedCredit Credit) : TillOperation;

    /// <summary>Nothing leaves: the payment is sent now.</summary>
    public sealed record StopHolding(string SaleId) : TillOperation;

    /// <summary>Start, Cancel or Ask.</summary>
    public sealed record TellPayment(PaymentReference Reference, PaymentMessage Message) : TillOperation;

    public sealed record AskRefund(PaymentMessage.GiveBack Message) : TillOperation;

    /// <summary>Nothing leaves: the time is up.</summary>
    public sealed record GiveUpWaiting : TillOperation;
}
