using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ChainCheckout.Core.Ports;

/// <summary>
/// States as UTF-8 JSON: camelCase, nulls left out, enums by name, and <see cref="Msisdn"/>, <see cref="QrText"/> and
/// <see cref="Secret"/> each sealed under the key ring.
/// </summary>
public sealed class StateCodec : IStateCodec
{
    private readonly JsonSerializerOptions _options;

    public StateCodec(KeyRing keys)
    {
        _options = OptionsWith(keys);
        States = new CoreJson(Options);
    }

    public CoreJson States { get; }

    private static JsonSerializerOptions OptionsWith(KeyRing keys) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,

        // Stored bytes never reach a browser, and a name with "ø" is not to cost six bytes a letter.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false),
            new SealedJson<Msisdn>(
                keys, "msisdn", phone => phone.Digits, text => Msisdn.TryParse(text, out var phone) ? phone : null),
            new SealedJson<QrText>(
                keys, "qr", qr => qr.Text, text => QrText.TryParse(text, out var qr) == QrRefusal.None ? qr : null),
            new SealedJson<Secret>(
                keys, "secret", secret => secret.Reveal, text => text.Length > 0 ? new Secret(text) : null),
        },
    };

    /// <summary>
    /// A copy at each reading, without a resolver: a source-generated context takes the options that it is built with
    /// for itself, so each one needs its own: <c>new TillJson(codec.Options).TillState</c>.
    /// </summary>
    public JsonSerializerOptions Options => new(_options);

    public ReadOnlyMemory<byte> Encode<TState>(TState state, JsonTypeInfo<TState> type) =>
        JsonSerializer.SerializeToUtf8Bytes(state, type);

    public TState Decode<TState>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<TState> type)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes.Span, type) ?? throw new JsonException($"A stored {typeof(TState).Name} is null.");
        }
        catch (Exception damaged) when (damaged is FormatException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            // A value's own parser, a stage without its name, a text that is none: one fault to whoever loads.
            throw new JsonException($"A stored {typeof(TState).Name} is damaged.", damaged);
        }
    }
}

/// <summary>Writes one kind of personal value sealed, and reads it back.</summary>
/// <param name="reveal">The text to store; empty for a default value, which is refused.</param>
/// <param name="parse">The value of a stored text; null for a text that is none.</param>
internal sealed class SealedJson<T>(
    KeyRing keys, string purpose, Func<T, string> reveal, Func<string, T?> parse) : JsonConverter<T>
    where T : struct
{
    public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new PersonalValueException($"A stored {purpose} is not in a form that this version reads.");
        var plain = keys.Open(purpose, reader.GetString()!);
        return parse(plain)
            ?? throw new PersonalValueException($"A stored {purpose} opens, but is no {typeof(T).Name}.");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        var plain = reveal(value);

        // An empty one could be written and never be read again: say so while the old state still stands.
        if (plain.Length == 0)
            throw new PersonalValueException($"An empty {typeof(T).Name} is not stored; leave it null.");
        writer.WriteStringValue(keys.Seal(purpose, plain));
    }
}
