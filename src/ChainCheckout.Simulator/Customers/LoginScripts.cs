using System.Text.Json.Serialization;
using ChainCheckout.Simulator.Http;

namespace ChainCheckout.Simulator.Customers;

[JsonConverter(typeof(CamelCaseEnum<LoginAnswer>))]
public enum LoginAnswer
{
    Accept = 1,
    Deny = 2,

    /// <summary>Does nothing: the login expires.</summary>
    Ignore = 3,

    /// <summary>Has an app that knows no logins: the request is refused with <c>old_app</c>.</summary>
    OldApp = 4,

    /// <summary>Has no account: the request is refused with <c>invalid_user</c>.</summary>
    NoAccount = 5,

    /// <summary>Waits for a hand.</summary>
    Manual = 6,
}

/// <summary>What a person does with the login pushes to come, and what the merchant learns of them.</summary>
/// <param name="After">Simulated time between the push and the answer.</param>
/// <param name="Email">Whether marketing by mail is consented to.</param>
/// <param name="Sms">Whether marketing by SMS is consented to.</param>
/// <param name="Phone">The number that userinfo tells; null = the person's own.</param>
/// <param name="WithoutPhone">Userinfo tells no number at all.</param>
/// <param name="ForeignIdToken">The id_token names another login.</param>
/// <param name="Sub">The subject that userinfo tells; null = the person's own with the sales unit.</param>
public sealed record LoginScript(
    LoginAnswer Answer,
    TimeSpan After = default,
    bool Email = false,
    bool Sms = false,
    string? Phone = null,
    bool WithoutPhone = false,
    string? Sub = null,
    bool ForeignIdToken = false);

/// <summary>What a person does with a login push. The same seed and person always give the same answer.</summary>
internal static class LoginScripts
{
    public static LoginScript Of(string msisdn, Script script, int seed) => script == Script.Prompt
        ? new LoginScript(LoginAnswer.Accept)
        : Mixed(Mix.Of(seed, $"login:{msisdn}"));

    /// <summary>
    /// 70 % accept and 20 % deny after 2–15 s, 8 % ignore, 2 % have an old app; 60 % consent to mail, 40 % to SMS.
    /// </summary>
    internal static LoginScript Mixed(ulong drawn)
    {
        var after = TimeSpan.FromSeconds(2 + (13 * Mix.Fraction(Mix.Of(1, drawn))));
        var email = Mix.Fraction(Mix.Of(2, drawn)) < 0.6;
        var sms = Mix.Fraction(Mix.Of(3, drawn)) < 0.4;
        return (drawn % 100) switch
        {
            < 70 => new LoginScript(LoginAnswer.Accept, after, email, sms),
            < 90 => new LoginScript(LoginAnswer.Deny, after),
            < 98 => new LoginScript(LoginAnswer.Ignore),
            _ => new LoginScript(LoginAnswer.OldApp),
        };
    }
}
