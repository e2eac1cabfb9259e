namespace ChainCheckout.Simulator.Http;

/// <summary>The calls of Vipps that the simulator knows. Faults and counters are kept by these.</summary>
public enum CallKind
{
    Unknown = 0,
    Token = 1,
    Exchange = 2,
    Create = 3,
    Get = 4,
    Events = 5,
    Capture = 6,
    Cancel = 7,
    Refund = 8,
    Approve = 9,
    RegisterWebhook = 10,
    ListWebhooks = 11,
    DeleteWebhook = 12,
    CheckIn = 13,
    Discovery = 14,
    UserExists = 15,
    Login = 16,
    LoginToken = 17,
    UserInfo = 18,
    Loyalty = 19,
    Control = 20,
}

/// <summary>
/// Where a request goes: the call, and the payment reference or the id that its path names. A new API of
/// Vipps is a new line in <see cref="Match"/> and a new arm where the calls are carried out.
/// </summary>
internal readonly record struct Route(CallKind Kind, string? Argument = null)
{
    private const string Payments = "/epayment/v1/payments";
    private const string TestPayments = "/epayment/v1/test/payments/";
    private const string Webhooks = "/webhooks/v1/webhooks";
    private const string Access = "/access-management-1.0/access";

    public bool IsMutation => Kind is CallKind.Create or CallKind.Capture or CallKind.Cancel or CallKind.Refund;

    public bool IsWebhooks => Kind is >= CallKind.RegisterWebhook and <= CallKind.DeleteWebhook;

    public bool IsLogin => Kind is >= CallKind.Discovery and <= CallKind.UserInfo;

    public static Route Match(string method, string path) => (method, path) switch
    {
        ("POST", "/accesstoken/get") => new Route(CallKind.Token),
        ("POST", "/qr/v1/exchange") => new Route(CallKind.Exchange),
        ("POST", Payments) => new Route(CallKind.Create),
        ("POST", Webhooks) => new Route(CallKind.RegisterWebhook),
        ("GET", Webhooks) => new Route(CallKind.ListWebhooks),
        ("POST", "/point-of-sale/v1/loyalty-check-in") => new Route(CallKind.CheckIn),
        ("GET", Access + "/.well-known/openid-configuration") => new Route(CallKind.Discovery),
        ("POST", "/vipps-login-ciba/api/v1/user-exists") => new Route(CallKind.UserExists),
        ("POST", "/vipps-login-ciba/api/backchannel/authentication") => new Route(CallKind.Login),
        ("POST", Access + "/oauth2/token") => new Route(CallKind.LoginToken),
        ("GET", "/vipps-userinfo-api/userinfo") => new Route(CallKind.UserInfo),
        ("POST", "/loyalty/v1/events") => new Route(CallKind.Loyalty),
        _ when path.StartsWith(Payments + "/", StringComparison.Ordinal) =>
            Payment(method, path[(Payments.Length + 1)..]),
        _ when path.StartsWith(TestPayments, StringComparison.Ordinal) =>
            TestPayment(method, path[TestPayments.Length..]),
        ("DELETE", _) when path.StartsWith(Webhooks + "/", StringComparison.Ordinal) =>
            new Route(CallKind.DeleteWebhook, path[(Webhooks.Length + 1)..]),
        _ when path.StartsWith("/simulator/", StringComparison.Ordinal) => new Route(CallKind.Control),
        _ => default,
    };

    private static Route Payment(string method, string rest)
    {
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var reference = slash < 0 ? rest : rest[..slash];
        var operation = slash < 0 ? "" : rest[(slash + 1)..];
        return (method, operation) switch
        {
            ("GET", "") => new Route(CallKind.Get, reference),
            ("GET", "events") => new Route(CallKind.Events, reference),
            ("POST", "capture") => new Route(CallKind.Capture, reference),
            ("POST", "cancel") => new Route(CallKind.Cancel, reference),
            ("POST", "refund") => new Route(CallKind.Refund, reference),
            _ => default,
        };
    }

    private static Route TestPayment(string method, string rest) =>
        method == "POST" && rest.EndsWith("/approve", StringComparison.Ordinal)
            ? new Route(CallKind.Approve, rest[..^"/approve".Length])
            : default;
}
