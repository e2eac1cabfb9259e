namespace ChainCheckout.Core.Actors;

/// <summary>Whether the receiver of an operation recognises a repeat.</summary>
public enum Repeat
{
    /// <summary>It does: ePayment with its key, another actor, a read. Sent again after a crash.</summary>
    Repeatable = 1,

    /// <summary>
    /// It does not. "Started" is saved before the call leaves; found started after a load, it is not sent again and its
    /// outcome is unknown.
    /// </summary>
    Once,
}

/// <summary>What a state still owes the world, as data.</summary>
/// <param name="Name">Unique within the actor; two states that owe the same thing use the same name.</param>
/// <param name="DueAt">When to start it; a time past means now.</param>
/// <param name="Operation">What to do: one of the actor's closed set of operations.</param>
/// <param name="Mutation">
/// It changes something at Vipps: of these, one at a time is in flight per actor, and each leaves only when nobody else has saved since.
/// </param>
public sealed record Owed(
    string Name, DateTimeOffset DueAt, object Operation, Repeat Repeat = Repeat.Repeatable, bool Mutation = false);
