using System.Text.Json.Serialization;

namespace ChainCheckout.Simulator.Ledgers;

/// <summary>
/// One effect, as it is written: a line of JSON with only the fields that concern it. Never a phone number, a
/// token, a secret or the text of a QR code.
/// </summary>
public sealed record LedgerLine([property: JsonPropertyOrder(-1)] string Kind)
{
    /// <summary>1, 2, 3 … within one run, in the order in which the effects happened.</summary>
    [JsonPropertyOrder(-3)]
    public long N { get; init; }

    /// <summary>Real UTC with seven digits of a second: <c>2026-10-20T10:00:00.0000000Z</c>.</summary>
    [JsonPropertyOrder(-2)]
    public string At { get; init; } = "";

    public string? Msn { get; init; }
    public string? Reference { get; init; }

    /// <summary>This effect's amount, in minor units.</summary>
    public long? AmountMinor { get; init; }

    public string? Currency { get; init; }

    /// <summary>The event's own reference.</summary>
    public string? PspReference { get; init; }

    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// Of <c>webhookSent</c>: the event's name. Of <c>loyalty</c>: the action. Of <c>call</c>: the call.
    /// </summary>
    public string? Event { get; init; }

    /// <summary>HTTP status; 0 = no answer came.</summary>
    public int? Status { get; init; }

    /// <summary>Of <c>webhookSent</c>: 1 for the first try.</summary>
    public int? Attempt { get; init; }

    /// <summary>The person, by the handle of <see cref="Customers.CustomerHandle"/>.</summary>
    public string? Customer { get; init; }

    /// <summary>1, 2, 3 … for each login requested within one run; the vendor's id of it is a secret.</summary>
    public long? Login { get; init; }

    /// <summary>Of <c>checkIn</c>: what the merchant said.</summary>
    public bool? IsMember { get; init; }

    /// <summary>Of <c>loyalty</c>: the event's own id.</summary>
    public string? EventId { get; init; }

    /// <summary>Of <c>loyalty</c>: the merchant's own member id.</summary>
    public string? ContactId { get; init; }

    /// <summary>Of <c>loyalty</c>: the bonus points that the event tells, if it tells any.</summary>
    public long? Balance { get; init; }

    /// <summary>Of <c>loyalty</c>: when it happened, as its sender says.</summary>
    public string? Timestamp { get; init; }
}
