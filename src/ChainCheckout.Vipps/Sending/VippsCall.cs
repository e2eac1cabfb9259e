using ChainCheckout.Vipps.Resilience;

namespace ChainCheckout.Vipps.Sending;

/// <summary>One call as its client wants it; the sender adds who calls.</summary>
/// <param name="Body">The same bytes for every repeat of the same intention; null sends none.</param>
/// <param name="Key">The idempotency key, at most 50 characters.</param>
/// <param name="Share">What it may take of the calls under way; a poll also waits for the global budget of routine reads.</param>
/// <param name="Own">Instead of the sales unit's access token and subscription key.</param>
/// <param name="IsForm">The body is a form, not JSON.</param>
/// <param name="Subject">A payment reference or webhook id for the log; never anything personal.</param>
internal readonly record struct VippsCall(
    VippsOperation Operation, Msn Msn, Uri Address, TimeSpan Timeout,
    byte[]? Body = null, string? Key = null, CallShare Share = CallShare.Sale, string Subject = "",
    OwnAuthorization? Own = null, bool IsForm = false);

/// <summary>
/// Turns the body of a 2xx answer into its value; <see cref="VippsResult{T}.Unknown"/> where it lacks something.
/// </summary>
internal delegate VippsResult<T> AnswerReader<T>(ReadOnlySpan<byte> body);

/// <summary>
/// Turns a 4xx answer that is an outcome of its own into its value; null where it is a refusal like any other.
/// </summary>
internal delegate VippsResult<T>? RefusalReader<T>(VippsFault fault, ReadOnlySpan<byte> body);
