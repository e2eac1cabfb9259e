using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Tills;
using ChainCheckout.Simulation.Faults;

namespace ChainCheckout.Simulation.Hosting;

/// <summary>The product's own operations, watched as they start.</summary>
internal sealed class WatchedOperations : IOperations
{
    private static readonly TimeSpan RegisterMax = TimeSpan.FromSeconds(1);

    private readonly World _world;
    private readonly Node _node;
    private readonly Operations _operations;

    public WatchedOperations(World world, Node node)
    {
        (_world, _node) = (world, node);
        var vipps = node.Vipps;
        var members = new MemberPorts(vipps, vipps, vipps, vipps, RegisterMax, _ => { });
        _operations = new Operations(node.Actors, vipps, vipps, vipps, members, world.Secret, node.Clock);
    }

    public Task<object> RunAsync(ActorId actor, object operation, CancellationToken cancellation)
    {
        if (!_node.IsUp) return Node.Never<object>();
        _world.Checks.Starts(_node, actor, operation);
        if (operation is CustomerOperation.MoveTo && _world.Faults.Strikes(FaultKind.MoveSlow)) return RunLateAsync(actor, operation, cancellation);
        return RunNowAsync(actor, operation, cancellation);
    }

    /// <summary>A member is on the way for a while, as where the other number's actor is long in loading.</summary>
    private async Task<object> RunLateAsync(ActorId actor, object operation, CancellationToken cancellation)
    {
        await _world.Schedule.Delay(_world.Chance.Seconds(1, 40));
        return await RunNowAsync(actor, operation, cancellation);
    }

    private Task<object> RunNowAsync(ActorId actor, object operation, CancellationToken cancellation)
    {
        if (!_node.IsUp) return Node.Never<object>();
        return operation is TillOperation ? _operations.RunAsync(actor, operation, cancellation) : _world.Bugs.RunAsync(_operations, actor, operation);
    }
}
