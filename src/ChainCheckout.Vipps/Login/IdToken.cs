using System.Buffers.Text;
using System.Text.Json;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Vipps.Login;

/// <summary>
/// Reads one claim of an <c>id_token</c>. It came over TLS from the token endpoint in answer to our own call, so its
/// signature would prove nothing more; who the customer is comes from userinfo.
/// </summary>
internal static class IdToken
{
    private static readonly string[] Claims = ["urn:openid:params:jwt:claim:auth_req_id", "auth_req_id"];

    /// <summary>
    /// Whether it says that it belongs to another login. One that says nothing, or cannot be read, does not.
    /// </summary>
    public static bool NamesAnother(string token, Secret authReqId) =>
        Read(token) is { } claims && Array.Exists(
            Claims, name => JsonFields.Text(claims, name) is { Length: > 0 } named && named != authReqId.Reveal);

    private static JsonElement? Read(string token)
    {
        var parts = token.Split('.');
        return parts.Length == 3 && Base64Url.IsValid(parts[1])
            ? JsonFields.ParseOrNull(Base64Url.DecodeFromChars(parts[1]))
            : null;
    }
}
