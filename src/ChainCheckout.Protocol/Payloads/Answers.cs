using System.Text.Json.Serialization;

namespace ChainCheckout.Protocol.Payloads;

/// <summary>The answer to a command that consumed its number; a repeat gets the same bytes.</summary>
/// <param name="Status">"done" or "refused": see <see cref="ReplyStatus"/>.</param>
/// <param name="Code">The reason, stable over versions; texts are not.</param>
/// <param name="Field">The field of the command that the reason is about.</param>
/// <param name="Text">For the cashier, in the till's language.</param>
/// <param name="Hint">What the cashier can do about it.</param>
/// <param name="Reference">The payment or refund that the command started.</param>
/// <param name="View">Views below this version do not know of the command yet; null from a server that does not say.</param>
public sealed record Reply(
    [property: JsonRequired] string Status,
    [property: JsonRequired] string Code,
    string? Field,
    [property: JsonRequired] string Text,
    string? Hint = null,
    string? Reference = null,
    string? SaleId = null,
    long? View = null);

public static class ReplyStatus
{
    public const string Done = "done";
    public const string Refused = "refused";
}

/// <summary>The answer to a frame that consumed no number.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="Field">Path of the offending field, e.g. <c>lines[3].taxRate</c>.</param>
/// <param name="LastApplied">With SequenceGap and SequenceReused: where numbering stands.</param>
public sealed record Error(
    [property: JsonRequired] string Code,
    string? Field,
    [property: JsonRequired] string Text,
    uint? LastApplied = null);

/// <summary>Not now: the command was not looked at and its number is free to be sent again.</summary>
/// <param name="RetryAfterMs">Milliseconds from receipt.</param>
public sealed record Busy([property: JsonRequired] int RetryAfterMs);

/// <summary>The server ends the channel, or on channel 0 the connection.</summary>
/// <param name="Reason">One of <see cref="GoodbyeReasons"/>, or a newer one.</param>
/// <param name="ReconnectAfterMs">Milliseconds to wait before the next Hello.</param>
/// <param name="ReconnectTo">host:port to prefer; left out: any.</param>
public sealed record Goodbye(
    [property: JsonRequired] string Reason,
    [property: JsonRequired] int ReconnectAfterMs,
    string? ReconnectTo = null);

public static class GoodbyeReasons
{
    /// <summary>The gateway stops; another one carries on.</summary>
    public const string Shutdown = "shutdown";

    /// <summary>A newer connection opened this (till, role).</summary>
    public const string Replaced = "replaced";

    public const string Idle = "idle";

    /// <summary>The till does not read what it is sent.</summary>
    public const string SlowReader = "slowReader";

    public const string Overload = "overload";
}

/// <summary>Codes of <see cref="Error"/>. None of them consumes a command's number.</summary>
public static class ErrorCodes
{
    /// <summary>On channel 0, before the server hangs up; the field names the <see cref="FrameFault"/>.</summary>
    public const string MalformedFrame = "MalformedFrame";

    public const string MalformedJson = "MalformedJson";
    public const string UnknownCommand = "UnknownCommand";
    public const string UnknownField = "UnknownField";
    public const string MissingField = "MissingField";
    public const string WrongType = "WrongType";
    public const string TooLong = "TooLong";
    public const string OutOfRange = "OutOfRange";

    public const string StaleSession = "StaleSession";
    public const string SequenceGap = "SequenceGap";
    public const string SequenceReused = "SequenceReused";
    public const string NotWelcome = "NotWelcome";
    public const string UnexpectedFrame = "UnexpectedFrame";
    public const string WrongRole = "WrongRole";

    public const string UnknownTill = "UnknownTill";
    public const string WrongCredential = "WrongCredential";
    public const string VersionNotSupported = "VersionNotSupported";
    public const string TooManyChannels = "TooManyChannels";
    public const string ChannelInUse = "ChannelInUse";
}
