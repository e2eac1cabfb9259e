using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainCheckout.Core.Values;

/// <summary>Merchant serial number: names a sales unit. 4 to 10 digits, kept as text (a number would lose leading zeros).</summary>
[JsonConverter(typeof(MsnJson))]
public readonly record struct Msn(string Text)
{
    public override string ToString() => Text ?? "";

    public static bool TryParse(string? text, out Msn msn)
    {
        msn = default;
        if (text is null || text.Length is < 4 or > 10 || !text.All(char.IsAsciiDigit)) return false;
        msn = new Msn(text);
        return true;
    }
}

internal sealed class MsnJson : JsonConverter<Msn>
{
    public override Msn Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        Msn.TryParse(reader.GetString(), out var msn) ? msn : throw new JsonException("A merchant serial number is 4 to 10 digits.");

    public override void Write(Utf8JsonWriter writer, Msn value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}
