using System.Diagnostics;
using ChainCheckout.Vipps.Options;
using ChainCheckout.Vipps.Sending;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Vipps.Loyalty;

/// <summary>
/// Brings the events of the whole process to Vipps: as many at once as the API turns out to take, fewer after a 429,
/// none while it is away but one now and then that tries. It keeps no event: each stays with its customer until it is
/// accepted, so an outage costs this process nothing but a list of whom to tell when it is over.
/// </summary>
internal sealed partial class LoyaltyPublisher : ILoyaltyPublisher, IDisposable
{
    private static readonly TimeSpan PauseOtherwise = TimeSpan.FromSeconds(1);
    private static readonly VippsResult<bool> Accepted = new VippsResult<bool>.Ok(true);

    private readonly LoyaltyApi _api;
    private readonly LoyaltyApiOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly LoyaltyPresence _presence;
    private readonly PublishWindow _window;
    private readonly SentAway _sentAway;
    private long _posts;
    private long _accepted;
    private long _refused;
    private long _failed;
    private long _held;

    /// <param name="resume">Tells a customer that the API is back.</param>
    public LoyaltyPublisher(
        LoyaltyApi api, VippsOptions options, Func<CustomerId, CancellationToken, ValueTask> resume, TimeProvider clock,
        ILogger<LoyaltyPublisher> logger)
    {
        (_api, _options, _clock, _logger) = (api, options.Loyalty, clock, logger);
        _presence = new LoyaltyPresence(_options.AwayRetry, clock);
        _window = new PublishWindow(_options.ParallelMax, clock);
        _sentAway = new SentAway(
            resume, () => _presence.IsAway, () => _window.Queued < PublishWindow.QueueMax / 2, clock, logger);
    }

    public LoyaltyFigures Figures => new(
        Interlocked.Read(ref _posts), Interlocked.Read(ref _accepted), Interlocked.Read(ref _refused),
        Interlocked.Read(ref _failed), Interlocked.Read(ref _held), _window.Size, _window.Queued, _sentAway.Count,
        _presence.IsAway);

    public async Task<VippsResult<bool>> PublishAsync(
        CustomerId customer, LoyaltyEvent happened, CancellationToken cancellation)
    {
        // Its payload is not published: until it is, cards and checks are kept here alone.
        if (happened.Content is LoyaltyContent.StampCardUpdated && !_options.SendStampCards) return Accepted;
        if (happened.Content is LoyaltyContent.BonusCheckCreated or LoyaltyContent.BonusCheckDeleted && !_options.SendBonusChecks) return Accepted;

        switch (_presence.Ask())
        {
            case PublishPass.Held:
                return Hold(customer);
            case PublishPass.Probe:
                return await ProbeAsync(customer, happened, cancellation);
        }

        if (!await _window.EnterAsync(cancellation)) return Hold(customer);
        try
        {
            // It may have gone away while this one stood in line.
            return _presence.IsAway ? Hold(customer) : await PostAsync(customer, happened, cancellation);
        }
        finally
        {
            _window.Leave();
        }
    }

    /// <summary>Perhaps more than once: the container knows it under two names.</summary>
    public void Dispose()
    {
        _sentAway.Dispose();
        _window.Dispose();
    }

    private async Task<VippsResult<bool>> ProbeAsync(
        CustomerId customer, LoyaltyEvent happened, CancellationToken cancellation)
    {
        try
        {
            return await PostAsync(customer, happened, cancellation);
        }
        finally
        {
            _presence.Probed();
        }
    }

    private async Task<VippsResult<bool>> PostAsync(
        CustomerId customer, LoyaltyEvent happened, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _posts);
        var since = _clock.GetTimestamp();
        var result = await _api.PublishAsync(happened, cancellation);
        switch (result)
        {
            case VippsResult<bool>.Ok:
                Interlocked.Increment(ref _accepted);
                _window.Grow();
                Worked();
                return result;

            // Nobody is let in, or there is nothing there: that is no fault of the event, and never a dead letter.
            // A 404 may be about this member alone: several in a row are about the API.
            case VippsResult<bool>.Refused { Fault: { Status: 401 or 403 or 404 } fault }:
                Fail(fault.Status, fault.Title, isCertain: fault.Status != 404);
                return SendAway(customer, fault);
            case VippsResult<bool>.Later { Fault: { Status: 401 } fault }:
                Fail(fault.Status, fault.Title, isCertain: true);
                return SendAway(customer, fault);

            case VippsResult<bool>.Refused:
                Interlocked.Increment(ref _refused);
                Worked();
                return result;
            case VippsResult<bool>.Later { Fault: { Status: 429 } fault, RetryAfter: var told }:
                return Pause(customer, fault, told > PauseOtherwise ? told.Value : PauseOtherwise, since);

            // Nothing was sent: that it is this process which is busy says nothing of the API.
            case VippsResult<bool>.Later { Fault: { Status: 0, Title: VippsSender.NoRoom } }:
                break;
            case VippsResult<bool>.Later(var fault, _):
                Fail(fault.Status, fault.Title, isCertain: false);
                break;
            case VippsResult<bool>.Unknown(var reason):
                Fail(0, reason, isCertain: false);
                break;
            default:
                throw new UnreachableException($"No way on from {result.GetType().Name}.");
        }

        Remember(customer);
        return result;
    }

    private void Worked()
    {
        if (!_presence.Worked()) return;
        LogBack(_sentAway.Count);
        _sentAway.CallBack();
    }

    private void Fail(int status, string reason, bool isCertain)
    {
        Interlocked.Increment(ref _failed);
        if (!_presence.Failed(isCertain)) return;
        LogAway(status, reason, _options.AwayRetry);
        _window.TurnAway();
    }

    private VippsResult<bool> Pause(CustomerId customer, VippsFault fault, TimeSpan pause, long since)
    {
        Interlocked.Increment(ref _failed);
        _window.Shrink(since, pause);
        _presence.Paused(pause);
        Remember(customer);
        return new VippsResult<bool>.Later(fault, pause);
    }

    private VippsResult<bool> Hold(CustomerId customer)
    {
        Interlocked.Increment(ref _held);
        return SendAway(customer, new VippsFault(0, Title: "held"));
    }

    private VippsResult<bool> SendAway(CustomerId customer, VippsFault fault)
    {
        Remember(customer);
        return new VippsResult<bool>.Later(fault, _presence.ComeAgain(_window.Pause));
    }

    /// <summary>Whoever finds the API away is told when it is back; who only finds no room comes soon enough.</summary>
    private void Remember(CustomerId customer)
    {
        if (_presence.IsAway) _sentAway.Add(customer);
    }
}
