using System.Buffers;

namespace ChainCheckout.Vipps.Sending;

internal enum AnswerKind
{
    /// <summary>A status and a whole body.</summary>
    Answered = 1,

    /// <summary>No byte of the request left.</summary>
    NeverSent,

    /// <summary>The request may have arrived; what was said to it is not known.</summary>
    Lost,
}

/// <summary>What came back for one request, before anybody judges it. Holds a pooled buffer until disposed.</summary>
internal sealed class Answer : IDisposable
{
    private byte[]? _rented;

    private Answer(AnswerKind kind, string reason, TimeSpan? retryAfter)
    {
        Kind = kind;
        Reason = reason;
        RetryAfter = retryAfter;
    }

    public AnswerKind Kind { get; }

    /// <summary>Our own words, without anything personal; empty for an answer.</summary>
    public string Reason { get; }

    public TimeSpan? RetryAfter { get; }

    /// <summary>How long it may be kept, where it says so.</summary>
    public TimeSpan? MaxAge { get; private init; }

    /// <summary>0 unless answered.</summary>
    public int Status { get; private init; }

    public ReadOnlyMemory<byte> Body { get; private init; }

    /// <summary>Counts against the breaker: Vipps did not answer, or only with a 5xx.</summary>
    public bool IsOutage => Kind != AnswerKind.Answered || Status >= 500;

    /// <summary>Takes over <paramref name="rented"/>, which goes back to the pool on disposal.</summary>
    public static Answer Answered(
        int status, byte[] rented, int length, TimeSpan? retryAfter, TimeSpan? maxAge = null) =>
        new(AnswerKind.Answered, "", retryAfter)
        {
            Status = status,
            MaxAge = maxAge,
            Body = rented.AsMemory(0, length),
            _rented = rented,
        };

    public static Answer NeverSent(string reason, TimeSpan? retryAfter = null) =>
        new(AnswerKind.NeverSent, reason, retryAfter);

    public static Answer Lost(string reason) => new(AnswerKind.Lost, reason, null);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } rented) ArrayPool<byte>.Shared.Return(rented);
    }
}
