using ChainCheckout.Vipps.Options;

namespace ChainCheckout.Vipps.Sending;

/// <summary>The headers of every call: who calls, from which system, with which key.</summary>
internal sealed class RequestHeaders(VippsOptions options)
{
    private const int KeyLengthMax = 50;

    private readonly SystemOptions _system = options.System;

    /// <param name="bearer">The access token as a header, for a call without an authorization of its own.</param>
    public HttpRequestMessage For(VippsCall call, SalesUnit unit, string bearer)
    {
        var request = new HttpRequestMessage(call.Operation.Method, call.Address);
        var headers = request.Headers;
        headers.TryAddWithoutValidation("Authorization", call.Own?.Header ?? bearer);
        if (call.Own is null) headers.TryAddWithoutValidation("Ocp-Apim-Subscription-Key", unit.SubscriptionKey);
        if (call.Own is not { NamesCaller: false }) AddCaller(request, unit.Msn.Text);
        headers.TryAddWithoutValidation("Accept", "application/json");
        if (call.Key is { } key) headers.TryAddWithoutValidation("Idempotency-Key", Checked(key));
        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation(
                "Content-Type", call.IsForm ? "application/x-www-form-urlencoded" : "application/json");
        }

        return request;
    }

    /// <summary>The token endpoint takes its credentials as headers and no body.</summary>
    public HttpRequestMessage ForToken(SalesUnitOptions unit, Uri address)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Headers.TryAddWithoutValidation("client_id", unit.ClientId);
        request.Headers.TryAddWithoutValidation("client_secret", unit.ClientSecret);
        request.Headers.TryAddWithoutValidation("Ocp-Apim-Subscription-Key", unit.SubscriptionKey);
        AddCaller(request, unit.MerchantSerialNumber);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        return request;
    }

    /// <summary>A document that everybody may read: nothing says who reads it.</summary>
    public static HttpRequestMessage ForDocument(Uri address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        return request;
    }

    private void AddCaller(HttpRequestMessage request, string msn)
    {
        var headers = request.Headers;
        headers.TryAddWithoutValidation("Merchant-Serial-Number", msn);
        headers.TryAddWithoutValidation("Vipps-System-Name", _system.Name);
        headers.TryAddWithoutValidation("Vipps-System-Version", _system.Version);
        headers.TryAddWithoutValidation("Vipps-System-Plugin-Name", _system.PluginName);
        headers.TryAddWithoutValidation("Vipps-System-Plugin-Version", _system.PluginVersion);
    }

    private static string Checked(string key) => key.Length is >= 1 and <= KeyLengthMax
        ? key
        : throw new ArgumentException(
            $"An idempotency key has 1 to {KeyLengthMax} characters; this one has {key.Length}.", nameof(key));
}

internal static class Addresses
{
    /// <summary>The endpoint below a base address, which may have a path of its own.</summary>
    public static Uri At(this Uri baseAddress, string path) => new(baseAddress.AbsoluteUri.TrimEnd('/') + path);
}
