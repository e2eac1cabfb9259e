using System.Collections.Concurrent;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;

namespace ChainCheckout.Standalone.Actors;

/// <summary>The machines of every kind of actor, with their settings.</summary>
public sealed record Machines(Till Till, Customer Customer, Payment Payment, SalesUnit SalesUnit, Store Store, Login Login);

/// <summary>Every actor of the chain in this process: a mailbox each while it has something to do, storage otherwise.</summary>
public sealed class InProcessActors(Machines machines, TimeProvider clock) : IActors
{
    /// <summary>A login lives 15 minutes at most.</summary>
    private static readonly TimeSpan LoginKept = TimeSpan.FromMinutes(16);

    private readonly ConcurrentDictionary<ActorId, IMailbox> _live = new();
    private ShellPorts? _ports;

    /// <summary>Activations in memory now.</summary>
    public int LiveCount => _live.Count;

    /// <summary>Activations in memory now, by kind; walks through all of them.</summary>
    public IReadOnlyDictionary<ActorKind, int> LiveByKind()
    {
        var sums = new Dictionary<ActorKind, int>();
        foreach (var (id, _) in _live) sums[id.Kind] = sums.GetValueOrDefault(id.Kind) + 1;
        return sums;
    }

    /// <summary>The ports need the actors (an operation may tell one), so they are handed in after construction, once.</summary>
    public void Use(ShellPorts ports) => _ports = ports;

    public ValueTask<TillReply> SendAsync(TillId till, TillMessage message, CancellationToken cancellation = default) =>
        SendAsync(ActorId.Of(till), machines.Till, message, cancellation);

    public ValueTask<CustomerReply> SendAsync(CustomerId customer, CustomerMessage message, CancellationToken cancellation = default) =>
        SendAsync(ActorId.Of(customer), machines.Customer, message, cancellation);

    public ValueTask<PaymentReply> SendAsync(PaymentReference payment, PaymentMessage message, CancellationToken cancellation = default) =>
        SendAsync(ActorId.Of(payment), machines.Payment, message, cancellation);

    public ValueTask<SalesUnitReply> SendAsync(Msn salesUnit, SalesUnitMessage message, CancellationToken cancellation = default) =>
        SendAsync(ActorId.Of(salesUnit), machines.SalesUnit, message, cancellation);

    public ValueTask<StoreReply> SendAsync(int store, StoreMessage message, CancellationToken cancellation = default) =>
        SendAsync(ActorId.OfStore(store), machines.Store, message, cancellation);

    public ValueTask<LoginReply> SendAsync(LoginId login, LoginMessage message, CancellationToken cancellation = default) =>
        SendAsync(ActorId.Of(login), machines.Login, message, cancellation);

    public async ValueTask WakeAsync(ActorId id, bool stored, CancellationToken cancellation = default)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!Live(id).TryWake(stored, done)) cancellation.ThrowIfCancellationRequested();
        await done.Task.WaitAsync(cancellation);
    }

    /// <summary>The wall clock has jumped: every timer was set by the old one.</summary>
    public void WakeAll()
    {
        foreach (var mailbox in _live.Values) mailbox.TryWake(stored: false, done: null);
    }

    /// <summary>
    /// Lets go of actors that have done nothing for <paramref name="idleFor"/> and have nothing due in that time. Tills stay: there
    /// are only so many, and a till that was read from storage no longer knows whose phone it has checked in, so it checks in none.
    /// </summary>
    public async Task RetireIdleAsync(TimeSpan idleFor)
    {
        foreach (var (id, mailbox) in _live)
        {
            if (id.Kind == ActorKind.Till) continue;

            // A ping comes when the customer has answered, and finds nobody where its login's actor is gone.
            var after = id.Kind == ActorKind.Login && idleFor < LoginKept ? LoginKept : idleFor;
            if (clock.GetElapsedTime(mailbox.LastTurnAt) >= after) await mailbox.TryRetireAsync(after, evenIfTimed: false);
        }
    }

    /// <summary>
    /// Lets one actor go, because another process is to have it: waits for its work in flight, at most <paramref name="most"/>, and
    /// then cuts it off. What is cut off is an unknown outcome to whoever reads it from storage next.
    /// </summary>
    public async Task LeaveAsync(ActorId id, TimeSpan most)
    {
        var started = clock.GetTimestamp();
        while (_live.TryGetValue(id, out var mailbox))
        {
            if (await mailbox.TryRetireAsync(TimeSpan.Zero, evenIfTimed: true)) continue;
            if (clock.GetElapsedTime(started) > most) mailbox.Abandon();
            else await Task.Delay(TimeSpan.FromMilliseconds(20), clock);
        }
    }

    /// <summary>Waits for work in flight, at most <paramref name="most"/>; what is still owed then is in storage.</summary>
    public async Task DrainAsync(TimeSpan most)
    {
        var started = clock.GetTimestamp();
        while (!_live.IsEmpty && clock.GetElapsedTime(started) < most)
        {
            foreach (var mailbox in _live.Values) await mailbox.TryRetireAsync(TimeSpan.Zero, evenIfTimed: true);
            if (!_live.IsEmpty) await Task.Delay(TimeSpan.FromMilliseconds(20), clock);
        }
    }

    private async ValueTask<TReply> SendAsync<TState, TMessage, TReply>(
        ActorId id, IMachine<TState, TMessage, TReply> machine, TMessage message, CancellationToken cancellation)
        where TState : class
        where TMessage : class
    {
        var done = new TaskCompletionSource<TReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!Live(id, machine).TrySend(message, done)) cancellation.ThrowIfCancellationRequested();
        return await done.Task.WaitAsync(cancellation);
    }

    private IMailbox Live(ActorId id) => id.Kind switch
    {
        ActorKind.Till => Live(id, machines.Till),
        ActorKind.Customer => Live(id, machines.Customer),
        ActorKind.Payment => Live(id, machines.Payment),
        ActorKind.SalesUnit => Live(id, machines.SalesUnit),
        ActorKind.Store => Live(id, machines.Store),
        ActorKind.Login => Live(id, machines.Login),
        _ => throw new System.Diagnostics.UnreachableException($"No machine for {id.Kind}."),
    };

    private Mailbox<TState, TMessage, TReply> Live<TState, TMessage, TReply>(ActorId id, IMachine<TState, TMessage, TReply> machine)
        where TState : class
        where TMessage : class
    {
        if (_live.TryGetValue(id, out var known)) return (Mailbox<TState, TMessage, TReply>)known;
        var made = new Mailbox<TState, TMessage, TReply>(id, machine, _ports ?? throw new InvalidOperationException("Use() comes first."), Retired);
        return (Mailbox<TState, TMessage, TReply>)_live.GetOrAdd(id, made);
    }

    private void Retired(ActorId id, IMailbox mailbox) => _live.TryRemove(new KeyValuePair<ActorId, IMailbox>(id, mailbox));
}
