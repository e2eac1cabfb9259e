using System.Text.Json;
using ChainCheckout.Vipps.Options;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Vipps.Login;

/// <summary>Where the login endpoints are.</summary>
internal sealed record LoginEndpoints(Uri Token, Uri Request, Uri UserInfo);

/// <summary>
/// The discovery document, kept for an hour. One fetch at a time; an old one serves on while a new one cannot be had.
/// </summary>
internal sealed class Discovery(VippsSender sender, VippsOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>As the vendor's <c>Cache-Control</c> says.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Uri? _address = options.Login.BaseAddress?.At(VippsOperation.Discover.Template);
    private volatile LoginEndpoints? _known;
    private long _readAt;

    public async ValueTask<VippsResult<LoginEndpoints>> FindAsync(Msn msn, CancellationToken cancellation)
    {
        if (_address is null) return NotSetUp();
        if (_known is { } fresh && clock.GetElapsedTime(Volatile.Read(ref _readAt)) < KeptFor)
            return new VippsResult<LoginEndpoints>.Ok(fresh);

        await _turn.WaitAsync(cancellation);
        try
        {
            if (_known is { } found && clock.GetElapsedTime(Volatile.Read(ref _readAt)) < KeptFor)
                return new VippsResult<LoginEndpoints>.Ok(found);

            var call = new VippsCall(VippsOperation.Discover, msn, _address, options.CallTimeout, Authorization: "");
            var read = await sender.SendAsync(call, Read, null, cancellation);
            if (read is VippsResult<LoginEndpoints>.Ok { Value: var endpoints })
            {
                _known = endpoints;
                Volatile.Write(ref _readAt, clock.GetTimestamp());
                return read;
            }

            return _known is { } old ? new VippsResult<LoginEndpoints>.Ok(old) : read;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static VippsResult<LoginEndpoints> Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        return Endpoint(root, "token_endpoint") is { } token
            && Endpoint(root, "backchannel_authentication_endpoint") is { } request
            && Endpoint(root, "userinfo_endpoint") is { } info
            ? new VippsResult<LoginEndpoints>.Ok(new LoginEndpoints(token, request, info))
            : new VippsResult<LoginEndpoints>.Unknown("discovery without endpoints");
    }

    /// <summary>Keys go to these addresses: plain http is for loopback alone.</summary>
    private static Uri? Endpoint(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String && Uri.TryCreate(value.GetString(), UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            ? uri
            : null;

    private static VippsResult<LoginEndpoints> NotSetUp() =>
        new VippsResult<LoginEndpoints>.Refused(new VippsFault(0, Title: "login is not set up", Field: "Vipps:Login:BaseAddress"));
}
