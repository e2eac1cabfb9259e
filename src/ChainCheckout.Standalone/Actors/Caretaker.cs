using ChainCheckout.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Standalone.Actors;

/// <summary>How stored wake-ups are served, and what may be forgotten deleted: by this process alone, or shared out among many.</summary>
public interface IWakes
{
    /// <summary>Once, when the process begins to serve.</summary>
    Task BeginAsync(CancellationToken cancellation);

    /// <summary>Every second; <paramref name="beat"/> counts from 1.</summary>
    Task BeatAsync(long beat, CancellationToken cancellation);
}

/// <summary>The wake-ups of a server that stands alone.</summary>
public sealed class StoredWakes(IActorStorage storage, WakeRound round, TimeProvider clock) : IWakes
{
    /// <summary>After a start nobody's memory timer is left: whatever owes anything is woken now, not when its net is due.</summary>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        var seen = new HashSet<Core.Actors.ActorId>();
        for (var max = WakeRound.AtOnce; !cancellation.IsCancellationRequested;)
        {
            var due = await storage.DueAsync(DateTimeOffset.MaxValue, max, cancellation);
            var fresh = due.Where(one => seen.Add(one.Id)).ToList();
            await round.ServeAsync(fresh, cancellation);

            // Who was woken and goes on owing is listed again, perhaps before those that were not woken yet.
            if (due.Count < max) return;
            if (fresh.Count == 0) max *= 2;
        }
    }

    public async Task BeatAsync(long beat, CancellationToken cancellation)
    {
        await round.ServeAsync(await storage.DueAsync(clock.GetUtcNow(), WakeRound.AtOnce, cancellation), cancellation);
        if (beat % 60 == 0) await storage.ForgetAsync(clock.GetUtcNow(), 10_000, cancellation);
    }
}

/// <summary>Wakes actors whose stored wake-up has come.</summary>
public sealed partial class WakeRound(IActors actors, IActorStorage storage, TimeProvider clock, ILogger<WakeRound> log)
{
    public const int AtOnce = 500;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan OnceMore = TimeSpan.FromMilliseconds(300);

    public Task ServeAsync(IReadOnlyList<DueActor> due, CancellationToken cancellation) =>
        Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancellation }, async (one, stop) =>
        {
            try
            {
                await WakeAsync(one, stop);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // One actor that cannot be read must not keep the others from their wake-ups.
                LogWakeFailed(failure.ToStack(), one.Id.ToString(), failure.ToLine());
                await storage.SettleWakeAsync(one.Id, one.Version, clock.GetUtcNow() + AfterFailure, stop);
            }
        });

    /// <summary>An actor that is just moving to another silo refuses, and is there a moment later; it has waited long enough.</summary>
    private async Task WakeAsync(DueActor due, CancellationToken cancellation)
    {
        try
        {
            await actors.WakeAsync(due.Id, stored: true, cancellation);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or TimeoutException or ActorStoppedException))
        {
            await Task.Delay(OnceMore, clock, cancellation);
            await actors.WakeAsync(due.Id, stored: true, cancellation);
        }
    }

    [LoggerMessage(4103, LogLevel.Error, "{Actor} could not be woken ({Why}); it is tried again later")]
    private partial void LogWakeFailed(Exception? failure, string actor, string why);
}

/// <summary>Has stored wake-ups served, lets idle actors leave memory, and notices a wall clock that jumped.</summary>
public sealed partial class Caretaker(InProcessActors actors, IWakes wakes, StandaloneOptions options, TimeProvider clock, ILogger<Caretaker> log)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ClockJump = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Beat, clock);
        var (wall, monotonic) = (clock.GetUtcNow(), clock.GetTimestamp());
        var begun = false;
        long beat = 0;
        do
        {
            beat++;
            try
            {
                if (!begun) await wakes.BeginAsync(cancellation);
                begun = true;
                await wakes.BeatAsync(beat, cancellation);
                if (beat % 5 == 0) await actors.RetireIdleAsync(options.IdleFor);
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

    [LoggerMessage(4101, LogLevel.Error, "Stored wake-ups could not be served this time")]
    private partial void LogBeatFailed(Exception failure);

    [LoggerMessage(4102, LogLevel.Warning, "The wall clock jumped: every actor looks at its timers again")]
    private partial void LogClockJumped();
}
