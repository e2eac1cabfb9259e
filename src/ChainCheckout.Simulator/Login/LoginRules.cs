using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using ChainCheckout.Simulator.Access;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Http;

namespace ChainCheckout.Simulator.Login;

/// <summary>Why a login is not started, in OAuth's words.</summary>
internal sealed record LoginRefusal(string Error, string Description);

/// <summary>Judges the request of a login: its parameters first, then the person.</summary>
internal sealed partial class LoginRules(CustomerBook customers)
{
    private const int LifeSeconds = 600;

    private static readonly string[] Parameters =
        ["scope", "login_hint", "binding_message", "requested_expiry", "state", "nonce"];

    private static readonly string[] Scopes =
    [
        "openid", "name", "phoneNumber", "email", "address", "birthDate", "nin", "delegatedConsents", "customFlow",
    ];

    /// <returns>The order, or null and the refusal.</returns>
    public LoginOrder? Judge(FormBody form, SalesUnit unit, DateTimeOffset now, out LoginRefusal? refusal)
    {
        var lifeSeconds = LifeSeconds;
        var (msisdn, person) = ("", NobodyAsked);
        ImmutableArray<string> scope = [];
        refusal = CheckNames(form)
            ?? CheckScope(form, out scope)
            ?? CheckMessage(form)
            ?? ReadExpiry(form, ref lifeSeconds)
            ?? FindPerson(form, out msisdn, out person);
        if (refusal is not null) return null;
        return new LoginOrder
        {
            Msn = unit.Msn,
            ClientId = unit.ClientId,
            Msisdn = msisdn,
            Scope = scope,
            RequestedAt = now,
            ExpiresAt = now.AddSeconds(lifeSeconds),
            Person = person,
        };
    }

    /// <returns>The number behind a hint; null if the hint has no valid form.</returns>
    public static string? MsisdnOf(string? hint) =>
        FullMsisdnOf(hint) ?? (MobileHint().Match(hint ?? "") is { Success: true } legacy ? $"47{legacy.Groups[1].Value}" : null);

    /// <summary>As <see cref="MsisdnOf"/>, where the old form of eight digits has never been taken.</summary>
    public static string? FullMsisdnOf(string? hint) => MsisdnHint().Match(hint ?? "") is { Success: true } full ? full.Groups[1].Value : null;

    private static LoginRefusal? CheckNames(FormBody form) => form.Unknown(Parameters) is { } unknown
        ? new LoginRefusal("invalid_request", $"The parameter {unknown} is not known.")
        : null;

    /// <summary>A known scope that is not served here is dropped in silence, as one outside the plan is.</summary>
    private static LoginRefusal? CheckScope(FormBody form, out ImmutableArray<string> scope)
    {
        scope = [.. (form.Text("scope") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        if (scope.IsEmpty) return new LoginRefusal("invalid_request", "The parameter scope is required.");
        if (!scope.Contains("openid")) return new LoginRefusal("invalid_scope", "The scope must have openid.");
        return scope.Except(Scopes, StringComparer.Ordinal).Any()
            ? new LoginRefusal("invalid_scope", "The scope has an unknown value.")
            : null;
    }

    private static LoginRefusal? CheckMessage(FormBody form) =>
        form.Text("binding_message") is { } message && !BindingMessage().IsMatch(message)
            ? new LoginRefusal("invalid_binding_message", "Must be 5 to 8 capitals, digits and hyphens.")
            : null;

    private static LoginRefusal? ReadExpiry(FormBody form, ref int seconds)
    {
        if (form.Text("requested_expiry") is not { } text) return null;
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted);
        if (!isNumber || wanted is < 60 or > 900)
            return new LoginRefusal("invalid_request", "requested_expiry must be 60 to 900.");
        seconds = wanted;
        return null;
    }

    private LoginRefusal? FindPerson(FormBody form, out string msisdn, out LoginScript person)
    {
        (msisdn, person) = (MsisdnOf(form.Text("login_hint")) ?? "", NobodyAsked);
        if (msisdn.Length == 0)
            return new LoginRefusal("invalid_request", "login_hint is missing or has no valid form.");
        if (!customers.HasAccount(msisdn)) return new LoginRefusal("invalid_user", "The user can not log in.");
        person = customers.LoginOf(msisdn);
        return person.Answer == LoginAnswer.OldApp
            ? new LoginRefusal("old_app", "The user's app is too old.")
            : null;
    }

    private static LoginScript NobodyAsked { get; } = new(LoginAnswer.Ignore);

    [GeneratedRegex(@"^urn:msisdn:([0-9]{9,15})\z")]
    private static partial Regex MsisdnHint();

    [GeneratedRegex(@"^urn:mobilenumber:([0-9]{8})\z")]
    private static partial Regex MobileHint();

    [GeneratedRegex(@"^[A-Z0-9\-]{5,8}\z")]
    private static partial Regex BindingMessage();
}
