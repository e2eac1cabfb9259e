using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace ChainCheckout.Core.Ports;

/// <summary>A stored personal value that cannot be read or written. The message never holds any of it.</summary>
public sealed class PersonalValueException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The keys under which personal values are stored. The current key writes; every key of the ring reads, so that a key
/// is replaced by adding one and is taken out when nothing written under it is left.
/// A sealed value is <c>"1:keyId:base64url(nonce|ciphertext|tag)"</c>, AES-256-GCM. Nonces are random, so put in a new
/// key long before one has written 2^36 values: until then the chance that any two nonces met is below 2^-24.
/// </summary>
public sealed class KeyRing
{
    public const int KeyBytes = 32;
    public const int KeyIdCharsMax = 32;

    private const string Form = "1";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int PurposeCharsMax = 32;

    private readonly Dictionary<string, Key> _keys = new(StringComparer.Ordinal);
    private readonly Key _current;

    /// <param name="currentKeyId">1 to 32 ASCII letters, digits, hyphens, dots or underscores.</param>
    /// <param name="keys">Each of 32 bytes, by its id.</param>
    public KeyRing(string currentKeyId, IReadOnlyDictionary<string, byte[]> keys)
    {
        foreach (var (id, bytes) in keys)
        {
            if (!IsKeyId(id))
                throw new ArgumentException($"A key id has 1 to {KeyIdCharsMax} of A-z, 0-9, -, ., _.", nameof(keys));
            if (bytes.Length != KeyBytes)
                throw new ArgumentException($"Key '{id}' needs {KeyBytes} bytes, not {bytes.Length}.", nameof(keys));
            _keys.Add(id, new Key(id, [.. bytes]));
        }

        if (!_keys.TryGetValue(currentKeyId, out var current))
            throw new ArgumentException($"The current key '{currentKeyId}' is not in the ring.", nameof(currentKeyId));
        _current = current;
    }

    /// <param name="purpose">
    /// The kind of value, at most 32 ASCII characters: what was sealed as one kind does not open as another.
    /// </param>
    internal string Seal(string purpose, string plain)
    {
        var plainBytes = Encoding.UTF8.GetByteCount(plain);
        var box = new byte[NonceBytes + plainBytes + TagBytes];
        var nonce = box.AsSpan(0, NonceBytes);
        var body = box.AsSpan(NonceBytes, plainBytes);
        RandomNumberGenerator.Fill(nonce);
        Encoding.UTF8.GetBytes(plain, body);
        Span<byte> bound = stackalloc byte[BoundBytesMax];

        // In place: the plain bytes are overwritten and no copy of them is left behind.
        var tag = box.AsSpan(NonceBytes + plainBytes);
        _current.Cipher.Encrypt(nonce, body, body, tag, Bound(purpose, _current.Id, bound));
        return $"{Form}:{_current.Id}:{Base64Url.EncodeToString(box)}";
    }

    internal string Open(string purpose, string sealedText)
    {
        if (!TryTakeApart(sealedText, out var keyId, out var box))
            throw new PersonalValueException($"A stored {purpose} is not in a form that this version reads.");
        if (!_keys.TryGetValue(keyId, out var key))
            throw new PersonalValueException($"A stored {purpose} needs key '{keyId}', which is not in the key ring.");

        var nonce = box.AsSpan(0, NonceBytes);
        var body = box.AsSpan(NonceBytes, box.Length - NonceBytes - TagBytes);
        Span<byte> bound = stackalloc byte[BoundBytesMax];
        try
        {
            key.Cipher.Decrypt(nonce, body, box.AsSpan(box.Length - TagBytes), body, Bound(purpose, key.Id, bound));
        }
        catch (CryptographicException failure)
        {
            throw new PersonalValueException(
                $"A stored {purpose} was altered, or was written under another key named '{keyId}'.", failure);
        }

        return Encoding.UTF8.GetString(body);
    }

    private static bool TryTakeApart(
        string text, [NotNullWhen(true)] out string? keyId, [NotNullWhen(true)] out byte[]? box)
    {
        (keyId, box) = (null, null);
        var parts = text.Split(':');
        if (parts.Length != 3 || parts[0] != Form || !IsKeyId(parts[1]) || !Base64Url.IsValid(parts[2])) return false;
        keyId = parts[1];
        box = Base64Url.DecodeFromChars(parts[2]);
        return box.Length >= NonceBytes + TagBytes;
    }

    private const int BoundBytesMax = 1 + 1 + KeyIdCharsMax + 1 + PurposeCharsMax;

    private static ReadOnlySpan<byte> Bound(string purpose, string keyId, Span<byte> buffer) =>
        Utf8.TryWrite(buffer, $"{Form}:{keyId}:{purpose}", out var written)
            ? buffer[..written]
            : throw new ArgumentException($"A purpose has at most {PurposeCharsMax} characters.", nameof(purpose));

    private static bool IsKeyId(string id) =>
        id.Length is >= 1 and <= KeyIdCharsMax
        && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_');

    private sealed class Key(string id, byte[] bytes)
    {
        // One cipher a thread: AesGcm keeps state between its calls and must not be shared.
        private readonly ThreadLocal<AesGcm> _cipher = new(() => new AesGcm(bytes, TagBytes));

        public string Id => id;

        public AesGcm Cipher => _cipher.Value!;
    }
}
