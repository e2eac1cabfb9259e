using ChainCheckout.Simulator.Access;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Time;

namespace ChainCheckout.Simulator.Login;

/// <summary>The merchant-initiated login: discovery, does the user exist, request, token, userinfo.</summary>
/// <param name="origin">Where the simulator listens, for a caller that does not say how it came here.</param>
internal sealed class LoginApi(
    LoginBook book,
    LoginGate gate,
    LoginRules rules,
    LoginTokens tokens,
    CustomerBook customers,
    SimulatedClock clock,
    string origin)
{
    private const string Access = "/access-management-1.0/access/";
    private const string CibaGrant = "urn:openid:params:grant-type:ciba";
    private const int DiscoveryAgeSeconds = 3_600;

    private static readonly TimeSpan IdTokenLife = TimeSpan.FromHours(1);
    private static readonly TimeSpan HeldMax = TimeSpan.FromSeconds(5);

    public Answer CarryOut(ApiRequest request)
    {
        if (request.Kind == CallKind.Discovery) return Discover(request);
        if (request.Header("Ocp-Apim-Subscription-Key") is not null)
            return Problems.Gateway(401, "Unauthorized", request);
        if (request.Kind == CallKind.UserInfo) return UserInfo(request);
        if (gate.UnitOf(request, out var refused) is not { } unit) return refused!;
        if (FormBody.Read(request) is not { } form)
            return Refuse(new LoginRefusal("invalid_request", "The body must be a form that names nothing twice."));
        return request.Kind switch
        {
            CallKind.UserExists => Exists(form),
            CallKind.Login => Start(request, form, unit),
            _ => Exchange(request, form, unit),
        };
    }

    private Answer Discover(ApiRequest request)
    {
        var host = OriginOf(request);
        var body = new DiscoveryBody(
            IssuerOf(request),
            $"{host}{Access}oauth2/token",
            $"{host}/vipps-login-ciba/api/backchannel/authentication",
            $"{host}/vipps-userinfo-api/userinfo",
            $"{host}{Access}.well-known/jwks.json",
            ["poll"]);
        return Answer.Of(200, body, LoginJson.Default.DiscoveryBody) with { MaxAgeSeconds = DiscoveryAgeSeconds };
    }

    private Answer Exists(FormBody form)
    {
        if (form.Unknown(["login_hint"]) is not null || LoginRules.FullMsisdnOf(form.Text("login_hint")) is not { } msisdn)
            return Refuse(new LoginRefusal("invalid_request", "Exactly login_hint is wanted, in a valid form."));
        return Answer.Of(200, new ExistsBody(customers.HasAccount(msisdn)), LoginJson.Default.ExistsBody);
    }

    private Answer Start(ApiRequest request, FormBody form, SalesUnit unit)
    {
        if (rules.Judge(form, unit, clock.Now, out var refusal) is not { } order) return Refuse(refusal!);
        if (book.Start(order) is not { } slot)
            return Problems.TooMany(request, clock.RealSeconds(LoginSession.FirstInterval));
        var body = new StartedLoginBody(
            slot.AuthReqId,
            (int)(order.ExpiresAt - order.RequestedAt).TotalSeconds,
            (int)LoginSession.FirstInterval.TotalSeconds);
        return Answer.Of(200, body, LoginJson.Default.StartedLoginBody) with { HeldUntil = HeldUntil(slot) };
    }

    /// <summary>
    /// A ping that overtakes this answer is made by holding the answer, as the net would: never a ping without cause.
    /// </summary>
    private Task? HeldUntil(LoginSlot slot) => book.Pings == LoginPings.Early && LoginMachine.Answers(slot.Session)
        ? Task.WhenAny(slot.Pinged.Task, Task.Delay(HeldMax, clock.Wall))
        : null;

    private Answer Exchange(ApiRequest request, FormBody form, SalesUnit unit)
    {
        if (form.Unknown(["grant_type", "auth_req_id"]) is { } unknown)
            return Refuse(new LoginRefusal("invalid_request", $"The parameter {unknown} is not known."));
        if (form.Text("grant_type") != CibaGrant)
            return Refuse(new LoginRefusal("unsupported_grant_type", "Only the grant of CIBA is known here."));
        if (form.Text("auth_req_id") is not { Length: > 0 } authReqId)
            return Refuse(new LoginRefusal("invalid_request", "The parameter auth_req_id is required."));
        var (session, error) = book.Poll(authReqId, unit.ClientId);
        if (error is not null || session is null)
            return Problems.OAuth(400, error ?? "invalid_grant", "No tokens for this login.");
        return Answer.Of(200, Tokens(request, authReqId, session), LoginJson.Default.LoginTokenBody);
    }

    /// <summary>The caller holds <c>iat</c> and <c>exp</c> against its own clock, so they are real.</summary>
    private LoginTokenBody Tokens(ApiRequest request, string authReqId, LoginSession session)
    {
        var now = clock.WallNow.ToUnixTimeSeconds();
        var claims = new IdTokenBody(
            IssuerOf(request),
            session.Order.ClientId,
            session.Order.Sub,
            now + clock.RealSeconds(IdTokenLife),
            now,
            session.Order.Person.ForeignIdToken ? "another-login" : authReqId);
        return new LoginTokenBody(
            tokens.Issue(session), "Bearer", LoginTokens.LifeSeconds, LoginBodies.IdToken(claims));
    }

    private Answer UserInfo(ApiRequest request)
    {
        if (Strays.FirstOrDefault(name => request.Header(name) is not null) is { } stray)
            return Problems.OAuth(401, "invalid_request", $"{stray} has no place here.");
        var authorization = request.Header("Authorization") ?? "";
        var isBearer = authorization.StartsWith("Bearer ", StringComparison.Ordinal);
        if (!isBearer || tokens.SessionOf(authorization["Bearer ".Length..]) is not { } session)
            return Problems.OAuth(401, "invalid_token", "The access token is missing, unknown or expired.");
        book.NoteUserInfo(session);
        return Answer.Of(200, LoginBodies.UserInfo(session), LoginJson.Default.UserInfoBody);
    }

    /// <summary>Userinfo takes the customer's token alone.</summary>
    private static readonly string[] Strays =
    [
        "Merchant-Serial-Number",
        "Vipps-System-Name", "Vipps-System-Version", "Vipps-System-Plugin-Name", "Vipps-System-Plugin-Version",
    ];

    private static Answer Refuse(LoginRefusal refusal)
    {
        var body = new LoginErrorBody(refusal.Error, refusal.Error, refusal.Description);
        return Answer.Of(400, body, LoginJson.Default.LoginErrorBody);
    }

    private string IssuerOf(ApiRequest request) => OriginOf(request) + Access;

    /// <summary>The address by which the caller came is one that it can reach, also from another container.</summary>
    private string OriginOf(ApiRequest request) =>
        request.Header("Host") is { Length: > 0 } host ? $"http://{host}" : origin;
}
