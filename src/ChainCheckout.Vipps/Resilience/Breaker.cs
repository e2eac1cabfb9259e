using ChainCheckout.Vipps.Options;
using ChainCheckout.Vipps.Sending;
using Polly;
using Polly.CircuitBreaker;

namespace ChainCheckout.Vipps.Resilience;

/// <summary>
/// Stops calling one API for one sales unit while nothing comes back from it. A 4xx is an answer and does not count.
/// </summary>
internal sealed class Breaker
{
    private readonly TimeProvider _clock;
    private readonly ResiliencePipeline<Answer> _pipeline;
    private long _openUntil = long.MinValue;

    public Breaker(BreakerOptions options, TimeProvider clock, Action<BreakerState> onChange)
    {
        _clock = clock;
        var builder = new ResiliencePipelineBuilder<Answer> { TimeProvider = clock };
        _pipeline = builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions<Answer>
        {
            FailureRatio = options.FailureRatio,
            MinimumThroughput = options.MinimumThroughput,
            SamplingDuration = options.SamplingDuration,
            BreakDuration = options.BreakDuration,
            ShouldHandle = static call => ValueTask.FromResult(call.Outcome.Result is { IsOutage: true }),
            OnOpened = opened => Change(BreakerState.Open, UntilAfter(opened.BreakDuration), onChange),
            OnHalfOpened = _ => Change(BreakerState.HalfOpen, long.MinValue, onChange),
            OnClosed = _ => Change(BreakerState.Closed, long.MinValue, onChange),
        }).Build();
    }

    public bool IsOpen => _clock.GetTimestamp() < Volatile.Read(ref _openUntil);

    /// <summary>
    /// The call's answer, or <see cref="AnswerKind.NeverSent"/>. The caller's cancellation is the only exception.
    /// </summary>
    public async ValueTask<Answer> RunAsync<TState>(
        Func<TState, ValueTask<Answer>> call, TState state, CancellationToken caller)
    {
        var context = ResilienceContextPool.Shared.Get(caller);
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(RunOneAsync, context, (call, state));
            if (outcome.Exception is BrokenCircuitException broken)
                return Answer.NeverSent("breaker open", broken.RetryAfter);
            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static async ValueTask<Outcome<Answer>> RunOneAsync<TState>(
        ResilienceContext context, (Func<TState, ValueTask<Answer>> Call, TState State) work)
    {
        try
        {
            return Outcome.FromResult(await work.Call(work.State));
        }
        catch (OperationCanceledException gaveUp)
        {
            return Outcome.FromException<Answer>(gaveUp);
        }
    }

    private long UntilAfter(TimeSpan wait) =>
        _clock.GetTimestamp() + (long)(wait.TotalSeconds * _clock.TimestampFrequency);

    private ValueTask Change(BreakerState state, long openUntil, Action<BreakerState> onChange)
    {
        Volatile.Write(ref _openUntil, openUntil);
        onChange(state);
        return ValueTask.CompletedTask;
    }
}
