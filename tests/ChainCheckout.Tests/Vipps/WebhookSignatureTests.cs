using System.Text;
using ChainCheckout.Core.Values;
using ChainCheckout.Vipps.Webhooks;

namespace ChainCheckout.Tests.Vipps;

public sealed class WebhookSignatureTests
{
    // The vendor's published sample of 2023.
    private const string Host = "webhook.site";
    private const string Path = "/e2cee29b-012e-4f1d-8ef4-e95fd74a7a63";
    private const string Date = "Thu, 30 Mar 2023 08:38:32 GMT";
    private const string Hash = "lNlsp1XA03N34HrQsVzPgJKtC+r7l/RBF4V3JQUWMj4=";
    private const string Names = "x-ms-date;host;x-ms-content-sha256";
    private const string Signature = "agAiSyogQbDHpeucoNwYz+yAr5nJ+v+zasdkSbqzv+U=";
    private const string SignatureByDecodedSecret = "T3+NXHMmhNVEjW5PeJ4Gql70nf0MOXCAY9CoZDxuVQw=";
    private const string Authorization = $"HMAC-SHA256 SignedHeaders={Names}&Signature={Signature}";

    private static readonly byte[] Body =
        """{"some-unique-content":"ee6e441b-cc4a-46f8-895d-a5af79bcc233/hello-world"}"""u8.ToArray();

    private static readonly Secret Key =
        new("A0+AeKBRG2KRGvnNwJpQlb6IJFk48CKXCIcrLoHncVJKDILsQSxS6NWCccwWm6r6FhGKhiHTBsG2wo/xU6FY/A==");

    [Fact]
    public void PublishedSample_IsGenuine() => Assert.Equal(WebhookVerdict.Genuine, Verify());

    [Fact]
    public void Sign_WritesThePublishedSample()
    {
        var signed = WebhookSignature.Sign(Body, "POST", Path, Host, DateTimeOffset.Parse("2023-03-30T08:38:32Z"), Key);

        Assert.Equal(new WebhookHeaders(Date, Hash, Authorization), signed);
    }

    [Fact]
    public void SignatureByTheDecodedSecret_IsRefused() => Assert.Equal(
        WebhookVerdict.BadSignature, Verify(authorization: Authorization.Replace(Signature, SignatureByDecodedSecret)));

    [Theory]
    [InlineData($" HMAC-SHA256   SignedHeaders={Names}&Signature={Signature} ")]
    [InlineData($"hmac-sha256 signedheaders=X-MS-Date;Host;X-MS-Content-SHA256&signature={Signature}")]
    [InlineData($"HMAC-SHA256 SignedHeaders=x-ms-date; host; x-ms-content-sha256 & Signature={Signature}")]
    [InlineData($"HMAC-SHA256 Signature={Signature}&SignedHeaders={Names}")]
    public void BlanksCaseAndOrder_AreForgiven(string authorization) =>
        Assert.Equal(WebhookVerdict.Genuine, Verify(authorization: authorization, date: $" {Date} ", hash: $"{Hash} "));

    [Theory]
    [InlineData($"HMAC-SHA1 SignedHeaders={Names}&Signature={Signature}")]
    [InlineData($"HMAC-SHA256SignedHeaders={Names}&Signature={Signature}")]
    [InlineData($"HMAC-SHA256 Signature={Signature}")]
    [InlineData($"HMAC-SHA256 SignedHeaders={Names}")]
    [InlineData($"HMAC-SHA256 SignedHeaders=x-ms-date;host&Signature={Signature}")]
    [InlineData($"HMAC-SHA256 SignedHeaders={Names};other&Signature={Signature}")]
    [InlineData($"HMAC-SHA256 SignedHeaders={Names}&Signature=agAiSyogQbDHpeucoNwYz")]
    [InlineData($"HMAC-SHA256 SignedHeaders={Names}&Signature=")]
    [InlineData($"HMAC-SHA256 SignedHeaders={Names}&Signature={Signature}&Signature={Signature}")]
    [InlineData("HMAC-SHA256")]
    [InlineData("Bearer x")]
    public void AuthorizationOfAnotherForm_IsMalformed(string authorization) =>
        Assert.Equal(WebhookVerdict.Malformed, Verify(authorization: authorization));

