using System.Text.Json.Serialization;
using ChainCheckout.Simulator.Http;

namespace ChainCheckout.Simulator.Faults;

/// <summary>What goes wrong. Effect and answer are decided apart: see <see cref="FaultRule.Effect"/>.</summary>
[JsonConverter(typeof(CamelCaseEnum<FaultKind>))]
public enum FaultKind
{
    /// <summary>Another status is answered. Without effect unless told.</summary>
    Status = 1,

    /// <summary>No answer: the connection stays silent, then breaks. With effect unless told.</summary>
    DropAnswer = 2,

    /// <summary>Done at once, answered late. Without effect: a late 504.</summary>
    Delay = 3,

    /// <summary>The connection breaks in the middle of the answer. With effect unless told.</summary>
    ResetMidBody = 4,

    /// <summary>200 with a body that is no JSON; a webhook with a body altered after signing.</summary>
    Garbage = 5,

    /// <summary>200 with a body without end in sight.</summary>
    HugeBody = 6,

    /// <summary>A read shows the payment as it was before its last change.</summary>
    StaleRead = 7,

    /// <summary>The answer shows other amounts than Vipps has.</summary>
    WrongAmount = 8,

    /// <summary>A call is carried out twice; a webhook is sent twice.</summary>
    Duplicate = 9,

    /// <summary>A webhook comes after those that followed it.</summary>
    Reorder = 10,

    /// <summary>A webhook is never sent.</summary>
    Lose = 11,

    /// <summary>307 to another place. Without effect unless told.</summary>
    Redirect = 12,

    /// <summary>Nothing at first; after the delay it is carried out and answered.</summary>
    LateEffect = 13,
}

/// <summary>The calls that a rule can name.</summary>
public static class FaultCalls
{
    public const string WebhookDelivery = "webhookDelivery";

    internal static readonly string[] All = [.. CallCounts.Names, WebhookDelivery];
}

/// <summary>When which fault happens to which call.</summary>
/// <param name="Call">One of <see cref="FaultCalls"/>' names.</param>
/// <param name="Effect">Whether the call is carried out all the same; null = as the kind's summary says.</param>
/// <param name="Status">HTTP status, for <see cref="FaultKind.Status"/>; 500 if none is given.</param>
/// <param name="RetryAfterSeconds">Real seconds in the Retry-After header.</param>
/// <param name="ErrorCode">The vendor's error code in the problem document: <c>6280</c>.</param>
/// <param name="DelayMs">Real milliseconds.</param>
/// <param name="Probability">0 to 1.</param>
/// <param name="Times">How often it happens at most; null = without end.</param>
/// <param name="Reference">Only for this payment; null = for every one.</param>
public sealed record FaultRule(
    string Call,
    [property: JsonPropertyName("fault")] FaultKind Kind,
    bool? Effect = null,
    int? Status = null,
    int? RetryAfterSeconds = null,
    string? ErrorCode = null,
    int? DelayMs = null,
    double Probability = 1,
    int? Times = null,
    string? Reference = null)
{
    internal TimeSpan DelayOr(TimeSpan otherwise) => DelayMs is { } ms ? TimeSpan.FromMilliseconds(ms) : otherwise;

    [JsonIgnore]
    internal bool HasEffect => Effect ?? Kind is not (FaultKind.Status or FaultKind.Redirect);
}
