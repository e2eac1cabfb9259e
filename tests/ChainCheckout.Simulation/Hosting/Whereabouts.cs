using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Simulation.Faults;

namespace ChainCheckout.Simulation.Hosting;

/// <summary>The machines of every kind of actor.</summary>
internal sealed record Machines(
    IMachine<TillState, TillMessage, TillReply> Till, IMachine<CustomerState, CustomerMessage, CustomerReply> Customer,
    IMachine<PaymentState, PaymentMessage, PaymentReply> Payment, SalesUnit SalesUnit, Store Store, Login Login);

/// <summary>
/// Where each actor lives. It is wrong when two machines each believe that they have it: now and then it sends a message to a
/// machine that does not, and then there are two.
/// </summary>
internal sealed class Whereabouts(World world)
{
    private readonly Dictionary<ActorId, Node> _owners = [];
    private readonly HashSet<ActorId> _doubled = [];

    /// <summary>Had two activations at once, at some time.</summary>
    public bool WasDoubled(ActorId id) => _doubled.Contains(id);

    public Node Find(ActorId id)
    {
        if (_owners.TryGetValue(id, out var owner) && owner.IsUp && !owner.IsFrozen)
        {
            if (world.Nodes.Count == 1 || !world.Faults.Strikes(FaultKind.SecondActivation)) return owner;
            _doubled.Add(id);
        }
        else if (owner is { IsUp: true }) _doubled.Add(id);

        return _owners[id] = world.Chance.Pick(world.Nodes);
    }

    public void Release(ActorId id, Node node)
    {
        if (_owners.GetValueOrDefault(id) == node) _owners.Remove(id);
    }

    public IActivationSlot Live(Node node, ActorId id) => id.Kind switch
    {
        ActorKind.Till => Live(node, id, world.Machines.Till),
        ActorKind.Customer => Live(node, id, world.Machines.Customer),
        ActorKind.Payment => Live(node, id, world.Machines.Payment),
        ActorKind.SalesUnit => Live(node, id, world.Machines.SalesUnit),
        ActorKind.Store => Live(node, id, world.Machines.Store),
        ActorKind.Login => Live(node, id, world.Machines.Login),
        _ => throw new System.Diagnostics.UnreachableException($"No machine for {id.Kind}."),
    };

    public Activation<TState, TMessage, TReply> Live<TState, TMessage, TReply>(Node node, ActorId id, IMachine<TState, TMessage, TReply> machine)
        where TState : class
        where TMessage : class
    {
        if (node.Find(id) is { } known) return (Activation<TState, TMessage, TReply>)known;
        var made = new Activation<TState, TMessage, TReply>(world, node, id, machine);
        node.Add(made);
        return made;
    }
}
