using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainCheckout.Core.Values;

/// <summary>
/// The pseudonym of a phone number: 32 hex digits of an HMAC-SHA256 under the chain's secret, made by <see cref="ChainSecret"/>.
/// It may stand in keys and logs; without the secret it leads back to nobody.
/// </summary>
[JsonConverter(typeof(CustomerIdJson))]
public readonly record struct CustomerId(string Text)
{
    public override string ToString() => Text ?? "";
}

internal sealed class CustomerIdJson : JsonConverter<CustomerId>
{
    public override CustomerId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, CustomerId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}
