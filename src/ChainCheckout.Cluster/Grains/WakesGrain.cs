using ChainCheckout.Cluster.Storage;
using ChainCheckout.Core.Ports;
using ChainCheckout.Standalone.Actors;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Cluster.Grains;

/// <summary>Serves the stored wake-ups under one tag, however many silos ask it to.</summary>
[GrainType("wakes")]
public sealed class WakesGrain(IChainStorage storage, WakeRound round, TimeProvider clock) : Grain, IWakesGrain
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
public sealed partial class GrainWakes(IGrainFactory grains, ILogger<GrainWakes> log) : IWakes
{
    private readonly Dictionary<string, Task> _asked = new(StringComparer.Ordinal);

    public Task BeginAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>An owner that does not answer, on a silo that has just died, must not keep the others from being asked.</summary>
    public Task BeatAsync(long beat, CancellationToken cancellation)
    {
        foreach (var tag in RedisKeys.Tags)
        {
            if (!_asked.TryGetValue(tag, out var before) || before.IsCompleted) _asked[tag] = AskAsync(tag);
        }

        return Task.CompletedTask;
    }

    private async Task AskAsync(string tag)
    {
        try
        {
            await grains.GetGrain<IWakesGrain>(tag).BeatAsync();
        }
        catch (Exception failure)
        {
            var known = GrainActors.Known(failure);
            LogNotServed(known.ToStack(), tag, known.ToLine());
        }
    }

    [LoggerMessage(4601, LogLevel.Warning, "The wake-ups under {Tag} could not be served this time ({Why})")]
    private partial void LogNotServed(Exception? failure, string tag, string why);
}
