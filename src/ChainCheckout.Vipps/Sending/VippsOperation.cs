namespace ChainCheckout.Vipps.Sending;

/// <summary>The APIs of Vipps that are called here.</summary>
public enum VippsApi
{
    AccessToken = 1,
    EPayment,
    Qr,
    Webhooks,
    CheckIn,
    Login,
    Loyalty,
}

/// <summary>
/// One endpoint: what it is called in counters and logs. The template holds no value, so it may label a metric.
/// </summary>
internal sealed record VippsOperation(int Index, VippsApi Api, string Name, HttpMethod Method, string Template)
{
    public static readonly VippsOperation Token =
        new(0, VippsApi.AccessToken, "accesstoken.get", HttpMethod.Post, "/accesstoken/get");
    public static readonly VippsOperation Create =
        new(1, VippsApi.EPayment, "epayment.create", HttpMethod.Post, "/epayment/v1/payments");
    public static readonly VippsOperation Read = Payment(2, "epayment.read", HttpMethod.Get, "");
    public static readonly VippsOperation Capture = Payment(3, "epayment.capture", HttpMethod.Post, "/capture");
    public static readonly VippsOperation Cancel = Payment(4, "epayment.cancel", HttpMethod.Post, "/cancel");
    public static readonly VippsOperation Refund = Payment(5, "epayment.refund", HttpMethod.Post, "/refund");
    public static readonly VippsOperation Events = Payment(6, "epayment.events", HttpMethod.Get, "/events");
    public static readonly VippsOperation Exchange =
        new(7, VippsApi.Qr, "qr.exchange", HttpMethod.Post, "/qr/v1/exchange");
    public static readonly VippsOperation List = Webhook(8, "webhooks.list", HttpMethod.Get, "");
    public static readonly VippsOperation Register = Webhook(9, "webhooks.register", HttpMethod.Post, "");
    public static readonly VippsOperation Delete = Webhook(10, "webhooks.delete", HttpMethod.Delete, "/{id}");

    public static readonly VippsOperation CheckIn =
        new(11, VippsApi.CheckIn, "checkin.send", HttpMethod.Post, "/point-of-sale/v1/loyalty-check-in");
    public static readonly VippsOperation Discover = new(
        12, VippsApi.Login, "login.discover", HttpMethod.Get,
        "/access-management-1.0/access/.well-known/openid-configuration");
    public static readonly VippsOperation UserExists =
        new(13, VippsApi.Login, "login.user-exists", HttpMethod.Post, "/vipps-login-ciba/api/v1/user-exists");

    // The paths of these three come from the discovery document.
    public static readonly VippsOperation RequestLogin =
        new(14, VippsApi.Login, "login.request", HttpMethod.Post, "{backchannel_authentication_endpoint}");
    public static readonly VippsOperation ExchangeLogin =
        new(15, VippsApi.Login, "login.exchange", HttpMethod.Post, "{token_endpoint}");
    public static readonly VippsOperation UserInfo =
        new(16, VippsApi.Login, "login.userinfo", HttpMethod.Get, "{userinfo_endpoint}");

    public static readonly VippsOperation Publish =
        new(17, VippsApi.Loyalty, "loyalty.publish", HttpMethod.Post, "/loyalty/v1/events");

    public static readonly ImmutableArray<VippsOperation> All =
    [
        Token, Create, Read, Capture, Cancel, Refund, Events, Exchange, List, Register, Delete,
        CheckIn, Discover, UserExists, RequestLogin, ExchangeLogin, UserInfo, Publish,
    ];

    private static VippsOperation Payment(int index, string name, HttpMethod method, string tail) =>
        new(index, VippsApi.EPayment, name, method, "/epayment/v1/payments/{reference}" + tail);

    private static VippsOperation Webhook(int index, string name, HttpMethod method, string tail) =>
        new(index, VippsApi.Webhooks, name, method, "/webhooks/v1/webhooks" + tail);
}
