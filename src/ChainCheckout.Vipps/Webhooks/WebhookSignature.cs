using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ChainCheckout.Vipps.Webhooks;

public enum WebhookVerdict
{
    Genuine = 1,

    /// <summary>One of the three headers is not there.</summary>
    MissingHeader,

    /// <summary><c>Authorization</c> or the hash is not in the form that Vipps writes.</summary>
    Malformed,

    /// <summary>The body is not the one that was hashed.</summary>
    BadHash,

    /// <summary>Not signed with this secret, or for another method, path, host or date.</summary>
    BadSignature,

    /// <summary>Genuine, but its date is further from now than the caller allows.</summary>
    Stale,
}

/// <summary>The three headers of a signed webhook.</summary>
public sealed record WebhookHeaders(string XMsDate, string XMsContentSha256, string Authorization);

/// <summary>
/// Whether a webhook comes from Vipps (Webhooks API, request authentication): an HMAC-SHA256 over method, path and
/// query, date, host and the hash of the raw body. The key is the UTF-8 of the secret's text, not what its base64
/// stands for.
/// </summary>
public static class WebhookSignature
{
    private const string Scheme = "HMAC-SHA256";
    private const string SignedHeaders = "x-ms-date;host;x-ms-content-sha256";

    /// <param name="body">The bytes as they came, before anything parses them.</param>
    /// <param name="method">In upper case, as on the request line.</param>
    /// <param name="pathAndQuery">Of the registered address; a proxy in front may change what the process sees.</param>
    /// <param name="host">Of the registered address, with the port where it is not the default one.</param>
    /// <param name="secret">Without one nothing is genuine.</param>
    /// <param name="maxAge">How far the date may be from <paramref name="now"/>; null for no limit: a retry can be
    /// seven days old.</param>
    public static WebhookVerdict Verify(
        ReadOnlySpan<byte> body, string method, string pathAndQuery, string host,
        string? xMsDate, string? xMsContentSha256, string? authorization, Secret secret,
        TimeSpan? maxAge = null, DateTimeOffset now = default)
    {
        var (date, hashText) = (xMsDate?.Trim(), xMsContentSha256?.Trim());
        if (string.IsNullOrEmpty(date) || string.IsNullOrEmpty(hashText) || string.IsNullOrWhiteSpace(authorization))
            return WebhookVerdict.MissingHeader;

        Span<byte> claimedHash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> claimed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (!TryDigest(hashText, claimedHash) || !TryReadAuthorization(authorization, claimed))
            return WebhookVerdict.Malformed;

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        if (!CryptographicOperations.FixedTimeEquals(hash, claimedHash)) return WebhookVerdict.BadHash;

        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(secret, method, pathAndQuery, host, date, hashText, signature);
        // An empty key is a key that everybody has.
        var signed = CryptographicOperations.FixedTimeEquals(signature, claimed) & secret.Reveal.Length > 0;
        if (!signed) return WebhookVerdict.BadSignature;

        return maxAge is { } limit && !IsWithin(date, now, limit) ? WebhookVerdict.Stale : WebhookVerdict.Genuine;
    }

    /// <summary>The headers that Vipps would send; for tests and simulators.</summary>
    public static WebhookHeaders Sign(
        ReadOnlySpan<byte> body, string method, string pathAndQuery, string host, DateTimeOffset date, Secret secret)
    {
        var dateText = date.ToString("r", CultureInfo.InvariantCulture);
        var hashText = Convert.ToBase64String(SHA256.HashData(body));
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(secret, method, pathAndQuery, host, dateText, hashText, signature);
        var signatureText = Convert.ToBase64String(signature);
        return new WebhookHeaders(
            dateText, hashText, $"{Scheme} SignedHeaders={SignedHeaders}&Signature={signatureText}");
    }

    private static void Compute(
        Secret secret, string method, string pathAndQuery, string host, string date, string hashText,
        Span<byte> signature)
    {
        var text = $"{method}\n{pathAndQuery}\n{date};{host};{hashText}";
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret.Reveal), Encoding.UTF8.GetBytes(text), signature);
    }

    /// <summary>
    /// Blanks and the case of names are forgiven; another scheme or another list of signed headers is not.
    /// </summary>
    private static bool TryReadAuthorization(ReadOnlySpan<char> authorization, Span<byte> signature)
    {
        var rest = authorization.Trim();
        if (!rest.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        rest = rest[Scheme.Length..];
        if (rest.IsEmpty || !char.IsWhiteSpace(rest[0])) return false;

        bool listed = false, signed = false;
        foreach (var part in rest.Split('&'))
        {
            var pair = rest[part].Trim();
            var equals = pair.IndexOf('=');
            if (equals < 0) return false;
            var name = pair[..equals].TrimEnd();
            var value = pair[(equals + 1)..].Trim();
            if (name.Equals("SignedHeaders", StringComparison.OrdinalIgnoreCase) && !listed)
                listed = IsSignedHeaders(value);
            else if (name.Equals("Signature", StringComparison.OrdinalIgnoreCase) && !signed)
                signed = TryDigest(value, signature);
            else return false;
        }

        return listed && signed;
    }

    private static bool IsSignedHeaders(ReadOnlySpan<char> list)
    {
        var wanted = SignedHeaders.AsSpan();
        var next = wanted.Split(';');
        foreach (var part in list.Split(';'))
        {
            if (!next.MoveNext() || !list[part].Trim().Equals(wanted[next.Current], StringComparison.OrdinalIgnoreCase))
                return false;
        }

        return !next.MoveNext();
    }

    private static bool TryDigest(ReadOnlySpan<char> base64, Span<byte> digest) =>
        Convert.TryFromBase64Chars(base64, digest, out var written) && written == digest.Length;

    private static bool IsWithin(string date, DateTimeOffset now, TimeSpan limit) =>
        DateTimeOffset.TryParseExact(
            date, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
        && (now - at).Duration() <= limit;
}
