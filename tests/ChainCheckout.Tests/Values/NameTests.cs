using System.Text;
using System.Text.RegularExpressions;
using ChainCheckout.Core.Values;
using FsCheck;
using FsCheck.Fluent;

namespace ChainCheckout.Tests.Values;

/// <summary>References, till ids, sales units, pseudonyms: each is read as it is written, and nothing else is read.</summary>
public sealed partial class NameTests
{
    private static readonly Arbitrary<PaymentReference> References = (
        from store in Gen.Choose(1, 9_999)
        from till in Gen.Choose(1, 99)
        from epoch in Gen.Choose(1, (int)PaymentReference.EpochMax)
        from number in Gen.Choose(1, int.MaxValue)
        select new PaymentReference(new TillId(store, till), (uint)epoch, (uint)number)).ToArbitrary();

    [Fact]
    public void Reference_Written_IsWhatTheVendorTakesAndReadsBack() =>
        Prop.ForAll(References, reference =>
        {
            var text = reference.ToString();
            return VendorsRule().IsMatch(text) && text.Length is >= 9 and <= 28 && !text.All(char.IsAsciiDigit)
                && PaymentReference.TryParse(text, out var read) && read == reference;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("s1-t1-1-1", 9)]
    [InlineData("s9999-t99-9999999-4294967295", 28)]
    public void Reference_ShortestAndLongest_FitTheVendorsField(string text, int length)
    {
        Assert.Equal(length, text.Length);
        Assert.Equal(text, PaymentReference.Parse(text).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("s0042-t7-3-118")]
    [InlineData("s42-t07-3-118")]
    [InlineData("s42-t7-03-118")]
    [InlineData("s42-t7-3-0118")]
    [InlineData("s42-t7-3-0")]
    [InlineData("s0-t7-3-118")]
    [InlineData("s10000-t7-3-118")]
    [InlineData("s42-t100-3-118")]
    [InlineData("s42-t7-10000000-118")]
    [InlineData("s42-t7-3-4294967296")]
    [InlineData("S42-t7-3-118")]
    [InlineData("s42-T7-3-118")]
    [InlineData("s42-t7-3-118-1")]
    [InlineData("s42-t7-3")]
    [InlineData("s42-t7--3-118")]
    [InlineData("s+42-t7-3-118")]
    [InlineData("s42-t7-3-118 ")]
    [InlineData("s42-t7-3-1٣8")]
    [InlineData("0123456789")]
    public void Reference_ThatWouldNotBeWritten_IsNotRead(string? text) => Assert.False(PaymentReference.TryParse(text, out _));

    [Theory]
    [InlineData(1, 1, "0001-01")]
    [InlineData(42, 7, "0042-07")]
    [InlineData(9_999, 99, "9999-99")]
    public void TillId_IsReadAsItIsWritten(int store, int till, string text)
    {
        Assert.Equal(text, new TillId(store, till).ToString());
        Assert.Equal(new TillId(store, till), TillId.Parse(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("42-7")]
    [InlineData("0000-01")]
    [InlineData("0042-00")]
    [InlineData("0042_07")]
    [InlineData("0042-7 ")]
    [InlineData(" 042-07")]
    [InlineData("+042-07")]
    [InlineData("0042-077")]
    [InlineData("00٤2-07")]
    public void TillId_ThatWouldNotBeWritten_IsNotRead(string? text) => Assert.False(TillId.TryParse(text, out _));

    [Theory]
    [InlineData("1234", true)]
    [InlineData("0012345678", true)]
    [InlineData("123", false)]
    [InlineData("12345678901", false)]
    [InlineData("12a4", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Msn_IsFourToTenDigitsAndKeepsItsZeros(string? text, bool good)
    {
        Assert.Equal(good, Msn.TryParse(text, out var msn));
        if (good) Assert.Equal(text, msn.ToString());
    }

    [Fact]
    public void Pseudonym_IsTheSameForOneNumberUnderOneSecretAndNoOther()
    {
        var (one, same, other) = (SecretOf('a'), SecretOf('a'), SecretOf('b'));
        var (kari, ola) = (Phone("4791234567"), Phone("4791234568"));

        Assert.Equal(one.Pseudonym(kari), same.Pseudonym(kari));
        Assert.NotEqual(one.Pseudonym(kari), other.Pseudonym(kari));
        Assert.NotEqual(one.Pseudonym(kari), one.Pseudonym(ola));
        Assert.Matches("^[0-9a-f]{32}$", one.Pseudonym(kari).ToString());
    }

    [Fact]
    public void Secret_ForAnotherPurpose_GivesAnotherHash()
    {
        var secret = SecretOf('a');

        Assert.NotEqual(secret.Pseudonym(Phone("4791234567")).ToString(), secret.CommandHash(Encoding.ASCII.GetBytes("4791234567")));
        Assert.Equal(secret.CommandHash([1, 2]), secret.CommandHash([1, 2]));
        Assert.NotEqual(secret.CommandHash([1, 2]), secret.CommandHash([2, 1]));
    }

    [Fact]
    public void Secret_ThatIsTooShort_IsRefusedWithoutBeingNamed()
    {
        var refusal = Assert.Throws<ArgumentException>(() => new ChainSecret(Encoding.ASCII.GetBytes("thirty-one bytes are not enough")));

        Assert.DoesNotContain("thirty-one", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("***", new Secret("hush").ToString());
    }

    private static ChainSecret SecretOf(char letter) => new(Encoding.ASCII.GetBytes(new string(letter, 32)));

    private static Msisdn Phone(string digits) => Msisdn.TryParse(digits, out var phone) ? phone : throw new ArgumentException("no phone", nameof(digits));

    [GeneratedRegex("^[a-zA-Z0-9-]{8,64}$")]
    private static partial Regex VendorsRule();
}
