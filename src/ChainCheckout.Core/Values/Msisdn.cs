using System.Text.Json.Serialization;

namespace ChainCheckout.Core.Values;

/// <summary>
/// A customer's phone number: country code and subscriber digits, no plus (<c>4791234567</c>).
/// Prints itself masked; each API gets its own form from the <c>For…</c> members.
/// </summary>
[JsonConverter(typeof(PersonalJson<Msisdn>))]
public readonly record struct Msisdn
{
    private static readonly (Country Country, string Code, int DigitsMin, int DigitsMax)[] Plans =
    [
        (Country.NO, "47", 8, 8),
        (Country.DK, "45", 8, 8),
        (Country.FI, "358", 6, 11),
        (Country.SE, "46", 7, 10),
    ];

    private readonly string? _digits;

    private Msisdn(string digits) => _digits = digits;

    /// <summary>Digits with country code, as ePayment, QR and <c>urn:msisdn</c> want it. Personal: never print it.</summary>
    public string Digits => _digits ?? "";

    /// <summary>The country code and the last three digits: <c>"+47 ••• •• 567"</c>. Safe on a screen that others see.</summary>
    public string Masked => _digits is null ? "•••" : $"+{Plan(_digits).Code} ••• •• {_digits[^3..]}";

    /// <summary>E.164 with plus, as the Loyalty API wants it.</summary>
    public string ForLoyalty => "+" + Digits;

    /// <summary>Eight digits without country code, as eCom v2 wants it; null for a number that is not Norwegian.</summary>
    public string? ForECom => Digits.StartsWith("47", StringComparison.Ordinal) ? Digits[2..] : null;

    public override string ToString() => Masked;

    /// <summary>Exactly the stored form: digits with one of the four country codes and a subscriber number of a length that country uses.</summary>
    public static bool TryParse(string? digits, out Msisdn msisdn)
    {
        msisdn = default;
        if (digits is null || digits.Length is < 8 or > 15 || !digits.All(char.IsAsciiDigit)) return false;
        var plan = Plan(digits);
        if (plan.Code is null) return false;
        var subscriber = digits.Length - plan.Code.Length;
        if (subscriber < plan.DigitsMin || subscriber > plan.DigitsMax || digits[plan.Code.Length] == '0') return false;
        msisdn = new Msisdn(digits);
        return true;
    }

    /// <summary>
    /// What a cashier types: <c>"912 34 567"</c>, <c>"+47 91234567"</c>, <c>"0047…"</c>, <c>"070-123 45 67"</c> in a Swedish store.
    /// Without a country code it is a number of <paramref name="home"/>.
    /// </summary>
    public static bool TryParseTyped(string? typed, Country home, out Msisdn msisdn)
    {
        msisdn = default;
        if (typed is null || typed.Length > 40) return false;
        var trimmed = typed.Trim();
        var international = trimmed.StartsWith('+');
        foreach (var character in trimmed.AsSpan(international ? 1 : 0))
        {
            if (!char.IsAsciiDigit(character) && character is not (' ' or '-' or '(' or ')' or '.' or '\u00a0')) return false;
        }

        var digits = string.Concat(trimmed.Where(char.IsAsciiDigit));
        if (!international && digits.StartsWith("00", StringComparison.Ordinal))
        {
            international = true;
            digits = digits[2..];
        }

        if (international) return TryParse(digits, out msisdn);

        var plan = Plans.First(plan => plan.Country == home);
        var national = home is Country.SE or Country.FI && digits.StartsWith('0') ? digits[1..] : digits;
        return (national.Length <= plan.DigitsMax && TryParse(plan.Code + national, out msisdn)) || TryParse(digits, out msisdn);
    }

    private static (Country Country, string Code, int DigitsMin, int DigitsMax) Plan(string digits) =>
        Plans.FirstOrDefault(plan => digits.StartsWith(plan.Code, StringComparison.Ordinal));
}
