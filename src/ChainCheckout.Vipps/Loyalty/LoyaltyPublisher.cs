using ChainCheckout.Vipps.Options;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Vipps.Loyalty;

/// <summary>Counts since the start.</summary>
/// <param name="Held">Events that were sent away without a call.</param>
public sealed record LoyaltyFigures(long Accepted, long Refused, long Failed, long Held, int Window, bool IsAway);

/// <summary>
/// Brings the events of the whole process to Vipps: as many at once as the API turns out to take, fewer after a 429, none
/// while it is away but one now and then that tries. It keeps no event: each stays with its customer until it is accepted,
/// so an outage costs this process nothing but a list of whom to call back.
/// </summary>
internal sealed partial class LoyaltyPublisher(
    LoyaltyApi api, VippsOptions options, Func<CustomerId, CancellationToken, ValueTask> resume, TimeProvider clock,
    ILogger<LoyaltyPublisher> logger) : ILoyaltyPublisher, IDisposable
{
    /// <summary>Outages in a row after which the API counts as away.</summary>
    private const int OutagesMax = 5;

    private const int QueueMax = 10_000;
    private const int CallBackMax = 200_000;
    private const int CallBackAtOnce = 32;
    private const int CallersPerSecond = 500;

    private static readonly TimeSpan PauseOtherwise = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _queue = new();
    private readonly CancellationTokenSource _stop = new();
    private HashSet<CustomerId> _callBack = [];
    private double _window = Math.Min(4, options.Loyalty.ParallelMax);
    private int _underWay;
    private int _outages;
    private bool _isAway;
    private bool _isProbing;
    private DateTimeOffset _pausedUntil;
    private DateTimeOffset _probeAt;
    private long _accepted;
    private long _refused;
    private long _failed;
    private long _held;

    public LoyaltyFigures Figures
    {
        get
        {
            lock (_gate) return new LoyaltyFigures(_accepted, _refused, _failed, _held, (int)_window, _isAway);
        }
    }

    public async Task<VippsResult<bool>> PublishAsync(CustomerId customer, LoyaltyEvent happened, CancellationToken cancellation)
    {
        // Its payload is not published: until it is, the card is kept here alone.
        if (happened.Content is LoyaltyContent.StampCardUpdated && !options.Loyalty.SendStampCards) return new VippsResult<bool>.Ok(true);

        var (held, turn, isProbe) = Enter(customer);
        if (held is not null) return held;
        VippsResult<bool> result = new VippsResult<bool>.Unknown("not sent");
        try
        {
            if (turn is not null) await turn.WaitAsync(cancellation);
            result = await api.PublishAsync(happened, cancellation);
        }
        finally
        {
            result = Leave(result, isProbe, customer);
        }

        return result;
    }

    /// <summary>Once for each of the services that it is known as.</summary>
    public void Dispose()
    {
        if (_stop.IsCancellationRequested) return;
        _stop.Cancel();
        _stop.Dispose();
    }

    private (VippsResult<bool>? Held, Task? Turn, bool IsProbe) Enter(CustomerId customer)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_isAway)
            {
                if (_isProbing || now < _probeAt) return (Hold(customer), null, false);
                _isProbing = true;
                _underWay++;
                return (null, null, true);
            }

            if (now < _pausedUntil) return (Later(_pausedUntil - now, 429), null, false);
            if (_underWay < (int)_window)
            {
                _underWay++;
                return (null, null, false);
            }

            if (_queue.Count >= QueueMax) return (Hold(customer), null, false);
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _queue.Enqueue(turn);
            return (null, turn.Task, false);
        }
    }

    /// <summary>Whoever is sent away is called back; until then so few come by themselves that they do no harm.</summary>
    private VippsResult<bool> Hold(CustomerId customer)
    {
        _held++;
        if (_callBack.Count < CallBackMax) _callBack.Add(customer);
        var spread = TimeSpan.FromSeconds((double)_callBack.Count / CallersPerSecond);
        return Later(options.Loyalty.AwayRetry + spread, 0);
    }

    private VippsResult<bool> Leave(VippsResult<bool> result, bool isProbe, CustomerId customer)
    {
        lock (_gate)
        {
            if (isProbe) _isProbing = false;
            switch (result)
            {
                case VippsResult<bool>.Ok:
                    _accepted++;
                    Worked();
                    break;

                // Nobody is let in, or there is nothing there: that is no fault of the event.
                case VippsResult<bool>.Refused { Fault.Status: 401 or 403 or 404 }:
                case VippsResult<bool>.Later { Fault.Status: 401 }:
                    _failed++;
                    GoAway();
                    result = Hold(customer);
                    break;
                case VippsResult<bool>.Refused:
                    _refused++;
                    Worked();
                    break;
                case VippsResult<bool>.Later { Fault.Status: 429, RetryAfter: var told }:
                    _failed++;
                    _window = Math.Max(1, _window / 2);
                    _pausedUntil = clock.GetUtcNow() + (told ?? PauseOtherwise);
                    result = Later(told ?? PauseOtherwise, 429);
                    break;
                default:
                    _failed++;
                    _outages++;
                    if (_outages >= OutagesMax || _isAway)
                    {
                        GoAway();
                        result = Hold(customer);
                    }

                    break;
            }

            // The place goes to the next in line, unless the window has become smaller.
            if (_underWay <= (int)_window && _queue.TryDequeue(out var next)) next.TrySetResult();
            else _underWay--;
            return result;
        }
    }

    private void Worked()
    {
        _outages = 0;
        _window = Math.Min(options.Loyalty.ParallelMax, _window + (1 / _window));
        while (_queue.Count > 0 && _underWay < (int)_window)
        {
            _underWay++;
            _queue.Dequeue().TrySetResult();
        }

        if (!_isAway) return;
        _isAway = false;
        var waiting = _callBack;
        _callBack = [];
        LogBack(waiting.Count);
        _ = CallBackAsync(waiting);
    }

    private void GoAway()
    {
        _probeAt = clock.GetUtcNow() + options.Loyalty.AwayRetry;
        if (_isAway) return;
        _isAway = true;
        LogAway(options.Loyalty.AwayRetry.TotalSeconds);

        // Who stands in line would only find out the same.
        while (_queue.TryDequeue(out var next))
        {
            _underWay++;
            next.TrySetResult();
        }
    }

    private async Task CallBackAsync(HashSet<CustomerId> waiting)
    {
        try
        {
            var limit = new ParallelOptions { MaxDegreeOfParallelism = CallBackAtOnce, CancellationToken = _stop.Token };
            await Parallel.ForEachAsync(waiting, limit, async (customer, stop) =>
            {
                try
                {
                    await resume(customer, stop);
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    // It comes back by itself, a little later.
                    LogNotCalledBack(failure, customer.ToString());
                }
            });
        }
        catch (OperationCanceledException)
        {
            LogCallBackStopped();
        }
    }

    private static VippsResult<bool> Later(TimeSpan after, int status) =>
        new VippsResult<bool>.Later(new VippsFault(status, Title: "held"), after);

    [LoggerMessage(3201, LogLevel.Warning, "The Loyalty API is away: events wait with their customers, one tries every {Seconds} s")]
    private partial void LogAway(double seconds);

    [LoggerMessage(3202, LogLevel.Information, "The Loyalty API is back: {Customers} customers are called back")]
    private partial void LogBack(int customers);

    [LoggerMessage(3203, LogLevel.Debug, "Customer {Customer} could not be called back")]
    private partial void LogNotCalledBack(Exception failure, string customer);

    [LoggerMessage(3204, LogLevel.Debug, "Customers are no longer called back: the process stops")]
    private partial void LogCallBackStopped();
}
