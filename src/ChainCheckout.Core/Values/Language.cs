namespace ChainCheckout.Core.Values;

/// <summary>The languages that a cashier may read, written as the ISO 639-1 name: <c>nb, da, fi, sv, en</c>.</summary>
public enum Language
{
    Nb = 1,
    Da,
    Fi,
    Sv,
    En,
}

public static class Languages
{
    public static bool TryParse(string? text, out Language language)
    {
        language = text switch
        {
            "nb" => Language.Nb,
            "da" => Language.Da,
            "fi" => Language.Fi,
            "sv" => Language.Sv,
            "en" => Language.En,
            _ => default,
        };
        return language != default;
    }

    public static string Name(this Language language) => language switch
    {
        Language.Nb => "nb",
        Language.Da => "da",
        Language.Fi => "fi",
        Language.Sv => "sv",
        Language.En => "en",
        _ => throw new ArgumentOutOfRangeException(nameof(language), language, "No such language."),
    };
}
