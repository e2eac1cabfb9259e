using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Simulator.Payments;

namespace ChainCheckout.Simulator.Http;

/// <summary>What a call is answered, before any fault distorts it.</summary>
/// <param name="Transient">A repeat with the same key is to be carried out, not to be given this answer again.</param>
internal sealed record Answer(int Status, byte[] Body, string? ContentType, bool Transient = false)
{
    public const string Json = "application/json; charset=utf-8";
    public const string Problem = "application/problem+json";

    /// <summary>Real seconds for the Retry-After header.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Real seconds for which the answer may be kept, for the Cache-Control header.</summary>
    public int? MaxAgeSeconds { get; init; }

    /// <summary>The answer is held until this ends; null = it is given at once.</summary>
    public Task? HeldUntil { get; init; }

    /// <summary>The payment that the body shows, so that a fault can show another amount.</summary>
    public Payment? Shows { get; init; }

    public static Answer Empty(int status) => new(status, [], null);

    public static Answer Of<T>(int status, T value, JsonTypeInfo<T> type, string contentType = Json) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(value, type), contentType);
}
