using System.Text.Json;
using ChainCheckout.Vipps.Options;
using ChainCheckout.Vipps.Sending;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Vipps.Login;

/// <summary>Where the login endpoints are.</summary>
internal sealed record LoginEndpoints(Uri Token, Uri Request, Uri UserInfo);

/// <summary>
/// The discovery document of the process: kept as long as it says, fetched once however many calls want it. An old one
/// serves on while a new one is fetched, and for as long as none can be had.
/// </summary>
internal sealed partial class Discovery(
    VippsTransport transport, VippsCalls calls, VippsOptions options, TimeProvider clock, ILogger<Discovery> logger)
{
    private const double PauseGrowth = 2;
    private static readonly TimeSpan KeptOtherwise = TimeSpan.FromHours(1);
    private static readonly TimeSpan KeptMin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan KeptMax = TimeSpan.FromDays(1);
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    private readonly ILogger _logger = logger;
    private readonly Lock _gate = new();
    private readonly Uri? _address = options.Login.BaseAddress?.At(VippsOperation.Discover.Template);
    private LoginEndpoints? _known;
    private Task? _fetch;
    private long _fetchAt = long.MinValue;
    private TimeSpan _pause = PauseMin;

    public async ValueTask<VippsResult<LoginEndpoints>> FindAsync(CancellationToken cancellation)
    {
        if (_address is null) return NotSetUp();
        var (known, fetch) = Look(_address);
        if (known is null && fetch is not null)
        {
            await fetch.WaitAsync(cancellation);
            lock (_gate) known = _known;
        }

        return known is not null ? new VippsResult<LoginEndpoints>.Ok(known) : NotFound();
    }

    private (LoginEndpoints? Known, Task? Fetch) Look(Uri address)
    {
        lock (_gate)
        {
            // Not awaited where an old one serves: the fetch tells its own failures.
            var isDue = _fetch is null or { IsCompleted: true } && clock.GetTimestamp() >= _fetchAt;
            if (isDue) _fetch = FetchAsync(address);
            return (_known, _fetch);
        }
    }

    private async Task FetchAsync(Uri address)
    {
        // Nobody waits for this under the gate.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var started = clock.GetTimestamp();
        using var deadline = new Deadline(options.CallTimeout, clock, CancellationToken.None);
        using var request = RequestHeaders.ForDocument(address);
        using var answer = await transport.SendAsync(request, deadline);
        calls.Count(VippsOperation.Discover, answer, clock.GetElapsedTime(started));
        var read = answer.Status is >= 200 and < 300 ? Read(answer.Body.Span, address) : null;
        lock (_gate)
        {
            if (read is null) Fail(answer);
            else Keep(read, answer.MaxAge);
        }
    }

    private void Keep(LoginEndpoints read, TimeSpan? maxAge)
    {
        var life = maxAge ?? KeptOtherwise;
        life = life < KeptMin ? KeptMin : life > KeptMax ? KeptMax : life;
        _known = read;
        _pause = PauseMin;
        _fetchAt = Later(life);
        LogFetched(life);
    }

    private void Fail(Answer answer)
    {
        _fetchAt = Later(_pause);
        var reason = answer.Kind != AnswerKind.Answered ? answer.Reason
            : answer.Status < 300 ? "no document with endpoints that may be called"
            : "";
        LogNotFetched(answer.Status, reason, _known is not null);
        _pause = _pause * PauseGrowth < PauseMax ? _pause * PauseGrowth : PauseMax;
    }

    private static LoginEndpoints? Read(ReadOnlySpan<byte> body, Uri from) =>
        JsonFields.ParseOrNull(body) is { } root
        && Endpoint(root, "token_endpoint", from) is { } token
        && Endpoint(root, "backchannel_authentication_endpoint", from) is { } request
        && Endpoint(root, "userinfo_endpoint", from) is { } info
            ? new LoginEndpoints(token, request, info)
            : null;

    /// <summary>
    /// Keys and tokens go to these addresses: plain http is for loopback and the document's own host alone, and only
    /// where the document came that way itself.
    /// </summary>
    private static Uri? Endpoint(JsonElement root, string name, Uri from) =>
        Uri.TryCreate(JsonFields.Text(root, name), UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps
            || (uri.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp
                && (uri.IsLoopback || uri.Authority == from.Authority)))
            ? uri
            : null;

    private VippsResult<LoginEndpoints> NotFound()
    {
        lock (_gate)
        {
            var wait = clock.GetElapsedTime(clock.GetTimestamp(), _fetchAt);
            return new VippsResult<LoginEndpoints>.Later(
                new VippsFault(0, Title: "no discovery document"), wait > TimeSpan.Zero ? wait : PauseMin);
        }
    }

    private static VippsResult<LoginEndpoints> NotSetUp() => new VippsResult<LoginEndpoints>.Refused(
        new VippsFault(0, Title: "login is not set up", Field: "Vipps:Login:BaseAddress"));

    private long Later(TimeSpan span) =>
        clock.GetTimestamp() + (long)(span.TotalSeconds * clock.TimestampFrequency);
}
