using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainCheckout.Load.Transcripts;

/// <summary>One thing that a till asked, was told, or was shown: a line of <c>tills.jsonl</c>. Nothing personal in
/// it.</summary>
/// <param name="At">When the bytes arrived, or the command was given to the till.</param>
/// <param name="Kind">One of <see cref="TranscriptKinds"/>.</param>
public sealed record TranscriptLine(DateTimeOffset At, int Store, int Till, string Role, string Kind)
{
    /// <summary>Of a view: its version.</summary>
    public long? Version { get; init; }

    /// <summary>Of a reply, busy or error: the command's number.</summary>
    public uint? Number { get; init; }

    public string? SaleId { get; init; }

    /// <summary>Of an asked: the command's type.</summary>
    public string? Command { get; init; }

    /// <summary>Of a view.</summary>
    public string? Stage { get; init; }

    /// <summary>Of a reply: done or refused.</summary>
    public string? Status { get; init; }

    public string? Code { get; init; }

    /// <summary>Of a view: there is a customer in it.</summary>
    public bool? Identified { get; init; }

    /// <summary>Of a view with a customer: none, member or unknown.</summary>
    public string? Membership { get; init; }

    public string? MemberId { get; init; }

    /// <summary>Of a view: the stage of the enrolment in it.</summary>
    public string? Enrolment { get; init; }

    /// <summary>The payment at hand, the one paid, or of an asked refund the one to give back from.</summary>
    public string? Reference { get; init; }

    public int? Attempt { get; init; }

    /// <summary>Minor units: of the payment at hand, or of the command.</summary>
    public long? AmountMinor { get; init; }

    public string? Currency { get; init; }

    public TranscriptReceipt? Receipt { get; init; }

    public TranscriptRefund? Refund { get; init; }
}

/// <param name="Reference">Null for another tender.</param>
public sealed record TranscriptReceipt(
    string SaleId, string Tender, string? Reference, long AmountMinor, string Currency);

/// <param name="Stage">refunding, refunded or refused.</param>
public sealed record TranscriptRefund(string Reference, long AmountMinor, string Currency, string Stage, string Code);

public static class TranscriptKinds
{
    public const string Asked = "asked";
    public const string Connected = "connected";
    public const string View = "view";
    public const string Reply = "reply";
    public const string Busy = "busy";
    public const string Error = "error";
    public const string Cut = "cut";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TranscriptLine))]
public sealed partial class TranscriptJson : JsonSerializerContext;
