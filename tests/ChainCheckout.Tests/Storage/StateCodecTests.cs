using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;

namespace ChainCheckout.Tests.Storage;

public sealed class StateCodecTests
{
    private const string Digits = "4791234567";
    private const string Qr = "https://qr.vipps.no/p/abcDEF123";

    private static readonly Customer Kari =
        new("Kåre Ærlig", Phone(Digits), QrOf(Qr), new Secret("hush ✓"), Other: null, Currency.NOK);

    [Fact]
    public void Encode_ThenDecode_GivesTheSameState()
    {
        var (codec, json) = Codec("k1");

        Assert.Equal(Kari, codec.Decode(codec.Encode(Kari, json), json));
    }

    [Fact]
    public void Encode_PersonalValues_NeverStandInTheBytes()
    {
        var (codec, json) = Codec("k1");

        var text = Encoding.UTF8.GetString(codec.Encode(Kari, json).Span);

        Assert.DoesNotContain("1234567", text, StringComparison.Ordinal);
        Assert.DoesNotContain("qr.vipps.no", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
        Assert.StartsWith("{\"name\":\"Kåre Ærlig\",\"phone\":\"1:k1:", text, StringComparison.Ordinal);
        Assert.EndsWith(",\"currency\":\"NOK\"}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("other", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_Twice_GivesOtherCiphertexts()
    {
        var (codec, json) = Codec("k1");

        var values = Enumerable.Range(0, 100).Select(_ => Read(codec.Encode(Kari, json), "phone")).ToHashSet();

        Assert.Equal(100, values.Count);
    }

    [Fact]
    public void Decode_WrittenUnderAnOlderKey_ReadsAndIsWrittenUnderTheCurrentOne()
    {
        var (old, oldJson) = Codec("k1");
        var (codec, json) = Codec("k2", "k1");

        var read = codec.Decode(old.Encode(Kari, oldJson), json);

        Assert.Equal(Kari, read);
        Assert.StartsWith("1:k2:", Read(codec.Encode(read, json), "phone"), StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_KeyIsNotInTheRing_NamesTheKey()
    {
        var (old, oldJson) = Codec("k1");
        var (codec, json) = Codec("k2");

        var refusal = Assert.Throws<PersonalValueException>(() => codec.Decode(old.Encode(Kari, oldJson), json));

        Assert.Contains("'k1'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_AnotherKeyUnderTheSameName_IsRefused()
    {
        var (codec, json) = Codec("k1");
        var other = new StateCodec(new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = KeyOf("another") }));

        Assert.Throws<PersonalValueException>(() => codec.Decode(other.Encode(Kari, Json(other)), json));
    }

    [Fact]
    public void Decode_AnyCharacterAltered_IsRefusedWithoutContent()
    {
        var (codec, json) = Codec("k1");
        var written = Read(codec.Encode(Kari, json), "phone");

        for (var i = 0; i < written.Length; i++)
        {
            // Not the neighbour in the alphabet: the last character's low bits carry nothing.
            var altered = written[..i] + (written[i] == 'A' ? 'h' : 'A') + written[(i + 1)..];
            var refusal = Assert.Throws<PersonalValueException>(() => DecodePhone(codec, json, $"\"{altered}\""));
            Assert.DoesNotContain(Digits, refusal.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"4791234567\"")]
    [InlineData("\"1:k1:\"")]
    [InlineData("\"1:k1:AAAA\"")]
    [InlineData("\"1:k1:not base64!\"")]
    [InlineData("\"2:k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"")]
    [InlineData("4791234567")]
    [InlineData("{}")]
    public void Decode_NotASealedText_IsRefusedWithoutContent(string stored)
    {
        var (codec, json) = Codec("k1");

        var refusal = Assert.Throws<PersonalValueException>(() => DecodePhone(codec, json, stored));

        Assert.DoesNotContain(Digits, refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_SealedByTheDocumentedForm_Reads()
    {
        var (codec, json) = Codec("k1");

        var read = DecodePhone(codec, json, $"\"{SealedByHand("k1", "msisdn", Digits)}\"");

        Assert.Equal(Kari.Phone, read.Phone);
    }

    [Fact]
    public void Decode_StoredByTheFirstVersion_StillReads()
    {
        var (codec, json) = Codec("k1");

        const string Stored = "\"1:k1:AAECAwQFBgcICQoLS25TgoyBezvphZ_PFnhSXCVR9rs0AuMA4lY\"";
        Assert.Equal(Kari.Phone, DecodePhone(codec, json, Stored).Phone);
    }

    [Fact]
    public void Decode_SealedAsAnotherKindOfValue_IsRefused()
    {
        var (codec, json) = Codec("k1");
        var secret = Read(codec.Encode(Kari with { Secret = new Secret(Digits) }, json), "secret");

        Assert.Throws<PersonalValueException>(() => DecodePhone(codec, json, $"\"{secret}\""));
    }

    [Fact]
    public void Decode_OpensButIsNoPhoneNumber_IsRefusedWithoutContent()
    {
        var (codec, json) = Codec("k1");
        var forged = SealedByHand("k1", "msisdn", "4799");

        var refusal = Assert.Throws<PersonalValueException>(() => DecodePhone(codec, json, $"\"{forged}\""));

        Assert.DoesNotContain("4799", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_DefaultPersonalValue_IsRefused()
    {
        var (codec, json) = Codec("k1");

        Assert.Throws<PersonalValueException>(() => codec.Encode(Kari with { Phone = default }, json));
    }

    [Fact]
    public void Serialize_WithoutTheCodec_IsRefused()
    {
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Serialize(Kari.Phone));
    }

    [Fact]
    public void Options_TwoContexts_EachHaveTheirOwn()
    {
        var codec = new StateCodec(Ring("k1"));

        var first = new StateJson(codec.Options).Plain;
        var second = new StateJson(codec.Options).Plain;

        var bytes = codec.Encode(new Plain(Currency.DKK, null), first);
        Assert.Equal("{\"currency\":\"DKK\"}", Encoding.UTF8.GetString(bytes.Span));
        Assert.Equal(Currency.DKK, codec.Decode(bytes, second).Currency);
    }

    [Fact]
    public void Decode_FromManyThreads_Holds()
    {
        var (codec, json) = Codec("k1");

        Parallel.For(0, 2_000, _ => Assert.Equal(Kari, codec.Decode(codec.Encode(Kari, json), json)));
    }

    [Theory]
    [InlineData("k2", "k1", 32)]
    [InlineData("k1", "k1", 31)]
    [InlineData("k:1", "k:1", 32)]
    [InlineData("", "", 32)]
    public void KeyRing_WrongKeys_AreRefused(string current, string id, int bytes)
    {
        var keys = new Dictionary<string, byte[]> { [id] = new byte[bytes] };

        Assert.Throws<ArgumentException>(() => new KeyRing(current, keys));
    }

    private static Msisdn Phone(string digits) =>
        Msisdn.TryParse(digits, out var phone) ? phone : throw new ArgumentException(digits);

    private static QrText QrOf(string text) =>
        QrText.TryParse(text, out var qr) == QrRefusal.None ? qr : throw new ArgumentException(text);

    private static byte[] KeyOf(string id) => SHA256.HashData(Encoding.UTF8.GetBytes(id));

    private static KeyRing Ring(params string[] ids) => new(ids[0], ids.ToDictionary(id => id, KeyOf));

    private static string SealedByHand(string keyId, string purpose, string plain)
    {
        var (nonce, body, tag) = (RandomNumberGenerator.GetBytes(12), Encoding.UTF8.GetBytes(plain), new byte[16]);
        using var cipher = new AesGcm(KeyOf(keyId), tag.Length);
        cipher.Encrypt(nonce, body, body, tag, Encoding.UTF8.GetBytes($"1:{keyId}:{purpose}"));
        return $"1:{keyId}:{Base64Url.EncodeToString([.. nonce, .. body, .. tag])}";
    }

    private static (StateCodec Codec, JsonTypeInfo<Customer> Json) Codec(params string[] ids)
    {
        var codec = new StateCodec(Ring(ids));
        return (codec, Json(codec));
    }

    // By reflection: a generated context can hold personal values only in the Core, where their guards are visible.
    private static JsonTypeInfo<Customer> Json(StateCodec codec)
    {
        var options = codec.Options;
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver();
        return (JsonTypeInfo<Customer>)options.GetTypeInfo(typeof(Customer));
    }

    private static string Read(ReadOnlyMemory<byte> bytes, string property)
    {
        using var document = JsonDocument.Parse(bytes);
        return document.RootElement.GetProperty(property).GetString()!;
    }

    private static Customer DecodePhone(StateCodec codec, JsonTypeInfo<Customer> json, string stored) =>
        codec.Decode(Encoding.UTF8.GetBytes($$"""{"phone":{{stored}}}"""), json);
}

internal sealed record Customer(string Name, Msisdn Phone, QrText? Qr, Secret Secret, Msisdn? Other, Currency Currency);

internal sealed record Plain(Currency Currency, string? Nothing);

[JsonSerializable(typeof(Plain))]
internal sealed partial class StateJson : JsonSerializerContext;
