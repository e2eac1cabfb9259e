using ChainCheckout.Core.Values;

namespace ChainCheckout.Tests.Values;

public sealed class QrTextTests
{
    [Theory]
    [InlineData("https://qr.vipps.no/p/abcdef")]
    [InlineData("https://qr.vipps.no/28/2/01/031/4791234567?v=1")]
    [InlineData("https://QR.VIPPS.NO/p/abcdef")]
    [InlineData("HTTPS://qr.vipps.no/p/abcdef")]
    [InlineData("https://qr.vipps.no:443/p/abcdef")]
    [InlineData("  https://qr.vipps.no/p/abcdef\r\n")]
    public void Code_OfTheVendorsHost_IsTakenWholeAndNeverPrintsItself(string scanned)
    {
        Assert.Equal(QrRefusal.None, QrText.TryParse(scanned, out var qr));
        Assert.Equal(scanned.Trim(), qr.Text);
        Assert.Equal("QR", qr.ToString());
        Assert.DoesNotContain("vipps", $"{qr}", StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("https://qr.vipps.no.evil.com/p/abcdef")]
    [InlineData("http://qr.vipps.no/p/abcdef")]
    [InlineData("https://vipps.no/p/abcdef")]
    [InlineData("https://qr.vipps.no@evil.com/p/abcdef")]
    [InlineData("https://me:secret@qr.vipps.no/p/abcdef")]
    [InlineData("https://evil.com/qr.vipps.no/p")]
    [InlineData("https://qr.vipps.no:8443/p/abcdef")]
    [InlineData("https://qr.vipps.no./p/abcdef")]
    [InlineData("https://qr.vіpps.no/p/cyrillic")]
    [InlineData("https://evil.com/4111111111111111")]
    [InlineData("ftp://qr.vipps.no/p/abcdef")]
    [InlineData("vipps://qr.vipps.no/p/abcdef")]
    public void Code_OfAnotherHost_IsRefused(string scanned) => Assert.Equal(QrRefusal.OtherHost, QrText.TryParse(scanned, out _));

    [Theory]
    [InlineData("4111111111111111")]
    [InlineData("4111 1111 1111 1111")]
    [InlineData("4111-1111-1111-1111")]
    [InlineData("%B4111111111111111^NILSEN/KARI^2512101?")]
    [InlineData(";4111111111111111=25121010000000000000?")]
    [InlineData("378282246310005")]
    public void Card_NumberOrTrack_IsRefusedAsACard(string scanned) => Assert.Equal(QrRefusal.CardNumber, QrText.TryParse(scanned, out _));

    [Theory]
    [InlineData("4111111111111112")]
    [InlineData("hello")]
    [InlineData("https://")]
    [InlineData("https://evil.com\\@qr.vipps.no/p")]
    [InlineData("https://qr.vipps.no")]
    [InlineData("https://qr.vipps.no/")]
    [InlineData("https://qr.vipps.no/p/a\u0000b")]
    [InlineData("https://qr.vipps.no/p/a\u001db")]
    [InlineData("https://qr.vipps.no/p/a\nb")]
    public void Text_ThatIsNoCode_IsUnreadable(string scanned) => Assert.Equal(QrRefusal.Unreadable, QrText.TryParse(scanned, out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\r\n")]
    public void Text_ThatIsEmpty_IsEmpty(string? scanned) => Assert.Equal(QrRefusal.Empty, QrText.TryParse(scanned, out _));

    [Fact]
    public void Text_LongerThanACodeCanBe_IsTooLong()
    {
        const string Start = "https://qr.vipps.no/p/";
        var longest = Start + new string('a', QrText.BytesMax - Start.Length);

        Assert.Equal(QrRefusal.None, QrText.TryParse(longest, out _));
        Assert.Equal(QrRefusal.TooLong, QrText.TryParse(longest + "a", out _));
        Assert.Equal(QrRefusal.TooLong, QrText.TryParse(Start + new string('å', 300), out _));
        Assert.Equal(QrRefusal.TooLong, QrText.TryParse(new string('4', 10_240), out _));
        Assert.Equal(default, QrText.TryParse("hello", out var qr) == QrRefusal.None ? qr : default);
    }
}
