using System.Text.Json.Serialization;

namespace ChainCheckout.Core.Values;

/// <summary>Why a scanned text is refused before any call leaves.</summary>
public enum QrRefusal
{
    None = 0,
    Empty,
    TooLong,
    Unreadable,
    CardNumber,
    OtherHost,
}

/// <summary>
/// The whole decoded text of a personal QR code on <c>qr.vipps.no</c>: version 1 URL or version 2 token.
/// Its content may change at any time, so it is never taken apart; it is personal, so it never prints itself.
/// </summary>
[JsonConverter(typeof(PersonalJson<QrText>))]
public readonly record struct QrText
{
    /// <summary>A personal QR link is under 100 bytes; ePayment's own limit for one is 255.</summary>
    public const int BytesMax = 512;

    private const string Host = "qr.vipps.no";

    private readonly string? _text;

    private QrText(string text) => _text = text;

    /// <summary>The text as scanned. Personal: only the exchange call may have it.</summary>
    public string Text => _text ?? "";

    public override string ToString() => "QR";

    public static QrRefusal TryParse(string? scanned, out QrText qr)
    {
        qr = default;
        var text = scanned?.Trim() ?? "";
        if (text.Length == 0) return QrRefusal.Empty;
        if (text.Length > BytesMax || System.Text.Encoding.UTF8.GetByteCount(text) > BytesMax) return QrRefusal.TooLong;
        if (LooksLikeCard(text)) return QrRefusal.CardNumber;
        if (text.Any(char.IsControl)) return QrRefusal.Unreadable;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)) return QrRefusal.Unreadable;
        if (uri.Scheme != Uri.UriSchemeHttps || !uri.IsDefaultPort || uri.UserInfo.Length > 0 || !IsPersonalHost(uri)) return QrRefusal.OtherHost;
        if (uri.AbsolutePath.Length < 2) return QrRefusal.Unreadable;
        qr = new QrText(text);
        return QrRefusal.None;
    }

    private static bool IsPersonalHost(Uri uri) => uri.Host.Equals(Host, StringComparison.OrdinalIgnoreCase);

    /// <summary>14 to 19 digits that pass the Luhn check, alone or as magnetic-stripe text.</summary>
    private static bool LooksLikeCard(string text)
    {
        var body = text.AsSpan().TrimStart("%B;").Trim();
        var end = body.IndexOfAny('=', '^');
        if (end > 0) body = body[..end];
        int digits = 0, sum = 0;
        for (var i = body.Length - 1; i >= 0; i--)
        {
            if (body[i] is ' ' or '-') continue;
            if (!char.IsAsciiDigit(body[i])) return false;
            var value = body[i] - '0';
            if (digits++ % 2 == 1) value = value > 4 ? (value * 2) - 9 : value * 2;
            sum += value;
        }

        return digits is >= 14 and <= 19 && sum % 10 == 0;
    }
}
