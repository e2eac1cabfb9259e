namespace ChainCheckout.Core.Actors;

/// <summary>Marks that an operator can list actors by. The numbers are stored: never reuse one.</summary>
[Flags]
public enum ActorFlags
{
    None = 0,

    /// <summary>Something that must not happen happened; the actor stopped. A person has to look.</summary>
    Alert = 1,

    /// <summary>An outcome at Vipps is unknown and is being found out.</summary>
    UnknownOutcome = 2,

    /// <summary>Something could not be delivered and was put aside.</summary>
    DeadLetter = 4,

    /// <summary>Paid, and the till has not been seen since.</summary>
    PaidNotSeen = 8,

    /// <summary>A till that remembers more than its server does: no new attempt until an operator releases it.</summary>
    Held = 16,

    /// <summary>Vipps has yet to be told something. No reason to look, unless it stays.</summary>
    Unpublished = 32,
}
