using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;

namespace ChainCheckout.Core.Ports;

/// <summary>
/// How a message reaches an actor, wherever it lives: a mailbox in this process, a grain in a cluster. A call that throws
/// has an unknown outcome.
/// </summary>
public interface IActors
{
    ValueTask<TillReply> SendAsync(TillId till, TillMessage message, CancellationToken cancellation = default);

    ValueTask<CustomerReply> SendAsync(CustomerId customer, CustomerMessage message, CancellationToken cancellation = default);

    ValueTask<PaymentReply> SendAsync(PaymentReference payment, PaymentMessage message, CancellationToken cancellation = default);

    ValueTask<SalesUnitReply> SendAsync(Msn salesUnit, SalesUnitMessage message, CancellationToken cancellation = default);

    ValueTask<StoreReply> SendAsync(int store, StoreMessage message, CancellationToken cancellation = default);

    ValueTask<LoginReply> SendAsync(LoginId login, LoginMessage message, CancellationToken cancellation = default);

    /// <summary>Wakes an actor that still owes something; <paramref name="stored"/>: its stored wake-up came due and has to be settled.</summary>
    ValueTask WakeAsync(ActorId id, bool stored, CancellationToken cancellation = default);
}

/// <summary>Too many messages wait at one actor, or in the process. Nothing was done; come back later.</summary>
public sealed class ActorBusyException(ActorId id) : Exception($"{id} has too many messages waiting.");

/// <summary>The actor stopped because its storage went back in time, or holds what cannot be read. An operator has to look.</summary>
public sealed class ActorStoppedException(ActorId id, Exception? inner = null)
    : Exception($"{id} stopped: what is stored of it is older than what it saved, or cannot be read.", inner);

/// <summary>The actor's process cannot be reached for the moment. The outcome is unknown.</summary>
/// <param name="why">One line; names processes and actors, never persons.</param>
public sealed class ActorOutOfReachException(string why) : Exception(why);

/// <summary>What a record tells of a failure: one line where another process did not answer, for where that was waited for says nothing.</summary>
public static class FailureTexts
{
    public static string ToLine(this Exception failure) => $"{failure.GetType().Name}: {failure.Message.Split('\n')[0]}";

    /// <summary>What is to be told with its stack; null where the line is all.</summary>
    public static Exception? ToStack(this Exception failure) => failure is ActorOutOfReachException or ActorBusyException or TimeoutException ? null : failure;
}
