using System.Text.Json;

namespace ChainCheckout.Vipps.Sending;

/// <summary>Reads fields whose kind is not to be relied on. What is of another kind is as good as absent.</summary>
internal static class JsonFields
{
    /// <summary>The object in <paramref name="body"/>; null for any other value.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonElement? Parse(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        var root = JsonElement.ParseValue(ref reader);
        return root.ValueKind == JsonValueKind.Object ? root : null;
    }

    /// <summary>As <see cref="Parse"/>; null for what is no JSON, too.</summary>
    public static JsonElement? ParseOrNull(ReadOnlySpan<byte> body)
    {
        try
        {
            return Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A text, or a number as it is written; empty for anything else.</summary>
    public static string Text(JsonElement from, string name)
    {
        if (Find(from, name) is not { } value) return "";
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString()!,
                JsonValueKind.Number => value.GetRawText(),
                _ => "",
            };
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are not UTF-8.
            return "";
        }
    }

    /// <summary>Null for anything but true and false.</summary>
    public static bool? Flag(JsonElement from, string name) => Find(from, name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>The objects of a list; none where there is no list.</summary>
    public static IEnumerable<JsonElement> Objects(JsonElement from, string name) =>
        Find(from, name) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object)
            : [];

    public static JsonElement? Object(JsonElement from, string name) =>
        Find(from, name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    private static JsonElement? Find(JsonElement from, string name)
    {
        try
        {
            return from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            // A neighbour's name is no text: the others are looked at one by one.
            return FindAmongOddNames(from, name);
        }
    }

    private static JsonElement? FindAmongOddNames(JsonElement from, string name)
    {
        JsonElement? found = null;
        foreach (var property in from.EnumerateObject())
        {
            try
            {
                if (property.NameEquals(name)) found = property.Value;
            }
            catch (InvalidOperationException)
            {
                // This one.
            }
        }

        return found;
    }
}
