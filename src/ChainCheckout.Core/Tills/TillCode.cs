using System.Text.Json.Serialization;

namespace ChainCheckout.Core.Tills;

/// <summary>
/// Every code that a till can be shown, in a view or a reply. Sent and stored by name; never rename or reuse one.
/// <see cref="Texts"/> has a cashier's words for each in five languages.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<TillCode>))]
public enum TillCode
{
    // Views: how the sale at hand stands.
    Idle = 1,
    NoCustomer,
    Identifying,
    CustomerKnown,

    /// <summary>Vipps did not know the scanned code.</summary>
    CodeRefused,

    /// <summary>The scanned code was made too long ago: a picture of one, perhaps.</summary>
    CodeTooOld,

    /// <summary>Vipps could not be asked about the code: type the number.</summary>
    CodeUnavailable,
    Sending,
    WaitingForCustomer,
    Approved,
    Checking,
    Cancelling,
    PaymentRefused,
    PaymentExpired,
    PaymentCancelled,

    /// <summary>No such payer, or one that may not pay here, or too young: the vendor does not tell which (7010).</summary>
    CustomerCannotPay,
    PaymentNotPossible,
    VippsUnavailable,
    Paid,
    Completed,

    /// <summary>Lost state: a person has to look; go on with the next customer.</summary>
    CallSupport,

    /// <summary>The till remembers more than its server does: no payment until an operator releases it.</summary>
    Held,

    /// <summary>The payment waits until the customer has answered whether to join.</summary>
    PaymentHeld,

    /// <summary>This till's customer has been scanned at another till since.</summary>
    CustomerElsewhere,

    // Replies: done.
    Scanned = 100,
    PushOrdered,
    CancelOrdered,
    Closed,
    RefundOrdered,
    EnrolOrdered,

    // Replies: refused, and nothing left the shop.
    QrEmpty = 200,
    QrTooLong,
    QrUnreadable,
    QrCardNumber,
    QrOtherHost,
    PhoneInvalid,
    StillIdentifying,
    PaymentOpen,
    SaleOpen,
    SaleCompleted,
    AlreadyPaid,
    NothingToCancel,
    WrongCurrency,
    AmountOutOfRange,
    LinesDoNotSum,
    LineInvalid,
    NotSupported,
    MinimumAgeOutOfRange,
    TenderUnknown,
    RefundOpen,
    NotAllowedForScanner,

    /// <summary>The membership register has not answered: nobody is asked to join who may be a member.</summary>
    MembershipUnknown,
    AlreadyMember,

    /// <summary>Completed sales of members wait to be counted; the till takes no more of them for the moment.</summary>
    TooManyUncounted,

    // Refunds, in the view.
    RefundAsked = 300,
    RefundDone,
    RefundTooLarge,
    RefundNotPaid,
    RefundUnknownPayment,
    RefundOtherStore,

    /// <summary>Vipps refused the refund, with a code for support.</summary>
    RefundRefused,

    /// <summary>Done, for a sale that is no longer kept here: points were not taken back.</summary>
    RefundDoneWithoutPoints,

    // Enrolments, in the view.
    EnrolAsking = 400,
    EnrolWaiting,
    EnrolJoined,
    EnrolDenied,
    EnrolExpired,

    /// <summary>The customer's app has to be updated first.</summary>
    EnrolOldApp,

    /// <summary>No account with this number, an inactive one, or too young: the vendor does not tell which.</summary>
    EnrolNoUser,

    /// <summary>Another login is open on the customer's phone.</summary>
    EnrolTooMany,
    EnrolUnavailable,

    /// <summary>Nobody knows whether the customer was asked, or what was answered.</summary>
    EnrolUnknown,

    /// <summary>Approved on a phone with another number.</summary>
    EnrolOtherNumber,

    /// <summary>Approved without sharing what a membership needs.</summary>
    EnrolNotShared,

    /// <summary>Another till has asked this customer and waits for the answer.</summary>
    EnrolElsewhere,
}