    [Fact]
    public void EachHeader_IsNeeded()
    {
        Assert.Equal(WebhookVerdict.MissingHeader, Verify(date: null));
        Assert.Equal(WebhookVerdict.MissingHeader, Verify(hash: " "));
        Assert.Equal(WebhookVerdict.MissingHeader, Verify(authorization: null));
    }

    [Fact]
    public void EveryBitOfTheBody_Counts()
    {
        for (var bit = 0; bit < Body.Length * 8; bit++)
        {
            var altered = Body.ToArray();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(WebhookVerdict.BadHash, Verify(body: altered));
        }

        Assert.Equal(WebhookVerdict.BadHash, Verify(body: []));
    }

    [Fact]
    public void AnythingSignedThatDiffers_IsABadSignature()
    {
        Assert.Equal(WebhookVerdict.BadSignature, Verify(method: "PUT"));
        Assert.Equal(WebhookVerdict.BadSignature, Verify(path: Path + "?x=1"));
        Assert.Equal(WebhookVerdict.BadSignature, Verify(host: "webhook.site:8080"));
        Assert.Equal(WebhookVerdict.BadSignature, Verify(date: "Thu, 30 Mar 2023 08:38:33 GMT"));
        Assert.Equal(WebhookVerdict.BadSignature, Verify(secret: new Secret("another")));
    }

    [Fact]
    public void NoSecret_MakesNothingGenuine()
    {
        var now = DateTimeOffset.UnixEpoch;
        foreach (var none in (Secret[])[default, new Secret("")])
        {
            var signed = WebhookSignature.Sign(Body, "POST", Path, Host, now, none);
            Assert.Equal(
                WebhookVerdict.BadSignature,
                WebhookSignature.Verify(
                    Body, "POST", Path, Host, signed.XMsDate, signed.XMsContentSha256, signed.Authorization, none));
        }
    }

    [Theory]
    [InlineData(0, WebhookVerdict.Genuine)]
    [InlineData(300, WebhookVerdict.Genuine)]
    [InlineData(-300, WebhookVerdict.Genuine)]
    [InlineData(301, WebhookVerdict.Stale)]
    [InlineData(-301, WebhookVerdict.Stale)]
    public void Age_CountsOnlyWhenALimitIsGiven(int secondsLater, WebhookVerdict verdict)
    {
        var now = DateTimeOffset.Parse("2023-03-30T08:38:32Z").AddSeconds(secondsLater);

        Assert.Equal(verdict, WebhookSignature.Verify(
            Body, "POST", Path, Host, Date, Hash, Authorization, Key, TimeSpan.FromSeconds(300), now));
        Assert.Equal(WebhookVerdict.Genuine, Verify());
    }

    [Fact]
    public void AnySignedBody_VerifiesAndNoOtherBodyDoes()
    {
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var body = new byte[random.Next(0, 300)];
            random.NextBytes(body);
            var secret = new Secret(Convert.ToBase64String(Encoding.UTF8.GetBytes($"s{i}")));
            var signed = WebhookSignature.Sign(
                body, "POST", "/hooks?u=æ", "chain.example", DateTimeOffset.UnixEpoch.AddDays(i), secret);

            Assert.Equal(WebhookVerdict.Genuine, Check(body));
            Assert.Equal(WebhookVerdict.BadHash, Check([.. body, 0]));

            WebhookVerdict Check(byte[] bytes) => WebhookSignature.Verify(
                bytes, "POST", "/hooks?u=æ", "chain.example", signed.XMsDate, signed.XMsContentSha256,
                signed.Authorization, secret);
        }
    }

    private static WebhookVerdict Verify(
        byte[]? body = null, string method = "POST", string path = Path, string host = Host, string? date = Date,
        string? hash = Hash, string? authorization = Authorization, Secret? secret = null) =>
        WebhookSignature.Verify(body ?? Body, method, path, host, date, hash, authorization, secret ?? Key);
}
