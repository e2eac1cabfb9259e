using ChainCheckout.Core.Values;
using FsCheck;
using FsCheck.Fluent;

namespace ChainCheckout.Tests.Values;

public sealed class MsisdnTests
{
    [Theory]
    [InlineData("4791234567")]
    [InlineData("4512345678")]
    [InlineData("358401234")]
    [InlineData("35840123456789")]
    [InlineData("46701234567")]
    [InlineData("467012345")]
    [InlineData("467012345678")]
    public void StoredForm_OfEachCountry_IsReadAsItIsWritten(string digits)
    {
        Assert.True(Msisdn.TryParse(digits, out var phone));
        Assert.Equal(digits, phone.Digits);
        Assert.Equal("+" + digits, phone.ForLoyalty);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("91234567")]
    [InlineData("+4791234567")]
    [InlineData("47 91234567")]
    [InlineData("479123456")]
    [InlineData("47912345678")]
    [InlineData("4701234567")]
    [InlineData("46012345678")]
    [InlineData("45123456789")]
    [InlineData("35812345")]
    [InlineData("358123456789012")]
    [InlineData("4612345")]
    [InlineData("49151234567")]
    [InlineData("12345678901234567890")]
    [InlineData("٤٧٩١٢٣٤٥٦٧")]
    public void StoredForm_ThatIsNone_IsNotRead(string? digits) => Assert.False(Msisdn.TryParse(digits, out _));

    [Theory]
    [InlineData("91234567", Country.NO, "4791234567")]
    [InlineData(" 912 34 567 ", Country.NO, "4791234567")]
    [InlineData("+47 91234567", Country.NO, "4791234567")]
    [InlineData("+47 91234567", Country.FI, "4791234567")]
    [InlineData("0047 912 34 567", Country.SE, "4791234567")]
    [InlineData("4791234567", Country.NO, "4791234567")]
    [InlineData("12 34 56 78", Country.DK, "4512345678")]
    [InlineData("4512345678", Country.DK, "4512345678")]
    [InlineData("040-123 4567", Country.FI, "358401234567")]
    [InlineData("40 1234567", Country.FI, "358401234567")]
    [InlineData("+358 (40) 123.4567", Country.NO, "358401234567")]
    [InlineData("358401234567", Country.FI, "358401234567")]
    [InlineData("070-123 45 67", Country.SE, "46701234567")]
    [InlineData("46701234567", Country.SE, "46701234567")]
    [InlineData("912\u00a034\u00a0567", Country.NO, "4791234567")]
    public void Typed_InAStoreOfACountry_IsUnderstood(string typed, Country home, string digits)
    {
        Assert.True(Msisdn.TryParseTyped(typed, home, out var phone));
        Assert.Equal(digits, phone.Digits);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("123456")]
    [InlineData("00000000")]
    [InlineData("01234567")]
    [InlineData("12345678901234567890")]
    [InlineData("912 34 56x")]
    [InlineData("+47+91234567")]
    [InlineData("9123\t4567")]
    [InlineData("٩١٢٣٤٥٦٧")]
    [InlineData("+49 151 2345678")]
    [InlineData("9 1 2 3 4 5 6 7                                  ")]
    public void Typed_ThatIsNoNumber_IsRefused(string? typed) =>
        Assert.False(Msisdn.TryParseTyped(typed, Country.NO, out _));

    [Fact]
    public void Masked_ShowsCountryAndThreeDigitsOnly()
    {
        Assert.True(Msisdn.TryParse("35840123456", out var phone));

        Assert.Equal("+358 ••• •• 456", phone.Masked);
        Assert.Equal(phone.Masked, phone.ToString());
        Assert.Equal("•••", default(Msisdn).ToString());
        Assert.Equal("", default(Msisdn).Digits);
    }

    [Fact]
    public void ForECom_IsNorwegianWithoutItsCountryCode()
    {
        Assert.True(Msisdn.TryParse("4791234567", out var norwegian));
        Assert.True(Msisdn.TryParse("4512345678", out var danish));

        Assert.Equal("91234567", norwegian.ForECom);
        Assert.Null(danish.ForECom);
    }

    [Fact]
    public void Typed_AnythingThatIsUnderstood_IsAStoredFormAndHidesInItsOwnWords()
    {
        var typed = Gen.ArrayOf(Gen.Elements("0123456789+ -().".ToCharArray())).Select(chars => new string(chars)).ToArbitrary();
        Prop.ForAll(typed, text =>
        {
            foreach (var home in Enum.GetValues<Country>())
            {
                if (!Msisdn.TryParseTyped(text, home, out var phone)) continue;
                if (!Msisdn.TryParse(phone.Digits, out var again) || again != phone) return false;
                if (phone.ToString().Contains(phone.Digits[3..], StringComparison.Ordinal)) return false;
                if (!Msisdn.TryParseTyped("+" + phone.Digits, home, out var plus) || plus != phone) return false;
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }
}
