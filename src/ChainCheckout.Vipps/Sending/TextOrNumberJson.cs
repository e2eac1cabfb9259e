using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainCheckout.Vipps.Sending;

/// <summary>Reads a text that some versions of an API write as a number, or the other way round.</summary>
internal sealed class TextOrNumberJson : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => throw new JsonException("Neither a text nor a number."),
        };

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}
