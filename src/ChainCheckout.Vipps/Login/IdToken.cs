using System.Buffers.Text;
using System.Text.Json;

namespace ChainCheckout.Vipps.Login;

/// <summary>
/// Reads one claim of an <c>id_token</c>. It came over TLS from the token endpoint in answer to our own call, so its
/// signature would prove nothing more; who the customer is comes from userinfo.
/// </summary>
internal static class IdToken
{
    private static readonly string[] Claims = ["urn:openid:params:jwt:claim:auth_req_id", "auth_req_id"];

    /// <summary>Whether it says that it belongs to another login. One that says nothing, or cannot be read, does not.</summary>
    public static bool NamesAnother(string token, Secret authReqId)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || !Base64Url.IsValid(parts[1])) return false;
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            if (claims.RootElement.ValueKind != JsonValueKind.Object) return false;
            foreach (var name in Claims)
            {
                if (claims.RootElement.TryGetProperty(name, out var claim) && claim.ValueKind == JsonValueKind.String)
                    return claim.GetString() != authReqId.Reveal;
            }

            return false;
        }
        catch (JsonException)
        {
            // As good as absent.
            return false;
        }
    }
}
