using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainCheckout.Vipps.Webhooks;

/// <summary>The body of <c>login.merchant-initiated.ping.v1</c>: the id of a login, and nothing else.</summary>
internal static class LoginPing
{
    private const int AuthReqIdCharsMax = 512;

    /// <summary>Null for any other body.</summary>
    public static Secret? TryRead(ReadOnlySpan<byte> body)
    {
        try
        {
            var ping = JsonSerializer.Deserialize(body, LoginPingJson.Default.LoginPingDto);
            return ping?.AuthReqId is { Length: >= 1 and <= AuthReqIdCharsMax } id
                ? new Secret(id)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal sealed class LoginPingDto
{
    [JsonPropertyName("auth_req_id")] public string? AuthReqId { get; set; }
}

[JsonSerializable(typeof(LoginPingDto))]
internal sealed partial class LoginPingJson : JsonSerializerContext;
