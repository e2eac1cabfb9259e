using System.Text.Json.Serialization;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Http;

namespace ChainCheckout.Simulator.Members;

[JsonConverter(typeof(CamelCaseEnum<LoginAnswer>))]
public enum LoginAnswer
{
    Accept = 1,
    Deny = 2,

    /// <summary>Does nothing: the login expires.</summary>
    Ignore = 3,

    /// <summary>The app is too old for it.</summary>
    OldApp = 4,

    /// <summary>No account, an inactive one, or too young.</summary>
    NoAccount = 5,
}

/// <summary>What one person does with a login push.</summary>
/// <param name="After">Simulated time between the push and the answer.</param>
/// <param name="Email">The consent that is given with it; likewise <paramref name="Sms"/>.</param>
/// <param name="Phone">The number that userinfo tells instead of the person's own; null: their own.</param>
/// <param name="WithoutPhone">Userinfo tells no number.</param>
/// <param name="Sub">Instead of the person's own, as for a number that has been used again.</param>
/// <param name="EarlyPing">The ping is sent before the request is answered.</param>
/// <param name="ForeignIdToken">The id_token names another login.</param>
public sealed record LoginScript(
    LoginAnswer Answer, TimeSpan After = default, bool Email = false, bool Sms = false, string? Phone = null, bool WithoutPhone = false,
    string? Sub = null, bool EarlyPing = false, bool ForeignIdToken = false)
{
    public static readonly LoginScript Prompt = new(LoginAnswer.Accept, Email: true);

    /// <summary>70 % accept and 20 % deny after 2–15 s, 8 % ignore it, 2 % have an old app.</summary>
    internal static LoginScript Mixed(ulong drawn)
    {
        var after = TimeSpan.FromSeconds(2 + (13 * Mix.Fraction(Mix.Of(1, drawn))));
        var answer = (drawn % 100) switch
        {
            < 70 => LoginAnswer.Accept,
            < 90 => LoginAnswer.Deny,
            < 98 => LoginAnswer.Ignore,
            _ => LoginAnswer.OldApp,
        };
        return new LoginScript(answer, after, Email: drawn % 2 == 0, Sms: drawn % 3 == 0);
    }
}

/// <param name="AfterSeconds">Simulated seconds between the push and the answer.</param>
internal sealed record LoginScriptBody(
    LoginAnswer Answer, double AfterSeconds = 0, bool Email = false, bool Sms = false, string? Phone = null, bool WithoutPhone = false,
    string? Sub = null, bool EarlyPing = false, bool ForeignIdToken = false)
{
    public LoginScript ToScript() =>
        new(Answer, TimeSpan.FromSeconds(AfterSeconds), Email, Sms, Phone, WithoutPhone, Sub, EarlyPing, ForeignIdToken);
}
