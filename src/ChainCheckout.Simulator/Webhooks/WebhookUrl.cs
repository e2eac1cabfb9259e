using ChainCheckout.Simulator.Http;

namespace ChainCheckout.Simulator.Webhooks;

/// <summary>
/// Which addresses may be registered: https on the ports that the vendor calls, or nearer ones by a switch.
/// </summary>
internal static class WebhookUrl
{
    private static readonly int[] Ports = [80, 443, 8080];

    /// <param name="allowHttp">Loopback and one-word hosts (a container's name) may use http and any port.</param>
    public static Uri? Judge(string text, bool allowHttp, out Refusal? refusal)
    {
        refusal = null;
        var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var url);
        if (!isUrl || url!.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
        {
            refusal = Refusal.OfField("url", "Must be an absolute https URL.");
            return null;
        }

        var near = url.IsLoopback || !url.Host.Contains('.', StringComparison.Ordinal);
        if (near && allowHttp) return url;
        if (near) refusal = Refusal.OfField("url", "Must be reachable from the internet.");
        else if (url.Scheme != Uri.UriSchemeHttps) refusal = Refusal.OfField("url", "Must use https.");
        else if (!Ports.Contains(url.Port)) refusal = Refusal.OfField("url", "The port must be 80, 443 or 8080.");
        return refusal is null ? url : null;
    }
}
