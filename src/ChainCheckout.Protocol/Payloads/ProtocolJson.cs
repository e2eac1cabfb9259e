using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ChainCheckout.Protocol.Payloads;

/// <summary>
/// How payloads are spelled: camelCase, nulls left out. A reader takes unknown fields in its stride and refuses
/// doubled ones, and null or nothing where a value is due.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    MaxDepth = 16)]
[JsonSerializable(typeof(Hello))]
[JsonSerializable(typeof(Challenge))]
[JsonSerializable(typeof(Proof))]
[JsonSerializable(typeof(Welcome))]
[JsonSerializable(typeof(Reply))]
[JsonSerializable(typeof(ViewPayload))]
[JsonSerializable(typeof(Busy))]
[JsonSerializable(typeof(Error))]
[JsonSerializable(typeof(Goodbye))]
public sealed partial class ProtocolJson : JsonSerializerContext;

public static class PayloadReader
{
    /// <summary>
    /// False for what is not JSON, or not this payload. The fault's text could hold a value: it is not kept.
    /// </summary>
    public static bool TryRead<T>(
        ReadOnlySequence<byte> payload, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? value)
        where T : class
    {
        try
        {
            var reader = new Utf8JsonReader(payload);
            value = JsonSerializer.Deserialize(ref reader, type);
            return value is not null && !reader.Read();
        }
        catch (JsonException)
        {
            value = null;
            return false;
        }
    }
}
