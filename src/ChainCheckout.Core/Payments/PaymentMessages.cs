using System.Text.Json.Serialization;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Ports;

namespace ChainCheckout.Core.Payments;

/// <summary>Everything that a payment can be told.</summary>
public abstract record PaymentMessage
{
    private PaymentMessage()
    {
    }

    /// <summary>A till asks for this payment. The same again is a duplicate; the same reference with another amount is lost state.</summary>
    /// <param name="MayBeBegun">It may have been asked for before, by somebody whom storage has lost: Vipps is asked first.</param>
    public sealed record Start(
        PaymentReference Reference, Msn Msn, string SaleId, Money Amount, string Random, PaymentOrder Order, CustomerId? Customer = null,
        bool MayBeBegun = false) : PaymentMessage;

    /// <summary>The cashier gave it up. A customer who approves at this moment is let go, unless the capture is already owed.</summary>
    public sealed record Cancel : PaymentMessage;

    /// <summary>How does it stand?</summary>
    public sealed record Ask : PaymentMessage;

    /// <summary>For the operator: the whole state, with its timeline.</summary>
    public sealed record Tell : PaymentMessage;

    /// <param name="Msn">The sales unit of the store, for a payment that was forgotten here.</param>
    public sealed record GiveBack(PaymentReference Reference, Msn Msn, string Key, TillId AskedBy, Money Amount, string By, string Why) : PaymentMessage;

    /// <summary>A verified webhook: go and read. Nothing of it is believed.</summary>
    /// <param name="Event"><c>AUTHORIZED</c>, <c>CAPTURED</c>, …</param>
    public sealed record Hint(string Event) : PaymentMessage;

    public sealed record Loaded : PaymentMessage
    {
        public static readonly Loaded Instance = new();
    }

    public sealed record CreateAnswered(VippsResult<PaymentCreated> Result) : PaymentMessage;

    public sealed record ReadAnswered(VippsResult<PaymentRead?> Result) : PaymentMessage;

    public sealed record CaptureAnswered(VippsResult<PaymentRead> Result) : PaymentMessage;

    public sealed record CancelAnswered(VippsResult<PaymentRead> Result) : PaymentMessage;

    public sealed record RefundAnswered(string Key, VippsResult<PaymentRead> Result) : PaymentMessage;

    /// <summary>The till acknowledged the news up to here (or could not be reached: <paramref name="Reached"/>).</summary>
    public sealed record TillTold(int News, bool Reached) : PaymentMessage;

    /// <summary>The customer has counted the sale with so much of it given back, or could not be reached.</summary>
    /// <param name="Moved">Where the member is now, who is to be told there.</param>
    public sealed record CustomerTold(long RefundedMinor, bool Reached, CustomerReply.Moved? Moved = null) : PaymentMessage;

    public sealed record RefundTold(string Key, bool Reached) : PaymentMessage;
}

/// <summary>What a payment answers.</summary>
public abstract record PaymentReply
{
    private PaymentReply()
    {
    }

    public sealed record Status(PaymentStatus Of) : PaymentReply;

    /// <summary>Nothing is known under this reference.</summary>
    public sealed record UnheardOf : PaymentReply;

    /// <summary>Refused, and nothing changed.</summary>
    public sealed record Refused(string Code, string? Field) : PaymentReply;

    public sealed record RefundStatus(string Key, RefundStage Stage, string Code, long AmountMinor, bool Rebuilt) : PaymentReply;

    public sealed record Story(PaymentState State) : PaymentReply;

    public sealed record Done : PaymentReply
    {
        public static readonly Done Instance = new();
    }
}

/// <summary>How a payment stands, as its till needs to know.</summary>
public enum PaymentStanding
{
    /// <summary>The push is on its way to Vipps.</summary>
    Sending = 1,

    /// <summary>An outcome is unknown and is being found out.</summary>
    Checking,

    /// <summary>With the customer.</summary>
    Waiting,

    /// <summary>Approved; the money is being taken.</summary>
    Capturing,

    Captured,

    Cancelling,

    /// <summary>Will never be captured: from saved state.</summary>
    Unpaid,

    /// <summary>Lost state: a person has to look.</summary>
    Stopped,
}

/// <param name="News">Counts up: of two statuses the higher one is newer.</param>
/// <param name="Code">The vendor's code behind a NotCreated, or empty.</param>
public sealed record PaymentStatus(
    PaymentReference Reference, PaymentStanding Standing, int News, Money Amount, UnpaidReason? Reason, string Code, DateTimeOffset? EndsAt);

/// <summary>What a payment can owe.</summary>
public abstract record PaymentOperation
{
    private PaymentOperation()
    {
    }

    public sealed record Create(CreatePayment Request) : PaymentOperation;

    public sealed record Read(ReadPayment Request) : PaymentOperation;

    public sealed record Capture(ChangePayment Request) : PaymentOperation;

    public sealed record Cancel(ChangePayment Request) : PaymentOperation;

    public sealed record GiveBack(ChangePayment Request) : PaymentOperation;

    public sealed record TellTill(TillId Till, PaymentStatus Status) : PaymentOperation;

    public sealed record TellCustomer(CustomerId Customer, CustomerMessage.Credit Credit) : PaymentOperation;

    public sealed record TellRefund(PaymentReference Reference, Refund Refund) : PaymentOperation;
}
