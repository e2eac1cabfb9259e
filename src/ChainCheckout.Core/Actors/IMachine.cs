using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core.Ports;

namespace ChainCheckout.Core.Actors;

/// <summary>
/// One kind of actor, pure: no clock, no chance, no I/O. The shell gives it life.
/// </summary>
public interface IMachine<TState, TMessage, TReply>
    where TState : class
    where TMessage : class
{
    ActorKind Kind { get; }

    /// <summary>The state of an actor that storage does not know.</summary>
    TState Initial(string key);

    /// <summary>The next state and the reply. The same state instance means that nothing changed.</summary>
    Decision<TState, TReply> Decide(TState state, TMessage message, DateTimeOffset now);

    /// <summary>What this state still owes the world, in the order in which it is to be started.</summary>
    ImmutableArray<Owed> Owed(TState state);

    /// <summary>
    /// The message that tells the actor that it has just been read from storage. What was in flight before is unknown.
    /// Null where a load makes no difference.
    /// </summary>
    TMessage? Loaded { get; }

    /// <summary>The message that says, in the state, that a <see cref="Repeat.Once"/> operation is about to leave.</summary>
    TMessage Starting(object operation);

    /// <summary>The outcome "unknown" of an operation that was started and whose answer is lost, or that threw.</summary>
    TMessage Lost(object operation);

    /// <summary>What an operator has to be able to find this actor by.</summary>
    ActorFlags Flags(TState state);

    /// <summary>When storage may delete this state; null for never.</summary>
    DateTimeOffset? ForgetAt(TState state);

    /// <summary>What somebody who watches should see; null where nobody watches this kind, or nothing of it changed.</summary>
    object? View(TState state, DateTimeOffset now);

    JsonTypeInfo<TState> StateJson(IStateCodec codec);
}
