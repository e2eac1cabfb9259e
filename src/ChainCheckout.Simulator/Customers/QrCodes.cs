using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using ChainCheckout.Simulator.Time;

namespace ChainCheckout.Simulator.Customers;

/// <summary>Who a scanned code stands for.</summary>
/// <param name="MadeAt">Real instant at which a version 2.0 code was made; null for version 1.0.</param>
internal sealed record ScannedCustomer(string Msisdn, string Version, DateTimeOffset? MadeAt);

/// <summary>
/// Personal QR codes in both forms. A person's standing token is always the same text and always fresh, so that a
/// fleet can keep it; one minted by hand has an age, and may be too old.
/// </summary>
internal sealed class QrCodes(SimulatedClock clock)
{
    private const string ClearPrefix = "https://qr.vipps.no/28/2/01/031/";
    private const string ClearSuffix = "?v=1";
    private const string TokenPrefix = "https://qr.vipps.no/p/";
    private const int CheckBytes = 12;
    private const int StandingBytes = 8 + CheckBytes;

    private readonly ConcurrentDictionary<string, Minted> _minted = new(StringComparer.Ordinal);

    public static string Clear(string msisdn) => $"{ClearPrefix}{msisdn}{ClearSuffix}";

    /// <summary>Says by itself whom it stands for, so that it outlives a restart and needs no list.</summary>
    public static string StandingToken(int seed, int index)
    {
        Span<byte> bytes = stackalloc byte[StandingBytes];
        WriteStanding(bytes, seed, index);
        return TokenPrefix + Base64Url.EncodeToString(bytes);
    }

    /// <param name="age">Real time since the code was made.</param>
    /// <param name="expired">Whether the exchange shall refuse it.</param>
    public string Mint(string msisdn, TimeSpan age, bool expired)
    {
        var token = RandomNumberGenerator.GetHexString(40, lowercase: true);
        _minted[token] = new Minted(msisdn, clock.WallNow - age, expired);
        return TokenPrefix + token;
    }

    /// <returns>Null for a text that is no personal code, or one that is too old.</returns>
    public ScannedCustomer? Resolve(string text)
    {
        if (text.StartsWith(TokenPrefix, StringComparison.Ordinal)) return ResolveToken(text[TokenPrefix.Length..]);
        if (text.Length <= ClearPrefix.Length + ClearSuffix.Length) return null;
        if (!text.StartsWith(ClearPrefix, StringComparison.Ordinal)) return null;
        if (!text.EndsWith(ClearSuffix, StringComparison.Ordinal)) return null;
        var msisdn = text[ClearPrefix.Length..^ClearSuffix.Length];
        return msisdn.All(char.IsAsciiDigit) && Population.IsMobile(msisdn)
            ? new ScannedCustomer(msisdn, "1.0", null)
            : null;
    }

    private ScannedCustomer? ResolveToken(string token)
    {
        if (_minted.TryGetValue(token, out var minted))
            return minted.Expired ? null : new ScannedCustomer(minted.Msisdn, "2.0", minted.MadeAt);

        Span<byte> bytes = stackalloc byte[StandingBytes];
        if (token.Length != Base64Url.GetEncodedLength(StandingBytes)) return null;
        var decoded = Base64Url.DecodeFromChars(token, bytes, out _, out var written);
        if (decoded != OperationStatus.Done || written != StandingBytes) return null;
        var seed = BinaryPrimitives.ReadInt32BigEndian(bytes);
        var index = BinaryPrimitives.ReadInt32BigEndian(bytes[4..]);
        Span<byte> genuine = stackalloc byte[StandingBytes];
        WriteStanding(genuine, seed, index);
        if (!genuine.SequenceEqual(bytes)) return null;
        return new ScannedCustomer(Population.MsisdnAt(seed, index), "2.0", clock.WallNow);
    }

    private static void WriteStanding(Span<byte> bytes, int seed, int index)
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes, seed);
        BinaryPrimitives.WriteInt32BigEndian(bytes[4..], index);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..8], hash);
        hash[..CheckBytes].CopyTo(bytes[8..]);
    }

    private sealed record Minted(string Msisdn, DateTimeOffset MadeAt, bool Expired);
}
