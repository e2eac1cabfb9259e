using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ChainCheckout.Vipps.Sending;

/// <summary>
/// Reads what Vipps, or the gateway in front of it, says went wrong: a problem document (<c>extraDetails</c> or
/// <c>invalidParams</c>), eCom's array, the gateway's two forms, OAuth's form. Anything else is a fault with its status
/// alone. The free texts <c>detail</c> and <c>error_description</c> are not kept: they may repeat a phone number.
/// </summary>
internal static class FaultReader
{
    private const int TextMax = 200;
    private const int TraceIdMax = 128;
    private const int DigitsShownMax = 6;

    private static readonly SearchValues<char> TraceIdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_:|.");

    public static VippsFault Read(int status, ReadOnlyMemory<byte> body)
    {
        var fault = new VippsFault(status);
        if (body.IsEmpty) return fault;
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0) root = root[0];
            return root.ValueKind == JsonValueKind.Object ? ReadObject(fault, root) : fault;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // A page, a text, half a document, a text that is not UTF-8: the status says enough.
            return fault;
        }
    }

    /// <summary>
    /// Cut to 200 characters; a run of seven digits or more, blanks and hyphens between them allowed, shows as stars.
    /// </summary>
    internal static string Clean(string text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, TextMax));
        for (var i = 0; i < text.Length && clean.Length < TextMax;)
        {
            var (end, digits) = DigitRun(text, i);
            if (digits > DigitsShownMax) clean.Append("***");
            else if (digits > 0) clean.Append(text, i, end - i);
            else clean.Append(char.IsControl(text[i]) ? ' ' : text[i]);
            i = digits > 0 ? end : i + 1;
        }

        return clean.Length > TextMax ? clean.ToString(0, TextMax) : clean.ToString();
    }

    private static VippsFault ReadObject(VippsFault fault, JsonElement problem)
    {
        var (code, field) = Details(problem);
        var ecom = JsonFields.Text(problem, "errorCode");
        if (code.Length == 0 && IsCode(ecom)) code = ecom;
        else if (field.Length == 0) field = ecom;

        return fault with
        {
            Code = code,
            Field = Clean(field),
            Title = Clean(Title(problem)),
            TraceId = TraceId(problem),
        };
    }

    private static string Title(JsonElement problem)
    {
        foreach (var name in (ReadOnlySpan<string>)["title", "errorMessage", "message", "error"])
        {
            if (JsonFields.Text(problem, name) is { Length: > 0 } text) return text;
        }

        return JsonFields.Object(problem, "responseInfo") is { } info ? JsonFields.Text(info, "responseMessage") : "";
    }

    /// <summary>The first numeric code, and the first other name, which is a field's.</summary>
    private static (string Code, string Field) Details(JsonElement problem)
    {
        string code = "", field = "";
        foreach (var list in (ReadOnlySpan<string>)["extraDetails", "invalidParams"])
        {
            foreach (var detail in JsonFields.Objects(problem, list))
            {
                var name = JsonFields.Text(detail, "name");
                var reason = JsonFields.Text(detail, "reason");
                if (!name.Equals("ErrorCode", StringComparison.OrdinalIgnoreCase))
                    field = field.Length == 0 ? name : field;
                else if (code.Length == 0 && IsCode(reason)) code = reason;
            }
        }

        return (code, field);
    }

    private static string TraceId(JsonElement problem)
    {
        var id = JsonFields.Text(problem, "traceId") is { Length: > 0 } trace ? trace : JsonFields.Text(problem, "contextId");
        return id.Length <= TraceIdMax && !id.AsSpan().ContainsAnyExcept(TraceIdCharacters) ? id : "";
    }

    private static bool IsCode(string text) => text.Length is >= 1 and <= DigitsShownMax && text.All(char.IsAsciiDigit);

    private static (int End, int Digits) DigitRun(string text, int start)
    {
        int end = start, digits = 0;
        for (var i = start; i < text.Length; i++)
        {
            if (char.IsDigit(text[i]))
            {
                digits++;
                end = i + 1;
            }
            else if (digits == 0 || text[i] is not (' ' or '-' or '.' or '(' or ')' or '\u00a0'))
            {
                break;
            }
        }

        return (end, digits);
    }
}
