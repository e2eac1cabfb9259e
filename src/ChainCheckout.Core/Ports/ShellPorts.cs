namespace ChainCheckout.Core.Ports;

/// <summary>Runs owed operations: one place that maps operation → call → message. It may lose work; the state still owes it.</summary>
public interface IOperations
{
    /// <summary>Does what is owed and gives the outcome as a message of that actor's kind. What it throws is an unknown outcome.</summary>
    Task<object> RunAsync(ActorId actor, object operation, CancellationToken cancellation);
}

/// <summary>Who watches actors: gateways that hold tills' connections.</summary>
public interface IWatchers
{
    bool IsWatched(ActorId id);

    /// <summary>Never throws, never waits: a lost view is mended by the watcher's next question.</summary>
    void Push(ActorId id, object view);
}

/// <summary>What the shell tells the people who run it. Only numbered, clean records: no state, no personal value.</summary>
public interface IShellLog
{
    void Alert(ActorId id, string what);

    void StorageFailed(ActorId id, Exception failure);

    void OperationFailed(ActorId id, string operation, Exception failure);
}

/// <summary>Everything that a shell needs from its host.</summary>
/// <param name="NewActivation">A number that no other activation has: chance, handed in.</param>
public sealed record ShellPorts(
    IActorStorage Storage,
    IStateCodec Codec,
    IOperations Operations,
    IWatchers Watchers,
    IShellLog Log,
    TimeProvider Clock,
    Func<long> NewActivation);
