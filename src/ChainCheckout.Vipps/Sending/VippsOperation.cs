namespace ChainCheckout.Vipps.Sending;

/// <summary>The APIs of Vipps that are called here.</summary>
public enum VippsApi
{
    AccessToken = 1,
    EPayment,
    Qr,
    Webhooks,
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

    public static readonly ImmutableArray<VippsOperation> All =
        [Token, Create, Read, Capture, Cancel, Refund, Events, Exchange, List, Register, Delete];

    private static VippsOperation Payment(int index, string name, HttpMethod method, string tail) =>
        new(index, VippsApi.EPayment, name, method, "/epayment/v1/payments/{reference}" + tail);

    private static VippsOperation Webhook(int index, string name, HttpMethod method, string tail) =>
        new(index, VippsApi.Webhooks, name, method, "/webhooks/v1/webhooks" + tail);
}
