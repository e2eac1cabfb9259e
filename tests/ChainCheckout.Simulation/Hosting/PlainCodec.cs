using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core;

namespace ChainCheckout.Simulation.Hosting;

/// <summary>
/// The storage codec with the personal values in the open: nobody here is real, and the same state is the same bytes in every run.
/// </summary>
internal sealed class PlainCodec : IStateCodec
{
    private readonly (byte[]? Bytes, object? State)[] _newest = new (byte[]?, object?)[16];
    private int _next;

    public PlainCodec() => States = new CoreJson(Options);

    public CoreJson States { get; }

    public JsonSerializerOptions Options => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false),
            new Text<Msisdn>(phone => phone.Digits, text => Msisdn.TryParse(text, out var phone) ? phone : default),
            new Text<QrText>(qr => qr.Text, text => QrText.TryParse(text, out var qr) == QrRefusal.None ? qr : default),
            new Text<Secret>(secret => secret.Reveal, text => new Secret(text)),
        },
    };

    public ReadOnlyMemory<byte> Encode<TState>(TState state, JsonTypeInfo<TState> type)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(state, type);
        _newest[_next++ % _newest.Length] = (bytes, state!);
        return bytes;
    }

    /// <summary>
    /// What these very bytes were made of, so that a checker need not read them again. Whoever loads reads the bytes.
    /// </summary>
    public object? Recall(ReadOnlyMemory<byte> bytes)
    {
        if (!MemoryMarshal.TryGetArray(bytes, out var array)) return null;
        foreach (var (known, state) in _newest)
        {
            if (ReferenceEquals(known, array.Array)) return state;
        }

        return null;
    }

    public TState Decode<TState>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<TState> type) =>
        JsonSerializer.Deserialize(bytes.Span, type) ?? throw new JsonException("A stored state is null.");

    private sealed class Text<T>(Func<T, string> text, Func<string, T> parse) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(text(value));
    }
}
