using ChainCheckout.Cluster.Storage;
using ChainCheckout.Standalone.Actors;

namespace ChainCheckout.Cluster.Grains;

/// <summary>Serves the stored wake-ups under one tag, however many silos ask it to.</summary>
[GrainType("wakes")]
public sealed class WakesGrain(RedisActorStorage storage, WakeRound round, TimeProvider clock) : Grain, IWakesGrain
{
    /// <summary>Every silo asks every second; once in that time is enough.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.8);

    private long? _servedAt;
    private long _beat;

    public async Task BeatAsync()
    {
        if (_servedAt is { } last && clock.GetElapsedTime(last) < Pause) return;
        _servedAt = clock.GetTimestamp();
        var tag = this.GetPrimaryKeyString();
        var now = clock.GetUtcNow();
        await round.ServeAsync(await storage.DueAsync(tag, now, WakeRound.AtOnce, CancellationToken.None), CancellationToken.None);
        if (++_beat % 60 == 0) await storage.ForgetAsync(tag, now, 1_000, CancellationToken.None);
    }
}

/// <summary>How this process has its share of the wake-ups served: it reminds their owners, wherever they are.</summary>
public sealed class GrainWakes(IGrainFactory grains) : IWakes
{
    public Task BeginAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task BeatAsync(long beat, CancellationToken cancellation) =>
        Task.WhenAll(RedisKeys.Tags.Select(tag => grains.GetGrain<IWakesGrain>(tag).BeatAsync())).WaitAsync(cancellation);
}
