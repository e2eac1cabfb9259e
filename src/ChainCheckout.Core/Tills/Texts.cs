namespace ChainCheckout.Core.Tills;

/// <summary>What a cashier reads.</summary>
/// <param name="Text">How it stands, in one line of a till's display: 1 to 60 characters.</param>
/// <param name="Hint">What to do now, in one sentence: at most 140 characters; empty where nothing is to do.</param>
public readonly record struct CashierText(string Text, string Hint);

/// <summary>
/// A cashier's words for every code, in the language of the store. The app goes by the name that customers there know:
/// Vipps in Norwegian and Swedish, MobilePay in Danish and Finnish, Vipps MobilePay in English.
/// </summary>
public static partial class Texts
{
    /// <summary>Every code that has a text: all of <see cref="TillCode"/>, in its order.</summary>
    public static IReadOnlyList<TillCode> Codes { get; } = ImmutableArray.Create(Enum.GetValues<TillCode>());

    public static CashierText For(TillCode code, Language language) => language switch
    {
        Language.Nb => Nb(code),
        Language.Da => Da(code),
        Language.Fi => Fi(code),
        Language.Sv => Sv(code),
        Language.En => En(code),
        _ => throw new ArgumentOutOfRangeException(nameof(language), language, "No such language."),
    };
}
