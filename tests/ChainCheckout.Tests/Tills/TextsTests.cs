using System.Text.RegularExpressions;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;

namespace ChainCheckout.Tests.Tills;

public sealed partial class TextsTests
{
    private const int TextMax = 60;
    private const int HintMax = 140;

    private static readonly Language[] All = Enum.GetValues<Language>();

    private static readonly string[] Technical =
    [
        "http", "https", "api", "url", "json", "server", "servern", "serveren", "palvelin", "null", "error",
        "exception", "timeout", "token", "webhook", "retry", "database", "epayment", "msisdn", "msn", "tender", "push",
    ];

    public static TheoryData<TillCode, Language> EveryCodeInEveryLanguage()
    {
        var data = new TheoryData<TillCode, Language>();
        foreach (var code in Enum.GetValues<TillCode>())
        {
            foreach (var language in All) data.Add(code, language);
        }

        return data;
    }

    public static TheoryData<TillCode, Language> TurnedAwayInEveryLanguage()
    {
        var data = new TheoryData<TillCode, Language>();
        foreach (var language in All)
        {
            data.Add(TillCode.CustomerCannotPay, language);
            data.Add(TillCode.EnrolNoUser, language);
        }

        return data;
    }

    public static TheoryData<Language> EveryLanguage() => [.. All];

    public static TheoryData<TillCode> EveryCode() => [.. Enum.GetValues<TillCode>()];

    [Fact]
    public void Codes_are_every_code_of_the_till() => Assert.Equal(Enum.GetValues<TillCode>(), Texts.Codes);

    [Theory]
    [MemberData(nameof(EveryCodeInEveryLanguage))]
    public void Words_of_every_code_fit_a_till_display(TillCode code, Language language)
    {
        var (text, hint) = Texts.For(code, language);

        Assert.InRange(text.Length, 1, TextMax);
        Assert.InRange(hint.Length, 0, HintMax);
        Assert.Equal(text.Trim(), text);
        Assert.True(char.IsUpper(text[0]), text);
        Assert.False(text.EndsWith('.'), text);
        if (hint.Length == 0) return;
        Assert.True(char.IsUpper(hint[0]), hint);
        Assert.Equal(hint.Length - 1, hint.IndexOfAny(['.', '!', '?']));
    }

    [Theory]
    [MemberData(nameof(EveryCodeInEveryLanguage))]
    public void Words_are_those_of_a_shop_not_of_a_machine(TillCode code, Language language)
    {
        var words = WordsOf(Texts.For(code, language));

        Assert.DoesNotContain(words, word => Technical.Contains(word, StringComparer.OrdinalIgnoreCase));
        Assert.DoesNotContain(words, word => word.All(char.IsDigit));
        var others = words.Where(word => !word.StartsWith("MobilePay", StringComparison.Ordinal));
        Assert.DoesNotContain(others, word => CamelCase().IsMatch(word));
    }

    [Theory]
    [MemberData(nameof(EveryCode))]
    public void Each_language_has_words_of_its_own(TillCode code)
    {
        var texts = All.Select(language => Texts.For(code, language).Text).ToArray();
        var hints = All.Select(language => Texts.For(code, language).Hint).ToArray();

        Assert.Equal(texts, texts.Distinct());
        if (hints.Any(hint => hint.Length > 0)) Assert.Equal(hints, hints.Distinct());
    }

    [Theory]
    [MemberData(nameof(EveryLanguage))]
    public void Two_codes_never_share_a_text(Language language)
    {
        var texts = Texts.Codes.Select(code => Texts.For(code, language).Text).ToArray();

        Assert.Equal(texts, texts.Distinct());
    }

