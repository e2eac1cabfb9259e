using ChainCheckout.Cluster.Storage;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;

namespace ChainCheckout.Cluster.Tests.Silos;

/// <summary>
/// Storage as one silo reaches it. A silo that is killed inside a test's process leaves its threads behind: with the power cut they
/// stand still at the next line that a dead machine would not have reached. No change leaves for Vipps without storage.
/// </summary>
internal sealed class PoweredStorage(IChainStorage chain) : IChainStorage
{
    private volatile bool _isCut;

    public (long Saves, long Bytes, long Settles) Counters => chain.Counters;

    public void Cut() => _isCut = true;

    /// <summary>The loop that asks has to end with the host, cut or not.</summary>
    public Task<bool> IsDurableAsync() => _isCut ? Task.FromResult(false) : chain.IsDurableAsync();

    public async ValueTask<StoredActor?> LoadAsync(ActorId id, CancellationToken cancellation = default) =>
        await AliveAsync(chain.LoadAsync(id, cancellation));

    public async ValueTask SaveAsync(ActorSave save, CancellationToken cancellation = default)
    {
        await StandStillAsync();
        await chain.SaveAsync(save, cancellation);
        await StandStillAsync();
    }

    public async ValueTask<IReadOnlyList<DueActor>> DueAsync(DateTimeOffset now, int max, CancellationToken cancellation = default) =>
        await AliveAsync(chain.DueAsync(now, max, cancellation));

    public async Task<IReadOnlyList<DueActor>> DueAsync(string tag, DateTimeOffset now, int max, CancellationToken cancellation) =>
        await AliveAsync(new ValueTask<IReadOnlyList<DueActor>>(chain.DueAsync(tag, now, max, cancellation)));

    public async ValueTask SettleWakeAsync(ActorId id, StoredVersion version, DateTimeOffset? wakeAt, CancellationToken cancellation = default)
    {
        await StandStillAsync();
        await chain.SettleWakeAsync(id, version, wakeAt, cancellation);
    }

    public ValueTask<IReadOnlyList<FlaggedActor>> FlaggedAsync(
        ActorFlags any, int max, ActorId? after = null, CancellationToken cancellation = default) => chain.FlaggedAsync(any, max, after, cancellation);

    public ValueTask<int> ForgetAsync(DateTimeOffset now, int max, CancellationToken cancellation = default) =>
        chain.ForgetAsync(now, max, cancellation);

    public Task<int> ForgetAsync(string tag, DateTimeOffset now, int max, CancellationToken cancellation) =>
        chain.ForgetAsync(tag, now, max, cancellation);

    public IAsyncEnumerable<(ActorId Id, StoredActor Stored)> ReadAllAsync(ActorKind kind, CancellationToken cancellation = default) =>
        chain.ReadAllAsync(kind, cancellation);

    private async ValueTask<T> AliveAsync<T>(ValueTask<T> asked)
    {
        await StandStillAsync();
        var answer = await asked;
        await StandStillAsync();
        return answer;
    }

    private Task StandStillAsync() => _isCut ? Task.Delay(Timeout.InfiniteTimeSpan) : Task.CompletedTask;
}
