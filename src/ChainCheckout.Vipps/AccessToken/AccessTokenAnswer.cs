using System.Text.Json;
using System.Text.Json.Serialization;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Vipps.AccessToken;

/// <summary>
/// The part of the token endpoint's answer that is used. Vipps writes its numbers as texts; both are read.
/// </summary>
internal sealed class AccessTokenAnswer
{
    private const double LifeSecondsMax = 7 * 24 * 3600;

    /// <summary>For an answer that does not say how long it holds.</summary>
    private static readonly TimeSpan LifeUnsaid = TimeSpan.FromMinutes(5);

    [JsonPropertyName("access_token")] public string? AccessToken { get; set; }

    [JsonPropertyName("expires_in")]
    [JsonConverter(typeof(TextOrNumberJson))]
    public string? ExpiresIn { get; set; }

    /// <summary>Null when the body holds no token that a header could carry.</summary>
    public static (string Token, TimeSpan Life)? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var answer = JsonSerializer.Deserialize(body, AccessTokenJson.Default.AccessTokenAnswer);
            if (answer?.AccessToken is not { Length: > 0 } token) return null;
            return token.AsSpan().ContainsAnyExceptInRange('!', '~') ? null : (token, LifeOf(answer.ExpiresIn));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TimeSpan LifeOf(string? seconds) =>
        double.TryParse(seconds, System.Globalization.CultureInfo.InvariantCulture, out var life) && life > 0
            ? TimeSpan.FromSeconds(Math.Min(life, LifeSecondsMax))
            : LifeUnsaid;
}

[JsonSerializable(typeof(AccessTokenAnswer))]
internal sealed partial class AccessTokenJson : JsonSerializerContext;