    [Theory]
    [MemberData(nameof(EveryCodeInEveryLanguage))]
    public void App_goes_by_the_name_that_the_country_knows(TillCode code, Language language)
    {
        var (text, hint) = Texts.For(code, language);
        var both = $"{text} {hint}";

        var foreign = language switch
        {
            Language.Nb or Language.Sv => "MobilePay",
            Language.Da or Language.Fi => "Vipps",
            _ => null,
        };

        if (foreign is not null) Assert.DoesNotContain(foreign, both, StringComparison.OrdinalIgnoreCase);
        if (language is not Language.En) return;
        both = both.Replace("Vipps MobilePay", "", StringComparison.Ordinal);
        Assert.DoesNotContain("Vipps", both, StringComparison.Ordinal);
        Assert.DoesNotContain("MobilePay", both, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TillCode.WaitingForCustomer)]
    [InlineData(TillCode.Checking)]
    [InlineData(TillCode.Cancelling)]
    [InlineData(TillCode.Approved)]
    [InlineData(TillCode.PaymentCancelled)]
    [InlineData(TillCode.PaymentExpired)]
    [InlineData(TillCode.CustomerCannotPay)]
    [InlineData(TillCode.VippsUnavailable)]
    [InlineData(TillCode.CallSupport)]
    [InlineData(TillCode.Held)]
    [InlineData(TillCode.QrCardNumber)]
    [InlineData(TillCode.PhoneInvalid)]
    [InlineData(TillCode.RefundDoneWithoutPoints)]
    [InlineData(TillCode.PaymentHeld)]
    [InlineData(TillCode.CustomerElsewhere)]
    [InlineData(TillCode.MembershipUnknown)]
    [InlineData(TillCode.TooManyUncounted)]
    [InlineData(TillCode.EnrolWaiting)]
    [InlineData(TillCode.EnrolOldApp)]
    [InlineData(TillCode.EnrolNoUser)]
    [InlineData(TillCode.EnrolTooMany)]
    [InlineData(TillCode.EnrolUnknown)]
    [InlineData(TillCode.EnrolOtherNumber)]
    [InlineData(TillCode.EnrolElsewhere)]
    public void Code_that_asks_something_of_the_cashier_has_a_hint(TillCode code) =>
        Assert.All(All, language => Assert.NotEmpty(Texts.For(code, language).Hint));

    /// <summary>It may be the customer's age, or the store: others hear what the cashier says of the number.</summary>
    [Theory]
    [MemberData(nameof(TurnedAwayInEveryLanguage))]
    public void Person_whom_the_app_turns_away_is_never_told_that_the_number_is_wrong(TillCode code, Language language)
    {
        string[] blame =
        [
            "num", "wrong", "invalid", "incorrect", "feil", "ugyldig", "forkert", "fejl", "fel", "ogiltig", "väär", "virhe",
        ];

        var words = WordsOf(Texts.For(code, language));

        Assert.DoesNotContain(words, word => blame.Any(b => word.StartsWith(b, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>The same code on both screens is how a customer knows who is asking.</summary>
    [Theory]
    [InlineData(Language.Nb, "koden")]
    [InlineData(Language.Da, "koden")]
    [InlineData(Language.Fi, "koodia")]
    [InlineData(Language.Sv, "koden")]
    [InlineData(Language.En, "code")]
    public void EnrolWaiting_has_the_codes_compared(Language language, string code) =>
        Assert.Contains(code, WordsOf(Texts.For(TillCode.EnrolWaiting, language)));

    [Theory]
    [InlineData(Language.Nb, "Betalt")]
    [InlineData(Language.Da, "Betalt")]
    [InlineData(Language.Fi, "Maksettu")]
    [InlineData(Language.Sv, "Betalt")]
    [InlineData(Language.En, "Paid")]
    public void Approved_names_the_word_that_Paid_will_show(Language language, string paid)
    {
        Assert.Equal(paid, WordsOf(Texts.For(TillCode.Paid, language))[0]);
        Assert.Contains(paid, WordsOf(Texts.For(TillCode.Approved, language)));
    }

    [Fact]
    public void Code_or_language_that_does_not_exist_throws()
    {
        Assert.ThrowsAny<Exception>(() => Texts.For(default, Language.En));
        Assert.Throws<ArgumentOutOfRangeException>(() => Texts.For(TillCode.Idle, default));
    }

    [Theory]
    [MemberData(nameof(EveryLanguage))]
    public void Language_is_read_as_it_is_written(Language language)
    {
        Assert.True(Languages.TryParse(language.Name(), out var read));
        Assert.Equal(language, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("NB")]
    [InlineData("no")]
    [InlineData("nb-NO")]
    [InlineData("1")]
    public void Language_of_another_name_is_not_read(string? text) => Assert.False(Languages.TryParse(text, out _));

    private static string[] WordsOf(CashierText words) =>
        [.. Word().Matches($"{words.Text} {words.Hint}").Select(match => match.Value)];

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\p{Ll}\p{Lu}")]
    private static partial Regex CamelCase();
}
