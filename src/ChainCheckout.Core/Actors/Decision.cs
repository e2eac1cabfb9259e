namespace ChainCheckout.Core.Actors;

/// <summary>What a turn made of a message.</summary>
public enum Verdict
{
    /// <summary>Acted on.</summary>
    Accepted = 1,

    /// <summary>Seen before; fine; nothing changed.</summary>
    Duplicate,

    /// <summary>Illegal now; nothing changed but, where a command consumes its number, the stored reply.</summary>
    Rejected,
}

/// <summary>How much of a changed state has to be on disk before anybody is told.</summary>
public enum Keep
{
    /// <summary>Saved before the reply, the view and the next operation.</summary>
    Saved = 1,

    /// <summary>
    /// Only discharges a debt, or learns what a read would tell again: kept in memory and saved with the next change.
    /// </summary>
    InMemory,

    /// <summary>
    /// Nothing changes, and the reply ends what its sender owes: it is given only when nobody else has saved since, for an activation that
    /// was overtaken may not know what the debt is about.
    /// </summary>
    Confirmed,
}

/// <summary>The outcome of one turn: the next state, the reply, and whether the change must be durable first.</summary>
/// <param name="Alert">Not null: one Error record is logged and a person has to look.</param>
public readonly record struct Decision<TState, TReply>(
    Verdict Verdict, TState State, TReply Reply, Keep Keep = Keep.Saved, string? Alert = null);
