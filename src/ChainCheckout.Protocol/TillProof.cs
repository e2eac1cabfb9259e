using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ChainCheckout.Protocol;

/// <summary>
/// The answer to a challenge: shows that the till holds its secret without sending it. Both nonces are in it, so that
/// neither a recorded answer nor a recorded question is of use again.
/// </summary>
public static class TillProof
{
    private const string Label = "ChainCheckout till proof v1";

    /// <summary>Base64 of 16 bytes nobody can guess.</summary>
    public static string NewNonce() =>
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(ProtocolLimits.NonceBytes));

    public static bool IsNonce(string? text) =>
        text is { Length: 24 } && Base64.IsValid(text, out var bytes) && bytes == ProtocolLimits.NonceBytes;

    /// <summary>The bytes of a secret given to a till as base64 text.</summary>
    /// <exception cref="FormatException">Not base64, or under 16 bytes. The message does not quote it.</exception>
    public static byte[] ReadSecret(string secret)
    {
        var bytes = new byte[secret.Length];
        if (!Convert.TryFromBase64String(secret, bytes, out var written) || written < ProtocolLimits.SecretBytesMin)
            throw new FormatException($"A till's secret is base64 of at least {ProtocolLimits.SecretBytesMin} bytes.");
        return bytes[..written];
    }

    /// <summary>Base64 of the HMAC-SHA256 that <c>Proof</c> carries.</summary>
    /// <param name="secret">The secret's bytes, not its base64 text.</param>
    public static string Compute(
        ReadOnlySpan<byte> secret, int store, int till, string role, string clientNonce, string serverNonce)
    {
        Span<byte> mac = stackalloc byte[ProtocolLimits.ProofBytes];
        Sign(secret, store, till, role, clientNonce, serverNonce, mac);
        return Convert.ToBase64String(mac);
    }

    /// <summary>Compares in constant time. False for anything but the proof, an ill-formed nonce included.</summary>
    public static bool Verify(
        ReadOnlySpan<byte> secret,
        int store,
        int till,
        string role,
        string clientNonce,
        string serverNonce,
        string proof)
    {
        // A nonce with a line feed in it could make two questions read as one.
        if (!IsNonce(clientNonce) || !IsNonce(serverNonce) || proof.Length != 44) return false;

        Span<byte> given = stackalloc byte[ProtocolLimits.ProofBytes + 1];
        if (!Convert.TryFromBase64String(proof, given, out var bytes)) return false;
        if (bytes != ProtocolLimits.ProofBytes) return false;

        Span<byte> wanted = stackalloc byte[ProtocolLimits.ProofBytes];
        Sign(secret, store, till, role, clientNonce, serverNonce, wanted);
        return CryptographicOperations.FixedTimeEquals(wanted, given[..bytes]);
    }

    private static void Sign(
        ReadOnlySpan<byte> secret,
        int store,
        int till,
        string role,
        string clientNonce,
        string serverNonce,
        Span<byte> mac)
    {
        var message = $"{Label}\n{store}\n{till}\n{role}\n{clientNonce}\n{serverNonce}";
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(message), mac);
    }
}
