using ChainCheckout.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Standalone.Actors;

/// <summary>
/// Serves stored wake-ups, lets idle actors leave memory, deletes what may be forgotten, and notices a wall clock that
/// jumped.
/// </summary>
public sealed partial class Caretaker(InProcessActors actors, IActorStorage storage, StandaloneOptions options, TimeProvider clock, ILogger<Caretaker> log)
{
    public const int WakesAtOnce = 500;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ClockJump = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    /// <summary>After a start nobody's memory timer is left: whatever owes anything is woken now, not when its net is due.</summary>
    public async Task WakeEverythingAsync(CancellationToken cancellation)
    {
        var seen = new HashSet<Core.Actors.ActorId>();
        for (var max = WakesAtOnce; !cancellation.IsCancellationRequested;)
        {
            var due = await storage.DueAsync(DateTimeOffset.MaxValue, max, cancellation);
            var fresh = due.Where(one => seen.Add(one.Id)).ToList();
            await ServeAsync(fresh, cancellation);

            // Who was woken and goes on owing is listed again, perhaps before those that were not woken yet.
            if (due.Count < max) return;
            if (fresh.Count == 0) max *= 2;
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Beat, clock);
        var (wall, monotonic) = (clock.GetUtcNow(), clock.GetTimestamp());
        var woken = false;
        long beat = 0;
        do
        {
            beat++;
            try
            {
                if (!woken) await WakeEverythingAsync(cancellation);
                woken = true;
                var due = await storage.DueAsync(clock.GetUtcNow(), WakesAtOnce, cancellation);
                if (due.Count > 0) await ServeAsync(due, cancellation);
                if (beat % 5 == 0) await actors.RetireIdleAsync(options.IdleFor);
                if (beat % 60 == 0) await storage.ForgetAsync(clock.GetUtcNow(), 10_000, cancellation);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogBeatFailed(failure);
            }

            if ((clock.GetUtcNow() - wall - clock.GetElapsedTime(monotonic)).Duration() > ClockJump)
            {
                LogClockJumped();
                actors.WakeAll();
                (wall, monotonic) = (clock.GetUtcNow(), clock.GetTimestamp());
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private async Task ServeAsync(IReadOnlyList<DueActor> due, CancellationToken cancellation) =>
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancellation }, async (one, stop) =>
        {
            try
            {
                await actors.WakeAsync(one.Id, stored: true, stop);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // One actor that cannot be read must not keep the others from their wake-ups.
                LogWakeFailed(failure, one.Id.ToString());
                await storage.SettleWakeAsync(one.Id, one.Version, clock.GetUtcNow() + AfterFailure, stop);
            }
        });

    [LoggerMessage(4101, LogLevel.Error, "Stored wake-ups could not be served this time")]
    private partial void LogBeatFailed(Exception failure);

    [LoggerMessage(4102, LogLevel.Warning, "The wall clock jumped: every actor looks at its timers again")]
    private partial void LogClockJumped();

    [LoggerMessage(4103, LogLevel.Error, "{Actor} could not be woken; it is tried again later")]
    private partial void LogWakeFailed(Exception failure, string actor);
}
