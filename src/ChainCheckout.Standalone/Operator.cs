using System.Collections.Immutable;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Gateway.Tills;
using ChainCheckout.Gateway.Webhooks;
using ChainCheckout.Standalone.Actors;
using ChainCheckout.Vipps.Options;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Standalone;

/// <summary>Whether tills may come: true from the moment that they are listened to until the stop begins.</summary>
public sealed class Readiness
{
    private volatile bool _isReady;

    public bool IsReady
    {
        get => _isReady;
        set => _isReady = value;
    }
}

/// <summary>What a server tells its actors before tills may come: the stores of the settings, and which webhooks are wanted.</summary>
public sealed partial class Opening(IActors actors, Settings settings, VippsOptions vipps, ILogger<Opening> log)
{
    /// <summary>
    /// All but <c>created</c>, which says nothing that the create's own answer or a poll does not: every payment would
    /// bring one more call.
    /// </summary>
    private static readonly ImmutableArray<string> Events =
    [
        .. new[] { "authorized", "aborted", "expired", "terminated", "cancelled", "captured", "refunded" }.Select(name => $"epayments.payment.{name}.v1"),
    ];

    private const string LoginPing = "login.merchant-initiated.ping.v1";
    private const string Seeding = "benefits.membership.seeding.v1";

    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(settings.Stores.Select(store =>
            actors.SendAsync(store.Profile.Number, new StoreMessage.Configure(store.Profile, store.Tills), cancellation).AsTask()));
        await EnsureWebhooksAsync(cancellation);
    }

    private async Task EnsureWebhooksAsync(CancellationToken cancellation)
    {
        if (settings.Gateway.Webhooks.PublicAddress.Length == 0)
        {
            LogNoWebhooks();
            return;
        }

        var events = vipps.Login.BaseAddress is null ? Events : Events.Add(LoginPing);
        await Task.WhenAll(settings.SalesUnits.Select(msn =>
        {
            var url = settings.Gateway.Webhooks.PublicAddress.TrimEnd('/') + WebhookEndpoint.Path + msn;
            var isAsked = vipps.Loyalty.SeedingWebhook && vipps.Loyalty.MerchantSerialNumber == msn.ToString();
            var wanted = new WantedHook(url, isAsked ? events.Add(Seeding) : events);
            return actors.SendAsync(msn, new SalesUnitMessage.Ensure(wanted), cancellation).AsTask();
        }));
    }

    [LoggerMessage(4002, LogLevel.Warning, "Gateway:Webhooks:PublicAddress is empty: no webhooks are registered, payments are polled")]
    private partial void LogNoWebhooks();
}

/// <summary>Starts the actors and stops them: not ready → Goodbye → drain → save → end.</summary>
internal sealed partial class Operator(
    InProcessActors actors, ShellPorts ports, TillSessions sessions, Caretaker caretaker, Opening opening, Readiness readiness,
    Settings settings, ILogger<Operator> log) : IHostedLifecycleService
{
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellation)
    {
        actors.Use(ports);
        await opening.PrepareAsync(cancellation);
        _running = RunAsync(_stopping.Token);
    }

    public Task StartingAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>The listeners stand now.</summary>
    public Task StartedAsync(CancellationToken cancellation)
    {
        readiness.IsReady = true;
        LogReady(settings.Gateway.Tills.Port, settings.Gateway.Webhooks.Port, settings.Gateway.Admin.Port, settings.Stores.Length);
        return Task.CompletedTask;
    }

    /// <summary>Before the listeners go: health says "not ready" meanwhile, and no till is cut without a Goodbye.</summary>
    public async Task StoppingAsync(CancellationToken cancellation)
    {
        readiness.IsReady = false;
        sessions.SayGoodbye();
        await _stopping.CancelAsync();
        await _running;
        await actors.DrainAsync(DrainMax);
        LogStopped(actors.LiveCount);
    }

    public Task StopAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellation) => Task.CompletedTask;

    private async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAll(caretaker.RunAsync(cancellation), sessions.WatchAsync(actors, cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            LogDraining();
        }
    }

    [LoggerMessage(4001, LogLevel.Information, "Ready: tills on port {Tills}, webhooks on {Webhooks}, admin on {Admin}; {Stores} stores")]
    private partial void LogReady(int tills, int webhooks, int admin, int stores);

    [LoggerMessage(4003, LogLevel.Information, "Stopping: tills were told, work in flight is finished")]
    private partial void LogDraining();

    [LoggerMessage(4004, LogLevel.Information, "Stopped; {Left} actors were still at work, what they owe is in storage")]
    private partial void LogStopped(int left);
}

/// <summary>What a shell has to say, as numbered records.</summary>
internal sealed partial class ShellLog(ILogger<ShellLog> log) : IShellLog
{
    public void Alert(ActorId id, string what) => LogAlert(id.ToString(), what);

    public void StorageFailed(ActorId id, Exception failure) => LogStorageFailed(failure, id.ToString());

    public void OperationFailed(ActorId id, string operation, Exception failure) =>
        LogOperationFailed(failure.ToStack(), id.ToString(), operation, failure.ToLine());

    public void RegisterFailed(Exception failure) => LogRegisterFailed(failure);

    [LoggerMessage(2001, LogLevel.Error, "ALERT {Actor}: {What}")]
    private partial void LogAlert(string actor, string what);

    [LoggerMessage(2002, LogLevel.Warning, "{Actor}: a save failed; its memory is dropped and read again")]
    private partial void LogStorageFailed(Exception failure, string actor);

    [LoggerMessage(2003, LogLevel.Warning, "{Actor}: the outcome of {Operation} is unknown ({Why}); it is found out")]
    private partial void LogOperationFailed(Exception? failure, string actor, string operation, string why);

    [LoggerMessage(2004, LogLevel.Warning, "The membership register did not answer: a membership is unknown, the sale goes on")]
    private partial void LogRegisterFailed(Exception failure);
}
