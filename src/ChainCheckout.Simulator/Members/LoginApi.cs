using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChainCheckout.Simulator.Access;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Ledgers;
using ChainCheckout.Simulator.Time;
using ChainCheckout.Simulator.Webhooks;

namespace ChainCheckout.Simulator.Members;

/// <summary>Merchant-initiated login: discovery, the look-up, the push, the token endpoint, userinfo.</summary>
internal sealed partial class LoginApi(
    IReadOnlyList<SalesUnit> units, SimulatedClock clock, Alarms alarms, CustomerBook customers, Ledger ledger, WebhookApi webhooks)
{
    private const string CibaGrant = "urn:openid:params:grant-type:ciba";
    private const string TokenPrefix = "ciba.";

    private static readonly string[] Known =
        ["scope", "login_hint", "binding_message", "requested_expiry", "state", "nonce", "requested_flow", "redirect_uri"];

    private static readonly TimeSpan SlowDownStep = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TokenLife = TimeSpan.FromSeconds(300);
    private static readonly string[] FirstNames = ["Kari", "Ola", "Åse", "Lars", "Ida", "Nils"];

    private readonly ConcurrentDictionary<string, LoginCase> _cases = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LoginCase> _tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LoginCase> _open = new(StringComparer.Ordinal);
    private long _numbers;

    public Answer Answer(ApiRequest request)
    {
        if (request.Kind == CallKind.Discovery) return Discover(request);
        if (request.Kind == CallKind.UserInfo) return UserInfo(request);

        // Sending the key here can itself be the reason for a 401.
        if (request.Header("Ocp-Apim-Subscription-Key") is not null)
            return Problems.Gateway(401, "Unauthorized", request);
        if (UnitOf(request) is not { } unit) return Fault(401, "invalid_client", "Client authentication failed.");
        if (FormOf(request) is not { } form) return Fault(400, "invalid_request", "The body must be a form without doubled names.");
        return request.Kind switch
        {
            CallKind.UserExists => Exists(form),
            CallKind.Login => Ask(form, unit),
            _ => Exchange(form, unit),
        };
    }

    private static Answer Discover(ApiRequest request)
    {
        var host = "http://" + request.Header("Host");
        var access = host + "/access-management-1.0/access/";
        return Http.Answer.Of(
            200,
            new DiscoveryBody(
                access, access + "oauth2/token", host + "/vipps-login-ciba/api/backchannel/authentication", host + "/vipps-userinfo-api/userinfo",
                access + ".well-known/jwks.json", ["poll"]),
            SimulatorJson.Default.DiscoveryBody);
    }

    private Answer Exists(Dictionary<string, string> form) => MsisdnOf(form.GetValueOrDefault("login_hint")) is { } msisdn
        ? Http.Answer.Of(200, new ExistsBody(customers.LoginOf(msisdn).Answer != LoginAnswer.NoAccount), SimulatorJson.Default.ExistsBody)
        : Fault(400, "invalid_request", "login_hint names no number.");

    private Answer Ask(Dictionary<string, string> form, SalesUnit unit)
    {
        if (Invalid(form) is { } wrong) return Fault(400, wrong == "binding_message" ? "invalid_binding_message" : "invalid_request", $"{wrong} is not valid.");
        var scope = form["scope"].Split(' ');
        if (!scope.Contains("openid")) return Fault(400, "invalid_scope", "scope must hold openid.");
        var msisdn = MsisdnOf(form["login_hint"])!;
        var script = customers.LoginOf(msisdn);
        if (script.Answer == LoginAnswer.NoAccount) return Fault(400, "invalid_user", "The user can not log in.");
        if (script.Answer == LoginAnswer.OldApp) return Fault(400, "old_app", "The app is too old.");

        var life = TimeSpan.FromSeconds(form.TryGetValue("requested_expiry", out var asked) ? int.Parse(asked, CultureInfo.InvariantCulture) : 600);
        var login = new LoginCase(
            Interlocked.Increment(ref _numbers), RandomNumberGenerator.GetHexString(32, lowercase: true), unit, msisdn, script, scope, clock.Now + life);
        if (!_open.TryAdd(msisdn, login) && _open.TryGetValue(msisdn, out var under) && under.StandingAt(clock.Now) == LoginState.Pending)
            return Problems.OAuth(429, "too_many_requests", "A login is under way for this user.") with { RetryAfterSeconds = clock.RealSeconds(under.EndsAt - clock.Now) };
        _open[msisdn] = login;
        _cases[login.AuthReqId] = login;
        Note("loginRequested", login);
        Plan(login);
        return Http.Answer.Of(
            200, new LoginRequestedBody(login.AuthReqId, (int)life.TotalSeconds, (int)login.Interval.TotalSeconds), SimulatorJson.Default.LoginRequestedBody);
    }

    /// <summary>What the person does, and the expiry if it is nothing.</summary>
    private void Plan(LoginCase login)
    {
        if (login.Script.EarlyPing) webhooks.Ping(login.Unit.Msn, login.AuthReqId, login.Number);
        var acts = login.Script.Answer is LoginAnswer.Accept or LoginAnswer.Deny && login.Script.After < login.EndsAt - clock.Now;
        if (acts && login.Script.After == TimeSpan.Zero) Settle(login, login.Script.Answer == LoginAnswer.Accept ? LoginState.Granted : LoginState.Denied);
        else if (acts) alarms.Set(clock.Now + login.Script.After, Act, (this, login));
        alarms.Set(login.EndsAt, Expire, (this, login));
    }

    private static void Act(object state)
    {
        var (api, login) = ((LoginApi, LoginCase))state;
        api.Settle(login, login.Script.Answer == LoginAnswer.Accept ? LoginState.Granted : LoginState.Denied);
    }

    private static void Expire(object state)
    {
        var (api, login) = ((LoginApi, LoginCase))state;
        api.Settle(login, LoginState.Expired);
    }

    private void Settle(LoginCase login, LoginState to)
    {
        lock (login)
        {
            if (login.State != LoginState.Pending) return;
            login.State = to;
        }

        _open.TryRemove(new KeyValuePair<string, LoginCase>(login.Msisdn, login));
        Note(to switch { LoginState.Granted => "loginAccepted", LoginState.Denied => "loginDenied", _ => "loginExpired" }, login);
        if (!login.Script.EarlyPing) webhooks.Ping(login.Unit.Msn, login.AuthReqId, login.Number);
    }

    private Answer Exchange(Dictionary<string, string> form, SalesUnit unit)
    {
        if (form.GetValueOrDefault("grant_type") != CibaGrant) return Fault(400, "unsupported_grant_type", "grant_type must be CIBA's.");
        if (!form.TryGetValue("auth_req_id", out var id) || !_cases.TryGetValue(id, out var login) || login.Unit.ClientId != unit.ClientId)
            return Fault(400, "invalid_grant", "auth_req_id is not known.");
        lock (login)
        {
            switch (login.StandingAt(clock.Now))
            {
                case LoginState.Pending when clock.Now - login.AskedAt < login.Interval:
                    login.Interval += SlowDownStep;
                    login.AskedAt = clock.Now;
                    return Fault(400, "slow_down", "Asked too often.");
                case LoginState.Pending:
                    login.AskedAt = clock.Now;
                    return Fault(400, "authorization_pending", "The user has not answered.");
                case LoginState.Denied:
                    return Fault(400, "access_denied", "The user said no.");
                case LoginState.Expired:
                    return Fault(400, "expired_token", "The login has expired.");
                case LoginState.Spent:
                    return Fault(400, "invalid_grant", "auth_req_id has been used.");
            }

            login.State = LoginState.Spent;
            login.TokenEndsAt = clock.Now + TokenLife;
        }

        var token = TokenPrefix + RandomNumberGenerator.GetHexString(64, lowercase: true);
        _tokens[token] = login;
        return Http.Answer.Of(200, new LoginTokenBody(token, "Bearer", (int)TokenLife.TotalSeconds, IdTokenOf(login)), SimulatorJson.Default.LoginTokenBody);
    }

    private Answer UserInfo(ApiRequest request)
    {
        var authorization = request.Header("Authorization") ?? "";
        if (!authorization.StartsWith("Bearer ", StringComparison.Ordinal) || !_tokens.TryGetValue(authorization["Bearer ".Length..], out var login)
            || clock.Now > login.TokenEndsAt)
        {
            return Problems.OAuth(401, "invalid_token", "The token is not valid.");
        }

        Note("userInfo", login);
        var first = FirstNames[Mix.Of(1, login.Msisdn) % (ulong)FirstNames.Length];
        var named = login.Scope.Contains("name");
        var consents = login.Scope.Contains("delegatedConsents")
            ? new DelegatedConsentsBody(
                "NO", "Kundeklubb", clock.Now.ToString("O", CultureInfo.InvariantCulture),
                [Consent("email", login.Script.Email), Consent("sms", login.Script.Sms), Consent("digital", false), Consent("personal", false)])
            : null;
        var isShared = login.Scope.Contains("phoneNumber") && !login.Script.WithoutPhone;
        var body = new UserInfoBody(
            SubOf(login), isShared ? login.Script.Phone ?? login.Msisdn : null, named ? first + " Nordmann" : null, named ? first : null, named ? "Nordmann" : null,
            login.Scope.Contains("email") ? first.ToLowerInvariant() + "@example.test" : null, login.Scope.Contains("email") ? true : null, consents);
        return Http.Answer.Of(200, body, SimulatorJson.Default.UserInfoBody);
    }

    private static ConsentBody Consent(string id, bool accepted) => new(id, accepted, false, $"May we use {id}?");

    private string IdTokenOf(LoginCase login)
    {
        var named = login.Script.ForeignIdToken ? "another-login" : login.AuthReqId;
        var now = clock.WallNow.ToUnixTimeSeconds();
        var claims = new IdTokenBody("https://vipps.example/", login.Unit.ClientId, SubOf(login), now, now + 3_600, named);
        return $"{Part("""{"alg":"ES256","typ":"JWT"}"""u8)}.{Part(JsonSerializer.SerializeToUtf8Bytes(claims, SimulatorJson.Default.IdTokenBody))}.{Part(RandomNumberGenerator.GetBytes(64))}";
    }

    private static string Part(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    /// <summary>One person has one for each sales unit.</summary>
    private static string SubOf(LoginCase login) =>
        login.Script.Sub ?? new Guid(SHA256.HashData(Encoding.ASCII.GetBytes($"{login.Unit.Msn}/{login.Msisdn}")).AsSpan(0, 16)).ToString();

    private void Note(string kind, LoginCase login) => ledger.Append(new LedgerLine(kind)
    {
        Msn = login.Unit.Msn, Customer = Customer.HandleOf(login.Msisdn), Login = login.Number,
    });

    private static string? Invalid(Dictionary<string, string> form)
    {
        if (form.Keys.FirstOrDefault(name => !Known.Contains(name)) is { } unknown) return unknown;
        if (!form.ContainsKey("scope")) return "scope";
        if (MsisdnOf(form.GetValueOrDefault("login_hint")) is null) return "login_hint";
        if (form.TryGetValue("binding_message", out var binding) && !Binding().IsMatch(binding)) return "binding_message";
        return form.TryGetValue("requested_expiry", out var text)
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 60 and <= 900)
                ? "requested_expiry"
                : null;
    }

    private static string? MsisdnOf(string? hint) => hint switch
    {
        not null when Msisdn().Match(hint) is { Success: true } match => match.Groups[1].Value,
        not null when Legacy().Match(hint) is { Success: true } match => "47" + match.Groups[1].Value,
        _ => null,
    };

    private SalesUnit? UnitOf(ApiRequest request)
    {
        var authorization = request.Header("Authorization") ?? "";
        if (!authorization.StartsWith("Basic ", StringComparison.Ordinal)) return null;
        var bytes = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization["Basic ".Length..], bytes, out var length)) return null;
        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':');
        if (parts.Length != 2) return null;
        var (id, secret) = (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1]));
        var owned = units.Where(unit => unit.ClientId == id && unit.ClientSecret == secret).ToList();
        return owned.Find(unit => unit.Msn == request.Header("Merchant-Serial-Number")) ?? (owned.Count > 0 ? owned[0] : null);
    }

    private static Dictionary<string, string>? FormOf(ApiRequest request)
    {
        var type = request.Header("Content-Type") ?? "";
        if (!type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)) return null;
        var form = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in Encoding.UTF8.GetString(request.Body).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            if (parts.Length != 2 || !form.TryAdd(Decoded(parts[0]), Decoded(parts[1]))) return null;
        }

        return form;
    }

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static Answer Fault(int status, string error, string description) => Http.Answer.Of(
        status, new LoginFaultBody(error, description, error is "old_app" or "invalid_user" ? error : null), SimulatorJson.Default.LoginFaultBody);

    [GeneratedRegex("^urn:msisdn:([0-9]{9,15})$")]
    private static partial Regex Msisdn();

    [GeneratedRegex("^urn:mobilenumber:([0-9]{8})$")]
    private static partial Regex Legacy();

    [GeneratedRegex(@"^[A-Z0-9\-]{5,8}$")]
    private static partial Regex Binding();
}

internal enum LoginState
{
    Pending = 1,
    Granted,
    Denied,
    Expired,
    Spent,
}

/// <summary>One login. What may change of it changes under its own lock.</summary>
internal sealed class LoginCase(
    long number, string authReqId, SalesUnit unit, string msisdn, LoginScript script, string[] scope, DateTimeOffset endsAt)
{
    public long Number => number;

    public string AuthReqId => authReqId;

    public SalesUnit Unit => unit;

    public string Msisdn => msisdn;

    public LoginScript Script => script;

    public string[] Scope => scope;

    public DateTimeOffset EndsAt => endsAt;

    public LoginState State { get; set; } = LoginState.Pending;

    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    public DateTimeOffset AskedAt { get; set; } = DateTimeOffset.MinValue;

    public DateTimeOffset TokenEndsAt { get; set; }

    public LoginState StandingAt(DateTimeOffset now) => State == LoginState.Pending && now >= endsAt ? LoginState.Expired : State;
}
