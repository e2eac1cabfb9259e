using System.Text.Json;

namespace ChainCheckout.Vipps.Sending;

/// <summary>
/// Says of an answer what is known of the call's effect. Branches on status and numeric code, never on text.
/// </summary>
internal static class Verdict
{
    /// <param name="notFound">What a 404 means, where it is not a refusal.</param>
    /// <param name="refused">What other 4xx mean, where they are not refusals.</param>
    public static VippsResult<T> Of<T>(
        Answer answer, AnswerReader<T> read, VippsResult<T>? notFound, RefusalReader<T>? refused = null)
    {
        if (answer.Kind == AnswerKind.Lost) return new VippsResult<T>.Unknown(answer.Reason);
        if (answer.Kind == AnswerKind.NeverSent)
            return new VippsResult<T>.Later(new VippsFault(0, Title: answer.Reason), answer.RetryAfter);
        if (answer.Status is >= 200 and < 300) return Read(answer, read);
        if (answer.Status == 404 && notFound is not null) return notFound;

        var fault = FaultReader.Read(answer.Status, answer.Body);
        if (answer.Status is >= 400 and < 500 && refused?.Invoke(fault, answer.Body.Span) is { } told) return told;
        return KindOf(fault) switch
        {
            FaultKind.Refused => new VippsResult<T>.Refused(fault),
            FaultKind.Later => new VippsResult<T>.Later(fault, answer.RetryAfter),
            _ => new VippsResult<T>.Unknown(Describe(fault)),
        };
    }

    private enum FaultKind
    {
        Unknown = 1,
        Refused,
        Later,
    }

    private static FaultKind KindOf(VippsFault fault) => fault switch
    {
        // 408: somebody on the way gave up waiting. 3010: an internal error of Vipps, whatever status it wears.
        { Status: < 400 or 408 or >= 500 } or { Code: "3010" } => FaultKind.Unknown,
        { Status: 401 or 423 or 429 } or { Code: "6160" or "6250" or "6280" } => FaultKind.Later,
        _ => FaultKind.Refused,
    };

    private static VippsResult<T> Read<T>(Answer answer, AnswerReader<T> read)
    {
        try
        {
            return read(answer.Body.Span);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // No JSON, or a text in it that is none.
            return new VippsResult<T>.Unknown("answer does not parse");
        }
    }

    private static string Describe(VippsFault fault) =>
        string.Join(' ', new[] { $"status {fault.Status}", fault.Code, fault.TraceId }.Where(part => part.Length > 0));
}
