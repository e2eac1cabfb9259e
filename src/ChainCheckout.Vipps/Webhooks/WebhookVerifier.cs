using ChainCheckout.Core.SalesUnits;

namespace ChainCheckout.Vipps.Webhooks;

/// <summary>Tries each secret that we hold: while an endpoint changes there are two.</summary>
internal sealed class WebhookVerifier : IWebhookVerifier
{
    public WebhookCheck Check(WebhookDelivery delivery, ImmutableArray<Hook> hooks, out WebhookHint? hint)
    {
        hint = null;
        var genuine = false;
        foreach (var hook in hooks)
        {
            var url = new Uri(hook.Url);
            var verdict = WebhookSignature.Verify(
                delivery.Body.Span, "POST", url.PathAndQuery, url.Authority, delivery.Date, delivery.ContentHash,
                delivery.Authorization, hook.Secret);
            genuine |= verdict == WebhookVerdict.Genuine;
        }

        if (!genuine) return WebhookCheck.Forged;
        if (LoginPing.TryRead(delivery.Body.Span) is { } login)
        {
            hint = new WebhookHint.OfLogin(login);
            return WebhookCheck.Genuine;
        }

        if (WebhookPayload.TryRead(delivery.Body.Span, out var read))
        {
            hint = new WebhookHint.OfPayment(read.Reference, read.Name.ToString().ToUpperInvariant());
            return WebhookCheck.Genuine;
        }

        if (SeedingRequest.TryRead(delivery.Body.Span) is not { } member) return WebhookCheck.GenuineButUnread;
        hint = new WebhookHint.OfMember(member);
        return WebhookCheck.Genuine;
    }
}
