using ChainCheckout.Simulation.Time;

namespace ChainCheckout.Simulation.Hosting;

/// <summary>Serves stored wake-ups. It looks when one can be due, not every second: a simulated week has few.</summary>
internal sealed class Caretaker(World world)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    /// <summary>A wake-up that is due by one machine's clock and not by that of the actor's own is served in vain until both agree.</summary>
    private static readonly TimeSpan InVain = TimeSpan.FromSeconds(20);

    private Happening? _next;
    private (DateTimeOffset, ActorId) _last;

    /// <summary>Somebody may have to be woken then, by some machine's clock.</summary>
    public void Expect(DateTimeOffset? wakeAt)
    {
        if (wakeAt is not { } at) return;
        var skew = world.Nodes.Max(node => node.Clock.Skew);
        var earliest = world.Schedule.Now + Beat;
        var due = at - skew < earliest ? earliest : at - skew;
        if (_next is { IsOff: false } next && next.At <= due && next.At > world.Schedule.Now) return;
        _next?.CallOff();
        _next = world.Schedule.At(due, Serve);
    }

    /// <summary>After a start nobody's memory timer is left: whatever owes anything is woken now.</summary>
    public void WakeEverything(Node node)
    {
        foreach (var due in world.Disk.Due(DateTimeOffset.MaxValue, int.MaxValue)) _ = WakeAsync(node, due);
    }

    private void Serve()
    {
        _next = null;
        var able = world.Nodes.Where(node => node.IsUp && !node.IsFrozen).ToArray();
        if (able.Length > 0)
        {
            var node = world.Chance.Pick(able);
            foreach (var due in world.Disk.Due(node.Clock.GetUtcNow(), 500)) _ = WakeAsync(node, due);
        }

        if (world.Disk.NextWake is not { } first) return;
        if (_last == first) _next = world.Schedule.After(InVain, Serve);
        else Expect(first.At);
        _last = first;
    }

    private async Task WakeAsync(Node node, DueActor due)
    {
        try
        {
            await node.Actors.WakeAsync(due.Id, stored: true);
        }
        catch (Exception failure) when (failure is IOException or TimeoutException or StorageConflictException or ActorStoppedException)
        {
            world.Disk.Settle(due.Id, due.Version, node.Clock.GetUtcNow() + AfterFailure);
        }
    }
}
