namespace ChainCheckout.Simulation.Mutants;

/// <summary>A bug on purpose: a checker that does not notice it checks nothing.</summary>
public enum Mutant
{
    None = 0,

    // The fifteen that every proof of this product has to notice.
    NewKeyEachRetry,
    AcknowledgedBeforeWritten,
    WebhookActsByItself,
    SignatureNotChecked,
    CaptureOnWebhookAlone,
    VersionIgnored,
    BodyChangedOnRetry,
    TimeoutIsRefusal,
    EventIdNewEachTry,
    EventDroppedBeforeAccepted,
    ParserTrustsLength,
    PhoneInLog,
    NumberNotStored,
    CancelledIsCaptured,
    PollsWithoutBound,

    // And more of the kind.
    HoldIgnored,
    CheckingIsUnpaid,
    ApprovedIsPaid,
    RefundTwice,
    DeniedIsJoined,
    CheckInTwice,
    PoisonBlocks,
    EventsOutOfOrder,
    CreditCountedTwice,
    LoyaltyBlocksPayment,
    TimeIsFinal,
    WakeNotStored,
    AmountOffByOne,
    MembershipGuessed,
    ViewNumbersRepeat,
    CountedWhileMoving,
    ErasedEnrolmentForgotten,
    ReplaySendsWhatWasStored,
    ReplacedWithoutAWord,
    LateMoveArrivesAgain,
}
