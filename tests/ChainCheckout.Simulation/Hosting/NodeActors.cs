using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Simulation.Faults;

namespace ChainCheckout.Simulation.Hosting;

/// <summary>
/// How a message from one machine reaches an actor, wherever it lives: it may be lost, come after its sender gave up, or be acted
/// on without the sender hearing of it.
/// </summary>
internal sealed class NodeActors(World world, Node node) : IActors
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public ValueTask<TillReply> SendAsync(TillId till, TillMessage message, CancellationToken cancellation = default) =>
        SendAsync(ActorId.Of(till), world.Machines.Till, message);

    public ValueTask<CustomerReply> SendAsync(CustomerId customer, CustomerMessage message, CancellationToken cancellation = default) =>
        SendAsync(ActorId.Of(customer), world.Machines.Customer, message);

    public ValueTask<PaymentReply> SendAsync(PaymentReference payment, PaymentMessage message, CancellationToken cancellation = default) =>
        SendAsync(ActorId.Of(payment), world.Machines.Payment, message);

    public ValueTask<SalesUnitReply> SendAsync(Msn salesUnit, SalesUnitMessage message, CancellationToken cancellation = default) =>
        SendAsync(ActorId.Of(salesUnit), world.Machines.SalesUnit, message);

    public ValueTask<StoreReply> SendAsync(int store, StoreMessage message, CancellationToken cancellation = default) =>
        SendAsync(ActorId.OfStore(store), world.Machines.Store, message);

    public ValueTask<LoginReply> SendAsync(LoginId login, LoginMessage message, CancellationToken cancellation = default) =>
        SendAsync(ActorId.Of(login), world.Machines.Login, message);

    public ValueTask WakeAsync(ActorId id, bool stored, CancellationToken cancellation = default)
    {
        var call = new TaskCompletionSource();
        var there = world.Whereabouts.Find(id);
        var givesUp = node.After(Patience, () => call.TrySetException(new TimeoutException($"{id} did not wake in time")));
        there.After(world.Chance.Seconds(0, 0.004), () => world.Whereabouts.Live(there, id).Wake(
            stored, () => node.After(TimeSpan.Zero, () => End(call.TrySetResult)), failure => node.After(TimeSpan.Zero, () => End(() => call.TrySetException(failure)))));
        return new ValueTask(call.Task);

        void End(Func<bool> end)
        {
            givesUp.CallOff();
            end();
        }
    }

    private ValueTask<TReply> SendAsync<TState, TMessage, TReply>(ActorId id, IMachine<TState, TMessage, TReply> machine, TMessage message)
        where TState : class
        where TMessage : class
    {
        if (!node.IsUp) return new ValueTask<TReply>(Node.Never<TReply>());
        var call = new TaskCompletionSource<TReply>();
        var givesUp = node.After(Patience, () => call.TrySetException(new TimeoutException($"{id} did not answer in time")));
        if (world.Faults.Strikes(FaultKind.MessageLost)) return new ValueTask<TReply>(call.Task);

        var there = world.Whereabouts.Find(id);
        var delay = world.Faults.Strikes(FaultKind.MessageLate) ? world.Chance.Seconds(1, 30) : world.Chance.Seconds(0, 0.004);
        there.After(delay, () => world.Whereabouts.Live(there, id, machine).Send(message, Answer, Fail));
        return new ValueTask<TReply>(call.Task);

        void Answer(TReply reply)
        {
            if (world.Faults.Strikes(FaultKind.ReplyLost)) return;
            node.After(world.Chance.Seconds(0, 0.004), () =>
            {
                givesUp.CallOff();
                call.TrySetResult(reply);
            });
        }

        void Fail(Exception failure) => node.After(world.Chance.Seconds(0, 0.004), () =>
        {
            givesUp.CallOff();
            call.TrySetException(failure);
        });
    }
}

/// <summary>What shells say. Every word of it is looked at: no personal value may stand in it.</summary>
internal sealed class NodeLog(World world) : IShellLog
{
    public void Alert(ActorId id, string what)
    {
        world.Alerts.Add((id, what));
        world.Trace.Say(id.ToString(), $"ALERT {what}");
        world.Checks.Logged(world.Bugs.Log($"ALERT {id}: {what}", id));
    }

    public void StorageFailed(ActorId id, Exception failure)
    {
        world.Trace.Say(id.ToString(), $"save failed: {failure.Message}");
        world.Checks.Logged(world.Bugs.Log($"{id}: {failure}", id));
    }

    public void OperationFailed(ActorId id, string operation, Exception failure)
    {
        world.Trace.Say(id.ToString(), $"{operation} failed: {failure.Message}");
        world.Checks.Logged(world.Bugs.Log($"{id} {operation}: {failure}", id));
        world.Checks.TurnFailed(id, failure);
    }
}

/// <summary>Views on their way from a machine to the tills that it knows of.</summary>
internal sealed class NodeWatchers(World world, Node node) : IWatchers
{
    public bool IsWatched(ActorId id) => id.Kind == ActorKind.Till && world.TillAt(id) is not null;

    public void Push(ActorId id, object view)
    {
        if (world.TillAt(id) is not { } till || world.Faults.Strikes(FaultKind.ViewLost)) return;
        node.After(world.Chance.Seconds(0, 0.05), () => till.Show((TillView)view));
    }
}
