using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using ChainCheckout.Simulator.Faults;
using ChainCheckout.Simulator.Ledgers;
using ChainCheckout.Simulator.Time;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Simulator.Webhooks;

/// <summary>
/// Carries notices to their registrations: some at a time for each registration, so that a dead address holds up
/// only its own; each lane in order; retries by the vendor's table.
/// </summary>
internal sealed partial class Postman : IAsyncDisposable
{
    /// <summary>Real time: the one who answers lives in it, however fast the simulated clock runs.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ReorderBy = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<Guid, (Lanes Lanes, Task Work)> _rounds = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpMessageInvoker _http;
    private readonly SimulatedClock _clock;
    private readonly Alarms _alarms;
    private readonly FaultBook _faults;
    private readonly Ledger _ledger;
    private readonly ILogger _logger;
    private readonly int _workers;
    private long _tries;

    public Postman(SimulatedClock clock, Alarms alarms, FaultBook faults, Ledger ledger, ILogger logger, int workers)
    {
        (_clock, _alarms, _faults, _ledger, _logger, _workers) = (clock, alarms, faults, ledger, logger, workers);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            MaxConnectionsPerServer = workers,
            SslOptions = new SslClientAuthenticationOptions(),
            ActivityHeadersPropagator = null,
        });
    }

    /// <summary>Deliveries tried so far.</summary>
    public long Tries => Volatile.Read(ref _tries);

    public int Waiting => _rounds.Values.Sum(round => round.Lanes.Waiting);

    public void Open(Registration registration)
    {
        var lanes = new Lanes(registration);
        var work = Task.WhenAll(Enumerable.Range(0, _workers).Select(_ => WorkAsync(lanes)));
        _rounds[registration.Id] = (lanes, work);
    }

    public void Close(Guid registration)
    {
        if (_rounds.TryRemove(registration, out var round)) round.Lanes.Close();
    }

    public void Post(Guid registration, Notice notice)
    {
        if (_rounds.TryGetValue(registration, out var round)) round.Lanes.Add(notice);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var (lanes, _) in _rounds.Values) lanes.Close();
        await Task.WhenAll(_rounds.Values.Select(round => round.Work));
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task WorkAsync(Lanes lanes)
    {
        try
        {
            await foreach (var lane in lanes.Ready.ReadAllAsync(_stop.Token)) await DrainAsync(lanes, lane);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The simulator stops; what is not delivered is lost with it, as the vendor's retries would end.
            return;
        }
    }

    private async Task DrainAsync(Lanes lanes, string lane)
    {
        while (lanes.Head(lane) is { } notice)
        {
            if (!notice.FaultTaken && _faults.Draw(FaultCalls.WebhookDelivery, notice.Reference) is { } fault)
            {
                notice.FaultTaken = true;
                if (!await UnderFaultAsync(lanes, notice, fault)) return;
                continue;
            }

            if (!await DeliverAsync(lanes, notice)) return;
        }
    }

    /// <returns>Whether to go on with the lane now.</returns>
    private async Task<bool> UnderFaultAsync(Lanes lanes, Notice notice, FaultRule fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.Lose:
                return lanes.Done(notice.Lane);
            case FaultKind.Duplicate:
                await TryAsync(lanes.Registration, notice, tampered: false);
                return await DeliverAsync(lanes, notice);
            case FaultKind.Reorder:
                var late = (Lanes: lanes, Notice: notice.OutOfOrder());
                _alarms.SetReal(fault.DelayOr(ReorderBy), static state => Rejoin(((Lanes, Notice))state), late);
                return lanes.Done(notice.Lane);
            case FaultKind.Delay or FaultKind.LateEffect:
                WakeLater(lanes, notice.Lane, fault.DelayOr(TimeSpan.FromSeconds(1)) * _clock.Factor);
                return false;
            case FaultKind.Garbage:
                await TryAsync(lanes.Registration, notice, tampered: true);
                return RetryLater(lanes, notice);
            default:
                // It failed on its way: with effect, on the way back, so that the retry comes as a duplicate.
                if (fault.Effect == true) await TryAsync(lanes.Registration, notice, tampered: false);
                else Note(lanes.Registration, notice, fault.Status ?? 0);
                return RetryLater(lanes, notice);
        }
    }

    private static void Rejoin((Lanes Lanes, Notice Notice) late) => late.Lanes.Add(late.Notice);

    private async Task<bool> DeliverAsync(Lanes lanes, Notice notice)
    {
        return await TryAsync(lanes.Registration, notice, tampered: false)
            ? lanes.Done(notice.Lane)
            : RetryLater(lanes, notice);
    }

    private bool RetryLater(Lanes lanes, Notice notice)
    {
        notice.FaultTaken = false;
        var age = _clock.Now - (notice.FirstTry ?? _clock.Now);
        if (RetryTable.WaitBefore(notice.Attempts, age) is { } wait)
        {
            WakeLater(lanes, notice.Lane, wait);
            return false;
        }

        LogGivenUp(notice.EventType, lanes.Registration.Id);
        return lanes.Done(notice.Lane);
    }

    private void WakeLater(Lanes lanes, string lane, TimeSpan simulated) => _alarms.Set(
        _clock.Now + simulated,
        static state =>
        {
            var (lanes, lane) = ((Lanes, string))state;
            lanes.Wake(lane);
        },
        (lanes, lane));

    private async Task<bool> TryAsync(Registration registration, Notice notice, bool tampered)
    {
        using var request = WebhookRequest.Write(registration, notice.Body, _clock.WallNow, tampered);
        using var timeout = new CancellationTokenSource(AnswerWithin, _clock.Wall);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
        var status = 0;
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            status = (int)response.StatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            _stop.Token.ThrowIfCancellationRequested();
            LogNoAnswer(failure, notice.EventType, registration.Id);
        }

        Note(registration, notice, status);
        return status is >= (int)HttpStatusCode.OK and < (int)HttpStatusCode.Ambiguous;
    }

    private void Note(Registration registration, Notice notice, int status)
    {
        Interlocked.Increment(ref _tries);
        notice.FirstTry ??= _clock.Now;
        notice.Attempts++;
        _ledger.Append(new LedgerLine("webhookSent")
        {
            Msn = notice.Msn,
            Reference = notice.Reference,
            Login = notice.Login,
            Event = notice.EventType,
            Status = status,
            Attempt = notice.Attempts,
        });
        notice.FirstTried?.TrySetResult();
    }
}
