using ChainCheckout.Cluster.Storage;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;

namespace ChainCheckout.Cluster.Tests.Silos;

/// <summary>A chain's storage in this process, shared by all its silos.</summary>
internal sealed class MemoryChainStorage : IChainStorage
{
    private readonly InMemoryActorStorage _actors = new();

    public (long Saves, long Bytes, long Settles) Counters => (_actors.Saves, 0, 0);

    public Task<bool> IsDurableAsync() => Task.FromResult(true);

    public ValueTask<StoredActor?> LoadAsync(ActorId id, CancellationToken cancellation = default) => _actors.LoadAsync(id, cancellation);

    public ValueTask SaveAsync(ActorSave save, CancellationToken cancellation = default) => _actors.SaveAsync(save, cancellation);

    public ValueTask<IReadOnlyList<DueActor>> DueAsync(DateTimeOffset now, int max, CancellationToken cancellation = default) =>
        _actors.DueAsync(now, max, cancellation);

    public async Task<IReadOnlyList<DueActor>> DueAsync(string tag, DateTimeOffset now, int max, CancellationToken cancellation) =>
        [.. (await _actors.DueAsync(now, int.MaxValue, cancellation)).Where(due => RedisKeys.TagOf(due.Id) == tag).Take(max)];

    public ValueTask SettleWakeAsync(ActorId id, StoredVersion version, DateTimeOffset? wakeAt, CancellationToken cancellation = default) =>
        _actors.SettleWakeAsync(id, version, wakeAt, cancellation);

    public ValueTask<IReadOnlyList<FlaggedActor>> FlaggedAsync(
        ActorFlags any, int max, ActorId? after = null, CancellationToken cancellation = default) => _actors.FlaggedAsync(any, max, after, cancellation);

    public ValueTask<int> ForgetAsync(DateTimeOffset now, int max, CancellationToken cancellation = default) =>
        _actors.ForgetAsync(now, max, cancellation);

    /// <summary>No test lives as long as what may be forgotten.</summary>
    public Task<int> ForgetAsync(string tag, DateTimeOffset now, int max, CancellationToken cancellation) => Task.FromResult(0);

    public IAsyncEnumerable<(ActorId Id, StoredActor Stored)> ReadAllAsync(ActorKind kind, CancellationToken cancellation = default) =>
        _actors.ReadAllAsync(kind, cancellation);
}
