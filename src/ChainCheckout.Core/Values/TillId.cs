using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainCheckout.Core.Values;

/// <summary>One till in one store. The only type that knows how a till is spelled in an actor key.</summary>
/// <param name="Store">1 to 9999.</param>
/// <param name="Till">1 to 99.</param>
[JsonConverter(typeof(TillIdJson))]
public readonly record struct TillId(int Store, int Till)
{
    /// <summary>Actor key and log form: <c>"0042-07"</c>. A payment reference has its own speller: no leading zeros there.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Store:D4}-{Till:D2}");

    public static bool IsValid(int store, int till) => store is >= 1 and <= 9999 && till is >= 1 and <= 99;

    public static TillId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a till id (want SSSS-TT).");

    public static bool TryParse([NotNullWhen(true)] string? text, out TillId id)
    {
        id = default;
        if (text is not { Length: 7 } || text[4] != '-') return false;
        if (!int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var store)) return false;
        if (!int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var till)) return false;
        if (!IsValid(store, till)) return false;
        id = new TillId(store, till);
        return true;
    }
}

internal sealed class TillIdJson : JsonConverter<TillId>
{
    public override TillId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => TillId.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, TillId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
