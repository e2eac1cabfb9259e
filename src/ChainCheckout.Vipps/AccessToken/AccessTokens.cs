using ChainCheckout.Vipps.Sending;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Vipps.AccessToken;

/// <summary>
/// A token as the <c>Authorization</c> header wants it. A class, not a record: it must not print itself.
/// </summary>
internal sealed class HeldToken(string token, long refreshAt, long endsAt)
{
    public string Header { get; } = "Bearer " + token;

    /// <summary>Timestamps of the monotonic clock.</summary>
    public long RefreshAt { get; } = refreshAt;

    public long EndsAt { get; } = endsAt;
}

/// <summary>A token, or why there is none and when to ask again.</summary>
internal readonly record struct TokenOutcome(HeldToken? Token, Answer? None);

/// <summary>
/// The token of one sales unit: kept for its life, renewed at about 80 % of it, fetched once however many calls want
/// it. While the token endpoint is away the token at hand serves to its end.
/// </summary>
internal sealed partial class AccessTokens(
    Msn msn, Func<Task<Answer>> fetch, TimeProvider clock, Random random, ILogger logger)
{
    private const double RefreshAtLife = 0.8;
    private const double RefreshJitter = 0.05;
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private volatile HeldToken? _held;
    private Task<TokenOutcome>? _refresh;
    private TokenOutcome _failure;
    private long _pauseUntil = long.MinValue;
    private int _failuresInRow;

    public ValueTask<TokenOutcome> GetAsync(CancellationToken cancellation)
    {
        var now = clock.GetTimestamp();
        if (_held is not { } held || now >= held.EndsAt)
            return new ValueTask<TokenOutcome>(RefreshAsync().WaitAsync(cancellation));
        // Not awaited: this call has a token, and the refresh tells its own failures.
        if (now >= held.RefreshAt) _ = RefreshAsync();
        return new ValueTask<TokenOutcome>(new TokenOutcome(held, null));
    }

    /// <summary>Forgets a token that was refused, unless a newer one took its place.</summary>
    public void Drop(HeldToken refused) => Interlocked.CompareExchange(ref _held, null, refused);

    private Task<TokenOutcome> RefreshAsync()
    {
        lock (_gate)
        {
            if (_refresh is { IsCompleted: false }) return _refresh;
            var now = clock.GetTimestamp();
            if (_held is { } held && now < held.RefreshAt) return Task.FromResult(new TokenOutcome(held, null));
            if (now < _pauseUntil) return Task.FromResult(_failure);
            return _refresh = FetchAsync();
        }
    }

    private async Task<TokenOutcome> FetchAsync()
    {
        using var answer = await fetch();
        var read = answer.Status is >= 200 and < 300 ? AccessTokenAnswer.Read(answer.Body.Span) : null;
        lock (_gate) return read is var (token, life) ? Keep(token, life) : Fail(answer);
    }

    private TokenOutcome Keep(string token, TimeSpan life)
    {
        var now = clock.GetTimestamp();
        var early = RefreshAtLife - (random.NextDouble() * RefreshJitter);
        var held = new HeldToken(token, now + Ticks(life * early), now + Ticks(life));
        _held = held;
        _failuresInRow = 0;
        _pauseUntil = long.MinValue;
        LogRefreshed(msn, life);
        return new TokenOutcome(held, null);
    }

    /// <summary>
    /// The token endpoint is asked again after 0.5 s, doubled up to 10 s, jittered, or when it said itself.
    /// </summary>
    private TokenOutcome Fail(Answer answer)
    {
        var pause = PauseMin * Math.Pow(2, Math.Min(_failuresInRow++, 10)) * (0.75 + (random.NextDouble() / 2));
        if (pause > PauseMax) pause = PauseMax;
        if (answer.RetryAfter > pause) pause = answer.RetryAfter.Value;
        _pauseUntil = clock.GetTimestamp() + Ticks(pause);

        var fault = FaultReader.Read(answer.Status, answer.Status >= 400 ? answer.Body : default);
        var reason = answer.Kind == AnswerKind.Answered ? fault.Title : answer.Reason;
        LogRefreshFailed(msn, fault.Status, reason, fault.TraceId, _held is not null);
        _failure = new TokenOutcome(null, Answer.NeverSent($"no access token: {reason} ({fault.Status})", pause));
        return _failure;
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * clock.TimestampFrequency);
}
