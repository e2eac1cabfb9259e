using ChainCheckout.Protocol;

namespace ChainCheckout.Tests.Protocol;

public sealed class TillProofTests
{
    private const string Secret = "YS1zaXh0ZWVuLWJ5dGUtaw==";
    private const string ClientNonce = "AAECAwQFBgcICQoLDA0ODw==";
    private const string ServerNonce = "EBESExQVFhcYGRobHB0eHw==";

    /// <summary>Worked out once with OpenSSL.</summary>
    private const string Proof = "2AKeDCwFvwmWJxp2miwQVJfTE+XRCJ8Tthfp3MQNwto=";

    private static readonly byte[] Key = TillProof.ReadSecret(Secret);

    [Fact]
    public void Proof_IsWhatAnotherImplementationComputes() =>
        Assert.Equal(Proof, TillProof.Compute(Key, 42, 7, "pos", ClientNonce, ServerNonce));

    [Fact]
    public void Proof_OfTheSameQuestion_IsAccepted_AndOfAnyOtherIsNot()
    {
        Assert.True(TillProof.Verify(Key, 42, 7, "pos", ClientNonce, ServerNonce, Proof));

        Assert.False(TillProof.Verify(Key, 43, 7, "pos", ClientNonce, ServerNonce, Proof));
        Assert.False(TillProof.Verify(Key, 42, 8, "pos", ClientNonce, ServerNonce, Proof));
        Assert.False(TillProof.Verify(Key, 42, 7, "scanner", ClientNonce, ServerNonce, Proof));
        Assert.False(TillProof.Verify(Key, 42, 7, "pos", ServerNonce, ServerNonce, Proof));
        Assert.False(TillProof.Verify(Key, 42, 7, "pos", ClientNonce, ClientNonce, Proof));
        Assert.False(TillProof.Verify(new byte[16], 42, 7, "pos", ClientNonce, ServerNonce, Proof));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64 at all, but it is 44 characters!!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Proof_OfAnotherShape_IsRefusedWithoutAnException(string proof) =>
        Assert.False(TillProof.Verify(Key, 42, 7, "pos", ClientNonce, ServerNonce, proof));

    [Fact]
    public void Nonce_ThatCouldPassForTwoFields_IsRefused()
    {
        const string two = "x\nEBESExQVFhcYGRobHB0eH=";
        var proof = TillProof.Compute(Key, 42, 7, "pos", two, ServerNonce);

        Assert.False(TillProof.Verify(Key, 42, 7, "pos", two, ServerNonce, proof));
    }

    [Fact]
    public void Nonces_AreSixteenBytesAndNeverTheSame()
    {
        var nonces = Enumerable.Range(0, 100).Select(_ => TillProof.NewNonce()).ToArray();

        Assert.All(nonces, nonce => Assert.True(TillProof.IsNonce(nonce)));
        Assert.Equal(100, nonces.Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("c2hvcnQ=")]
    [InlineData("%%%%%%%%%%%%%%%%%%%%%%%%")]
    public void Secret_ThatIsTooShortOrNoBase64_IsRefusedWithoutQuotingIt(string secret)
    {
        var fault = Assert.Throws<FormatException>(() => TillProof.ReadSecret(secret));

        if (secret.Length > 0) Assert.DoesNotContain(secret, fault.Message, StringComparison.Ordinal);
    }
}
