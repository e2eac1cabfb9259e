namespace ChainCheckout.Simulation.Faults;

/// <summary>Everything that can go wrong in a simulated chain. Every kind occurs in a run of all seeds, or the run says so.</summary>
public enum FaultKind
{
    // Processes and machines.
    PowerLost,
    PowerLostAtSave,
    PowerLostAtCall,
    Zombie,
    SecondActivation,
    Retired,
    ClockJumped,
    ClockSkewed,

    // Storage.
    SaveRefused,
    SaveAcknowledgementLost,
    SaveLate,
    LoadFailed,
    RolledBack,

    // Between actors.
    MessageLost,
    MessageLate,
    ReplyLost,

    // Vipps: effect and answer apart.
    NoEffectServerError,
    EffectServerError,
    EffectAnswerLost,
    EffectLate,
    AnswerUnreadable,
    NeverSent,
    TooManyRequests,
    Locked,
    TokenExpired,
    StickyRefusal,
    Conflict,
    Processing,
    CaptureFailed,
    ReadStale,
    VippsDown,

    // The customer.
    CustomerAborted,
    CustomerIgnored,
    ApprovedAtTheLastSecond,
    ApprovedDuringCancel,

    // Webhooks.
    WebhookLost,
    WebhookTwice,
    WebhookLate,
    WebhookDaysLate,
    WebhookEarly,

    // Check-in, scan, login, loyalty, register.
    CheckInFailed,
    CheckInSlow,
    ScanFailed,
    RegisterSlow,
    LoginPendingLong,
    LoginSlowDown,
    LoginDenied,
    LoginExpired,
    LoginAnswerLost,
    PingTwice,
    PingEarly,
    PingLost,
    LoyaltyAway,
    LoyaltyPoison,
    LoyaltyAnswerLost,
    LoyaltyTooMany,

    // Tills.
    TillCrashed,
    TillRestoredFromBackup,
    TillDisconnected,
    TillStayedAway,
    CommandRepeated,
    NumberReused,
    ViewLost,
    ScannerBeside,

    // Operators, and numbers that have new owners: nothing goes wrong by them, but whatever is under way has to bear it.
    MoveSlow,
    MemberMoved,
    MemberMovedBack,
    MovedOntoMember,
    CustomerErased,
    StrangerImported,
    MemberPublishedAnew,
    LetterReplayed,
    LetterDropped,
    NumberRecycled,
}
