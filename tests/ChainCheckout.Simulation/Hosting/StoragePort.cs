using System.Runtime.CompilerServices;
using ChainCheckout.Simulation.Faults;
using ChainCheckout.Simulation.Mutants;

namespace ChainCheckout.Simulation.Hosting;

/// <summary>
/// The disk as one machine reaches it: a save may be refused, land without a word, land late, or be the last thing that its
/// machine does. A machine that lost power hears nothing any more.
/// </summary>
internal sealed class StoragePort(World world, Node node) : IActorStorage
{
    /// <summary>The client gives up after this; the write may still land.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public ValueTask<StoredActor?> LoadAsync(ActorId id, CancellationToken cancellation = default)
    {
        if (!node.IsUp) return new ValueTask<StoredActor?>(Node.Never<StoredActor?>());
        if (world.Faults.Strikes(FaultKind.LoadFailed)) return ValueTask.FromException<StoredActor?>(new IOException("the disk did not answer"));
        var row = world.Disk.Find(id);
        return ValueTask.FromResult(row is null ? null : new StoredActor(row.Version, row.State));
    }

    public ValueTask SaveAsync(ActorSave save, CancellationToken cancellation = default)
    {
        if (!node.IsUp) return new ValueTask(Node.Never<bool>());
        save = world.Bugs.Change(save);
        if (world.Faults.Strikes(FaultKind.SaveRefused)) return ValueTask.FromException(new IOException("the disk is full"));
        if (world.Faults.Strikes(FaultKind.PowerLostAtSave)) return DieAt(save);
        if (world.Faults.Strikes(FaultKind.SaveAcknowledgementLost)) return WriteAnd(save, new IOException("the acknowledgement was lost"));
        if (world.Faults.Strikes(FaultKind.SaveLate)) return LandLate(save);
        if (world.Bugs.Is(Mutant.AcknowledgedBeforeWritten)) return AcknowledgeFirst(save);
        return world.Chance.Below(3) == 0 ? WriteLater(save) : WriteAnd(save, null);
    }

    public ValueTask<IReadOnlyList<DueActor>> DueAsync(DateTimeOffset now, int max, CancellationToken cancellation = default) =>
        ValueTask.FromResult(world.Disk.Due(now, max));

    public ValueTask SettleWakeAsync(ActorId id, StoredVersion version, DateTimeOffset? wakeAt, CancellationToken cancellation = default)
    {
        if (!node.IsUp) return new ValueTask(Node.Never<bool>());
        if (world.Faults.Strikes(FaultKind.SaveRefused)) return ValueTask.FromException(new IOException("the disk is full"));
        world.Disk.Settle(id, version, wakeAt);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<FlaggedActor>> FlaggedAsync(ActorFlags any, int max, ActorId? after = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException("Nobody lists actors here.");

    public ValueTask<int> ForgetAsync(DateTimeOffset now, int max, CancellationToken cancellation = default) =>
        ValueTask.FromResult(world.Disk.Forget(now));

    public async IAsyncEnumerable<(ActorId Id, StoredActor Stored)> ReadAllAsync(
        ActorKind kind, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var (id, row) in world.Disk.All(kind)) yield return (id, new StoredActor(row.Version, row.State));
        await ValueTask.CompletedTask;
    }

    private ValueTask WriteAnd(ActorSave save, Exception? failure)
    {
        try
        {
            world.Disk.Write(save, world.Bugs.Is(Mutant.VersionIgnored));
        }
        catch (StorageConflictException conflict)
        {
            return ValueTask.FromException(conflict);
        }

        return failure is null ? ValueTask.CompletedTask : ValueTask.FromException(failure);
    }

    /// <summary>First the way there, then the way back: anything may happen between.</summary>
    private ValueTask WriteLater(ActorSave save)
    {
        var done = new TaskCompletionSource();
        world.Schedule.After(world.Chance.Seconds(0, 0.003), () =>
        {
            var written = WriteAnd(save, null);
            node.After(world.Chance.Seconds(0, 0.003), () =>
            {
                if (written.IsCompletedSuccessfully) done.SetResult();
                else done.SetException(written.AsTask().Exception!.InnerException!);
            });
        });
        return new ValueTask(done.Task);
    }

    private ValueTask DieAt(ActorSave save)
    {
        var landed = world.Chance.Below(2) == 0;
        if (landed) _ = WriteAnd(save, null);
        world.Trace.Say(save.Id.ToString(), landed ? "the machine dies after this save" : "the machine dies before this save");
        world.Lose(node);
        return new ValueTask(Node.Never<bool>());
    }

    private ValueTask LandLate(ActorSave save)
    {
        var failed = new TaskCompletionSource();
        node.After(Patience, () => failed.SetException(new TimeoutException("the disk was slow")));
        world.Schedule.After(world.Chance.Seconds(1.5, 6), () => _ = WriteAnd(save, null));
        return new ValueTask(failed.Task);
    }

    private ValueTask AcknowledgeFirst(ActorSave save)
    {
        // A bug on purpose: the write is still on its way when its machine says that it is done.
        node.After(TimeSpan.FromMilliseconds(200), () => _ = WriteAnd(save, null));
        return ValueTask.CompletedTask;
    }
}
