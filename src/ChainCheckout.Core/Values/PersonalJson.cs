using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainCheckout.Core.Values;

/// <summary>
/// Stands on every personal value, so that one written without the storage codec fails instead of leaking.
/// A converter in the serializer's options goes before it.
/// </summary>
internal sealed class PersonalJson<T> : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw Refusal();

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => throw Refusal();

    private static NotSupportedException Refusal() =>
        new($"{typeof(T).Name} is personal: only the storage codec reads and writes it.");
}
