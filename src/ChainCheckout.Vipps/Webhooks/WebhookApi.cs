using System.Text.Json;
using System.Text.Json.Serialization;
using ChainCheckout.Vipps.Options;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Vipps.Webhooks;

/// <summary>The Webhooks API over HTTP.</summary>
internal sealed class WebhookApi(VippsSender sender, VippsOptions options) : IWebhookApi
{
    private static readonly VippsResult<bool> Gone = new VippsResult<bool>.Ok(true);

    private readonly Uri _webhooks = options.Webhooks.BaseAddress!.At(VippsOperation.List.Template);

    public Task<VippsResult<ImmutableArray<WebhookRegistration>>> ListAsync(Msn msn, CancellationToken cancellation) =>
        sender.SendAsync(
            new VippsCall(VippsOperation.List, msn, _webhooks, options.CallTimeout), ReadList, null, cancellation);

    public Task<VippsResult<WebhookRegistered>> RegisterAsync(
        Msn msn, string url, ImmutableArray<string> events, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new RegisterBody(url, [.. events]), WebhookApiJson.Default.RegisterBody);
        var call = new VippsCall(VippsOperation.Register, msn, _webhooks, options.CallTimeout, body);
        return sender.SendAsync(call, ReadRegistered, null, cancellation);
    }

    public Task<VippsResult<bool>> DeleteAsync(Msn msn, string id, CancellationToken cancellation)
    {
        var address = _webhooks.At("/" + Uri.EscapeDataString(id));
        var call = new VippsCall(VippsOperation.Delete, msn, address, options.CallTimeout, Subject: id);
        return sender.SendAsync(call, static _ => Gone, Gone, cancellation);
    }

    private static VippsResult<ImmutableArray<WebhookRegistration>> ReadList(ReadOnlySpan<byte> body)
    {
        var answer = JsonSerializer.Deserialize(body, WebhookApiJson.Default.WebhookListDto);
        if (answer?.Webhooks is not { } webhooks)
            return new VippsResult<ImmutableArray<WebhookRegistration>>.Unknown("answer without webhooks");

        var list = ImmutableArray.CreateBuilder<WebhookRegistration>(webhooks.Length);
        foreach (var webhook in webhooks)
        {
            if (webhook is not { Id: { Length: > 0 } id, Url: { } url })
                return new VippsResult<ImmutableArray<WebhookRegistration>>.Unknown("a registration without id or url");
            list.Add(new WebhookRegistration(id, url, [.. webhook.Events ?? []]));
        }

        return new VippsResult<ImmutableArray<WebhookRegistration>>.Ok(list.MoveToImmutable());
    }

    private static VippsResult<WebhookRegistered> ReadRegistered(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize(body, WebhookApiJson.Default.WebhookRegisteredDto)
            is { Id: { Length: > 0 } id, Secret: { Length: > 0 } secret }
            ? new VippsResult<WebhookRegistered>.Ok(new WebhookRegistered(id, new Secret(secret)))
            : new VippsResult<WebhookRegistered>.Unknown("answer without id or secret");
}

internal sealed record RegisterBody(string Url, string[] Events);

internal sealed class WebhookListDto
{
    public WebhookDto[]? Webhooks { get; set; }
}

internal sealed class WebhookDto
{
    public string? Id { get; set; }

    public string? Url { get; set; }

    public string[]? Events { get; set; }
}

internal sealed class WebhookRegisteredDto
{
    public string? Id { get; set; }

    public string? Secret { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RegisterBody))]
[JsonSerializable(typeof(WebhookListDto))]
[JsonSerializable(typeof(WebhookRegisteredDto))]
internal sealed partial class WebhookApiJson : JsonSerializerContext;
