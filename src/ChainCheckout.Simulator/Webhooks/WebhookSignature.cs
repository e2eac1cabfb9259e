using System.Security.Cryptography;
using System.Text;

namespace ChainCheckout.Simulator.Webhooks;

/// <summary>The vendor's HMAC over method, path, date, host and the hash of the body.</summary>
internal static class WebhookSignature
{
    /// <summary>The value of <c>x-ms-content-sha256</c>.</summary>
    public static string HashOf(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return Convert.ToBase64String(hash);
    }

    /// <summary>The value of <c>Authorization</c>.</summary>
    /// <param name="secret">As text: its UTF-8 bytes are the key, not what its base64 would decode to.</param>
    /// <param name="date">The value of <c>x-ms-date</c>, RFC 1123.</param>
    /// <param name="host">Host, and port if it is not the scheme's own, of the registered URL.</param>
    public static string Authorization(string secret, string pathAndQuery, string date, string host, string contentHash)
    {
        var signed = Encoding.UTF8.GetBytes($"POST\n{pathAndQuery}\n{date};{host};{contentHash}");
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed, mac);
        return $"HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={Convert.ToBase64String(mac)}";
    }
}
