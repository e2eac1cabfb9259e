using ChainCheckout.Cluster.Storage;
using ChainCheckout.Cluster.Views;
using ChainCheckout.Core.Ports;
using ChainCheckout.Gateway.Tills;
using ChainCheckout.Standalone;
using ChainCheckout.Standalone.Actors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace ChainCheckout.Cluster;

/// <summary>What this process lacks until tills may come to it.</summary>
public sealed class ClusterHealth(Readiness readiness)
{
    private volatile bool _isDurable;
    private volatile bool _isAlone;

    /// <summary>Redis has answered lately, and its last write to disk went well.</summary>
    public bool IsDurable
    {
        get => _isDurable;
        set => _isDurable = value;
    }

    /// <summary>A gateway that carries no silo has lost its connection to the last one: nothing stands behind its tills.</summary>
    public void OnSilosReached(int count) => _isAlone = count == 0;

    public IReadOnlyList<string> Missing()
    {
        var missing = new List<string>();
        if (!readiness.IsReady || _isAlone) missing.Add("cluster: not joined");
        if (!IsDurable) missing.Add("redis: does not answer durably");
        return missing;
    }
}

/// <summary>
/// Joins and leaves: the actors are ready before the first message comes, tills are told to go before the process is taken out of
/// the cluster. Orleans itself deactivates the grains, each of which finishes what is in flight.
/// </summary>
internal sealed partial class ClusterOperator(
    InProcessActors local, ShellPorts ports, IActors actors, GatewayViews views, TillSessions sessions, Caretaker caretaker, Opening opening,
    Readiness readiness, ClusterHealth health, IChainStorage storage, RoleOf role, TimeProvider clock, ILogger<ClusterOperator> log,
    IClusterMembershipService? silos = null)
    : IHostedLifecycleService
{
    private static readonly TimeSpan JoinWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Before the silo starts: from then on messages may come.</summary>
    public Task StartingAsync(CancellationToken cancellation)
    {
        local.Use(ports);
        return Task.CompletedTask;
    }

    /// <summary>The silo has joined.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        LogJoined();
        views.Open();
        await PrepareAsync(cancellation);
        health.IsDurable = await storage.IsDurableAsync();
        _running = RunAsync(_stopping.Token);
    }

    public Task StartedAsync(CancellationToken cancellation)
    {
        readiness.IsReady = true;
        LogReady(role.Roles.ToString());
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellation)
    {
        readiness.IsReady = false;
        sessions.SayGoodbye();
        await _stopping.CancelAsync();
        await _running;
        LogLeaving();
    }

    public Task StopAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellation)
    {
        LogStopped(local.LiveCount);
        return Task.CompletedTask;
    }

    /// <summary>Actors of a cluster that is just being built up, or has just lost a silo, may be a while out of reach.</summary>
    private async Task PrepareAsync(CancellationToken cancellation)
    {
        for (var begun = clock.GetTimestamp(); ;)
        {
            try
            {
                await opening.PrepareAsync(cancellation);
                return;
            }
            catch (Exception failure) when (failure is not OperationCanceledException && clock.GetElapsedTime(begun) < JoinWithin)
            {
                LogNotPrepared(failure);
                await Task.Delay(Again, clock, cancellation);
            }
        }
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            Task[] loops =
            [
                role.IsSilo ? caretaker.RunAsync(cancellation) : Task.CompletedTask, sessions.WatchAsync(actors, cancellation),
                AskRedisAsync(cancellation), DoubtAsync(cancellation),
            ];
            await Task.WhenAll(loops);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>With a silo that goes or comes, tills move, and forget who watches them. A gateway without a silo hears of it elsewhere.</summary>
    private async Task DoubtAsync(CancellationToken cancellation)
    {
        if (silos is null) return;
        await foreach (var _ in silos.MembershipUpdates.WithCancellation(cancellation)) sessions.Doubt();
    }

    private async Task AskRedisAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Again, clock);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            var isDurable = await storage.IsDurableAsync();
            if (isDurable != health.IsDurable) LogRedis(isDurable ? "answers durably again" : "does not answer durably");
            health.IsDurable = isDurable;
        }
    }

    [LoggerMessage(4500, LogLevel.Information, "In the cluster; telling the actors of the stores")]
    private partial void LogJoined();

    [LoggerMessage(4501, LogLevel.Information, "Ready as {Roles}")]
    private partial void LogReady(string roles);

    [LoggerMessage(4502, LogLevel.Information, "Leaving: tills were told, actors go to other silos")]
    private partial void LogLeaving();

    [LoggerMessage(4503, LogLevel.Information, "Left; {Left} actors were still at work, what they owe is in storage")]
    private partial void LogStopped(int left);

    [LoggerMessage(4504, LogLevel.Warning, "The stores could not be told of yet; tried again")]
    private partial void LogNotPrepared(Exception failure);

    [LoggerMessage(4505, LogLevel.Warning, "Redis {What}")]
    private partial void LogRedis(string what);
}
