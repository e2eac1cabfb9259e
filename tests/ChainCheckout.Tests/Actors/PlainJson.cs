using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChainCheckout.Core;
using ChainCheckout.Core.Values;

namespace ChainCheckout.Tests.Actors;

/// <summary>
/// States as text that two equal states share: personal values in the open, and, where asked for, each instant by the
/// <see cref="Distances">bucket</see> of its distance from now, so that a walk over states in time comes to an end.
/// </summary>
internal static class PlainJson
{
    /// <summary>The distances that some rule of a machine asks for, in seconds.</summary>
    private static readonly double[] Distances = [-900, 0];

    [ThreadStatic]
    private static DateTimeOffset? _now;

    public static readonly CoreJson States = new(Options());

    public static string Exact<T>(T state, Func<CoreJson, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>> type) =>
        Write(state, null, type);

    public static string Bucketed<T>(
        T state, DateTimeOffset now, Func<CoreJson, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>> type) =>
        Write(state, now, type);

    private static string Write<T>(
        T state, DateTimeOffset? now, Func<CoreJson, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>> type)
    {
        _now = now;
        return JsonSerializer.Serialize(state, type(States));
    }

    private static JsonSerializerOptions Options() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter(),
            new Text<Msisdn>(phone => phone.Digits),
            new Text<QrText>(qr => qr.Text),
            new Text<Secret>(secret => secret.Reveal),
            new Text<DateTimeOffset>(Instant),
        },
    };

    private static string Instant(DateTimeOffset at)
    {
        if (_now is not { } now) return at.ToString("O");
        var seconds = (at - now).TotalSeconds;
        return Distances.Count(distance => distance < seconds).ToString("D2", null);
    }

    private sealed class Text<T>(Func<T, string> text) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(text(value));
    }
}
