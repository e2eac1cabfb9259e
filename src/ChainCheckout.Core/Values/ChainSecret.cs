using System.Security.Cryptography;
using System.Text;

namespace ChainCheckout.Core.Values;

/// <summary>The chain's pseudonym secret. It never rotates: every customer's key is made from it, and every login's.</summary>
public sealed class ChainSecret
{
    public const int BytesMin = 32;

    private readonly byte[] _key;

    public ChainSecret(byte[] key) =>
        _key = key.Length >= BytesMin ? key : throw new ArgumentException($"The pseudonym secret needs at least {BytesMin} bytes.", nameof(key));

    public CustomerId Pseudonym(Msisdn msisdn) => new(Hash("msisdn", Encoding.ASCII.GetBytes(msisdn.Digits)));

    public LoginId Login(Secret authReqId) => new(Hash("login", Encoding.UTF8.GetBytes(authReqId.Reveal)));

    /// <summary>Recognises a repeated command. Keyed, because a bare hash of a phone number is as good as the number.</summary>
    public string CommandHash(ReadOnlySpan<byte> canonical) => Hash("command", canonical);

    private string Hash(string purpose, ReadOnlySpan<byte> value)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hmac.AppendData(Encoding.ASCII.GetBytes(purpose));
        hmac.AppendData([0]);
        hmac.AppendData(value);
        return Convert.ToHexStringLower(hmac.GetHashAndReset().AsSpan(0, 16));
    }
}
