using System.Text.RegularExpressions;
using ChainCheckout.Core.Values;
using FsCheck;
using FsCheck.Fluent;

namespace ChainCheckout.Tests.Properties;

/// <summary>Phones, codes and references: many spellings, one value.</summary>
public sealed partial class NameProperties
{
    private static readonly (Country Country, string Code, int Min, int Max)[] Plans =
        [(Country.NO, "47", 8, 8), (Country.DK, "45", 8, 8), (Country.FI, "358", 6, 11), (Country.SE, "46", 7, 10)];

    private static readonly Gen<(Country Country, string Code, string National)> Numbers =
        from plan in Gen.Elements(Plans)
        from length in Gen.Choose(plan.Min, plan.Max)
        from first in Gen.Choose(1, 9)
        from rest in Digits(length - 1)
        select (plan.Country, plan.Code, first + rest);

    private static readonly Gen<PaymentReference> References =
        from store in Gen.OneOf(Gen.Choose(1, 20), Gen.Choose(1, 9_999))
        from till in Gen.OneOf(Gen.Choose(1, 12), Gen.Choose(1, 99))
        from epoch in Gen.OneOf(Gen.Choose(1, 12), Gen.Choose(1, (int)PaymentReference.EpochMax))
        from number in Gen.OneOf(Gen.Choose(1, 120), Gen.Choose(1, int.MaxValue))
        select new PaymentReference(new TillId(store, till), (uint)epoch, (uint)number);

    [Fact]
    public void Phone_HoweverItIsTyped_IsOneNumber() =>
        (from number in Numbers
         from form in Gen.Choose(0, 4)
         from gaps in Gen.Elements("", "", " ", "-", "\u00a0", ".", "(", ")").ArrayOf(24)
         from anywhere in Gen.Elements(Enum.GetValues<Country>())
         select (number, form, gaps, anywhere)).Hold(of =>
        {
            var ((country, code, national), form, gaps, anywhere) = of;
            var stored = code + national;
            var trunk = country is Country.SE or Country.FI ? "0" + national : national;
            var (typed, home) = form switch
            {
                0 => ("+" + Spread(stored, gaps), anywhere),
                1 => (Spread("00" + stored, gaps), anywhere),
                2 => (Spread(trunk, gaps), country),
                3 => (Spread(national, gaps), country),
                _ => ($"  +{stored}  ", anywhere),
            };
            return Msisdn.TryParseTyped(typed, home, out var phone) && phone.Digits == stored
                && Msisdn.TryParse(stored, out var again) && again == phone && phone.ForLoyalty == "+" + stored
                && phone.ForECom == (country == Country.NO ? national : null)
                && phone.ToString().Count(char.IsAsciiDigit) == code.Length + 3;
        });

    [Fact]
    public void Code_OnTheVendorsHost_IsTakenWholeAndNeverPrinted() =>
        (from path in Properties.Text(1, 60)
         from blanks in Gen.Elements("", " ", "\r\n")
         select (Text: $"https://qr.vipps.no/p{Uri.EscapeDataString(path)}?v=2", blanks)).Hold(of =>
            QrText.TryParse(of.blanks + of.Text + of.blanks, out var code) == QrRefusal.None && code.Text == of.Text
            && QrText.TryParse(code.Text, out var again) == QrRefusal.None && again == code
            && !$"{code}".Contains("vipps", StringComparison.Ordinal));

    [Fact]
    public void Code_OfAnyOtherText_IsRefusedAndHoldsNothing() =>
        Gen.OneOf(Properties.Text(0, 80), Properties.Text(1, 30).Select(text => $"https://qr.vipps.no.evil.test/{Uri.EscapeDataString(text)}"),
            Properties.Text(1, 30).Select(text => $"https://user@qr.vipps.no/{Uri.EscapeDataString(text)}"),
            Properties.Text(513, 600).Select(text => "https://qr.vipps.no/" + Uri.EscapeDataString(text))).Hold(text =>
                QrText.TryParse(text, out var code) != QrRefusal.None && code.Text.Length == 0);

    [Fact]
    public void Card_OfAnyLengthAndSpacing_IsRefusedAsACard() =>
        (from length in Gen.Choose(13, 18)
         from digits in Digits(length)
         from gaps in Gen.Elements("", "", " ", "-").ArrayOf(24)
         from track in Gen.Elements("", "%B", ";")
         select track + Spread(digits + CheckDigit(digits), gaps)).Hold(text =>
            QrText.TryParse(text, out var code) == QrRefusal.CardNumber && code.Text.Length == 0);

    [Fact]
    public void Reference_IsWhatTheVendorTakes_ReadsBack_AndIsTheOnlyOneOfItsTillEpochAndNumber() =>
        References.Two().Hold(pair =>
        {
            var (one, other) = (pair.Item1.ToString(), pair.Item2.ToString());
            return VendorsRule().IsMatch(one) && !one.All(char.IsAsciiDigit) && PaymentReference.TryParse(one, out var read)
                && read == pair.Item1 && (one == other) == (pair.Item1 == pair.Item2)
                && one.StartsWith($"s{pair.Item1.Till.Store}-", StringComparison.Ordinal);
        });

    [Fact]
    public void Reference_OfAnyText_ReadsOnlyWhatWouldBeWritten() =>
        Gen.Elements("sStT-0123456789 ".ToCharArray()).ArrayOf().Select(chars => new string(chars)).Hold(text =>
            !PaymentReference.TryParse(text, out var read) || read.ToString() == text);

    private static Gen<string> Digits(int length) => Gen.Choose(0, 9).ArrayOf(length).Select(digits => string.Concat(digits));

    private static string Spread(string digits, string[] gaps) =>
        string.Concat(digits.Select((digit, i) => digits.Length + i < 38 && i > 0 ? gaps[i % gaps.Length] + digit : digit.ToString()));

    private static int CheckDigit(string digits)
    {
        var sum = digits.Reverse().Select((digit, i) => (digit - '0') * (i % 2 == 0 ? 2 : 1)).Sum(value => value > 9 ? value - 9 : value);
        return (10 - (sum % 10)) % 10;
    }

    [GeneratedRegex("^[a-zA-Z0-9-]{8,28}$")]
    private static partial Regex VendorsRule();
}
