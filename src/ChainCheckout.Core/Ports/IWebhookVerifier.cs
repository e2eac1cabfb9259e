using ChainCheckout.Core.SalesUnits;

namespace ChainCheckout.Core.Ports;

/// <summary>A webhook as it came in: raw body and the headers that sign it.</summary>
public sealed record WebhookDelivery(ReadOnlyMemory<byte> Body, string? Date, string? ContentHash, string? Authorization);

/// <summary>What a genuine webhook says. A hint: Vipps is asked before anything moves.</summary>
public abstract record WebhookHint
{
    private WebhookHint()
    {
    }

    /// <param name="Reference">As Vipps spells it; it need not be one of ours.</param>
    /// <param name="Event"><c>AUTHORIZED</c>, <c>CAPTURED</c>, …</param>
    public sealed record OfPayment(string Reference, string Event) : WebhookHint;

    /// <summary><c>login.merchant-initiated.ping.v1</c>: a login has been answered on the phone.</summary>
    public sealed record OfLogin(Secret AuthReqId) : WebhookHint;

    /// <summary><c>benefits.membership.seeding.v1</c>: Vipps has no data of this member.</summary>
    public sealed record OfMember(Msisdn Phone) : WebhookHint;
}

public enum WebhookCheck
{
    /// <summary>Signed with a secret of ours, and read.</summary>
    Genuine = 1,

    /// <summary>Not signed by any of them: answered 401, and nothing of it is looked at.</summary>
    Forged,

    /// <summary>Signed, but of no kind that is known here.</summary>
    GenuineButUnread,
}

/// <summary>Checks a webhook's signature over its raw bytes, in constant time, before any of it is parsed.</summary>
public interface IWebhookVerifier
{
    WebhookCheck Check(WebhookDelivery delivery, ImmutableArray<Hook> hooks, out WebhookHint? hint);
}
