using System.Runtime.CompilerServices;
using ChainCheckout.Vipps.AccessToken;
using ChainCheckout.Vipps.Resilience;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Vipps.Sending;

/// <summary>
/// The way of every call: poll budget → calls in flight → token → breaker → wire (once more with a new token after a
/// 401) → verdict. Whatever stops before the wire is "never sent". Nothing else is repeated here: that is for the owner
/// of the call to decide.
/// </summary>
internal sealed partial class VippsSender(
    SalesUnits units, RequestHeaders headers, VippsTransport transport, Breakers breakers, PollBudget polls,
    CallsInFlight inFlight, VippsCalls calls, TimeProvider clock, ILogger<VippsSender> logger)
{
    /// <summary>Why a call that found no room was never sent: that says nothing of Vipps.</summary>
    public const string NoRoom = "too many calls in flight";

    private static readonly TimeSpan PollBudgetPause = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;

    /// <param name="notFound">What a 404 means, where it is not a refusal.</param>
    /// <param name="refused">What other 4xx mean, where they are not refusals.</param>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellation"/> says so.</exception>
    public async Task<VippsResult<T>> SendAsync<T>(
        VippsCall call, AnswerReader<T> read, VippsResult<T>? notFound, CancellationToken cancellation,
        RefusalReader<T>? refused = null)
    {
        var started = clock.GetTimestamp();
        try
        {
            using var answer = await ExchangeAsync(call, cancellation);
            var result = Verdict.Of(answer, read, notFound, refused);
            Report(call, result, clock.GetElapsedTime(started));
            return result;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            calls.Count(call.Operation, CallOutcome.Cancelled, clock.GetElapsedTime(started));
            throw;
        }
    }

    private async ValueTask<Answer> ExchangeAsync(VippsCall call, CancellationToken cancellation)
    {
        if (units.Find(call.Msn) is not { } unit)
        {
            LogNoSalesUnit(call.Msn, call.Operation.Name);
            return Answer.NeverSent("sales unit is not in the settings");
        }

        if (call.Share == CallShare.Poll && !await polls.WaitAsync(cancellation))
            return Answer.NeverSent("poll budget used up", PollBudgetPause);

        using var deadline = new Deadline(call.Timeout, clock, cancellation);
        using var place = await PlaceAsync(call, deadline);
        if (place is null)
        {
            TimeSpan? pause = call.Share != CallShare.Sale ? PollBudgetPause : null;
            return Answer.NeverSent(NoRoom, pause);
        }

        HeldToken? token = null;
        if (call.Own is null)
        {
            (token, var none) = await TokenAsync(unit, deadline);
            if (token is null) return none!;
        }

        return await breakers[call.Msn, call.Operation.Api].RunAsync(
            static work => work.Sender.TwiceAtMostAsync(work.Call, work.Unit, work.Token, work.Deadline),
            new Work(this, call, unit, token, deadline), cancellation);
    }

    private async ValueTask<IDisposable?> PlaceAsync(VippsCall call, Deadline deadline)
    {
        try
        {
            return await inFlight.EnterAsync(call.Share, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            deadline.Caller.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>
    /// After a 401: that token is dropped, a new one fetched once for all who wait, and the same bytes sent once more.
    /// An authorization of the call's own is sent once: there is no newer one.
    /// </summary>
    private async ValueTask<Answer> TwiceAtMostAsync(
        VippsCall call, SalesUnit unit, HeldToken? token, Deadline deadline)
    {
        var answer = await OnceAsync(call, unit, token?.Header ?? "", deadline);
        if (answer.Status != 401 || token is null) return answer;

        unit.Tokens.Drop(token);
        var (fresh, _) = await TokenAsync(unit, deadline);
        if (fresh is null || deadline.Token.IsCancellationRequested) return answer;
        answer.Dispose();
        return await OnceAsync(call, unit, fresh.Header, deadline);
    }

    private async ValueTask<Answer> OnceAsync(VippsCall call, SalesUnit unit, string bearer, Deadline deadline)
    {
        using var request = headers.For(call, unit, bearer);
        return await transport.SendAsync(request, deadline);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<TokenOutcome> TokenAsync(SalesUnit unit, Deadline deadline)
    {
        try
        {
            return await unit.Tokens.GetAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            deadline.Caller.ThrowIfCancellationRequested();
            return new TokenOutcome(null, Answer.NeverSent("no access token in time"));
        }
    }

    private readonly record struct Work(
        VippsSender Sender, VippsCall Call, SalesUnit Unit, HeldToken? Token, Deadline Deadline);
}
