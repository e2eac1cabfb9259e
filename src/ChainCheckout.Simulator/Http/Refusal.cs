using System.Collections.Immutable;

namespace ChainCheckout.Simulator.Http;

/// <summary>
/// One thing that was wrong: an error code (<c>ErrorCode</c>, <c>6080</c>) or a field and the reason.
/// </summary>
public sealed record ExtraDetail(string Name, string Reason);

/// <summary>Why a call was not carried out, in a form that every API can turn into its own kind of error.</summary>
/// <param name="Status">HTTP status, 400 to 599.</param>
internal sealed record Refusal(int Status, string Title, ImmutableArray<ExtraDetail> Details)
{
    // "Try again later" in the vendor's list: the order is being processed, or the capture failed on the way.
    private static readonly string[] TransientCodes = ["3010", "6160", "6250", "6280"];

    public bool Transient { get; } =
        IsTransient(Status)
        || Details.Any(detail => detail.Name == "ErrorCode" && TransientCodes.Contains(detail.Reason));

    public static Refusal Code(string code, string title, int status = 400) =>
        new(status, title, [new ExtraDetail("ErrorCode", code)]);

    public static Refusal OfField(string name, string reason) =>
        new(400, "Bad Request", [new ExtraDetail(name, reason)]);

    public static Refusal OfFields(IEnumerable<ExtraDetail> details) => new(400, "Bad Request", [.. details]);

    /// <summary>401 and 403 come from before the place where keys are kept; the others ask for a repeat.</summary>
    public static bool IsTransient(int status) => status is 401 or 403 or 408 or 423 or 429 or >= 500;
}
