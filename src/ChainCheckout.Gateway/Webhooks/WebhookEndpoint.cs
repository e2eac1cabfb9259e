using System.Buffers;
using System.Security.Cryptography;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Values;
using ChainCheckout.Gateway.Admin;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Gateway.Webhooks;

/// <summary>What became of a webhook.</summary>
internal enum WebhookEnd
{
    Taken = 1,

    /// <summary>Genuine, of a kind that is not known here.</summary>
    Unread,

    /// <summary>Not signed by Vipps for a sales unit of this chain.</summary>
    Forged,

    /// <summary>Not handed over in time; Vipps sends it again.</summary>
    Late,

    /// <summary>Too large, or no webhook at all.</summary>
    Astray,
}

/// <summary>
/// Where Vipps sends its webhooks: <c>POST /vipps/webhooks/{msn}</c>. 401 without a word unless a secret of that sales unit
/// signed the raw body; 200 only after the payment or the login has the hint; 503 when it could not be handed over in time.
/// </summary>
public sealed partial class WebhookEndpoint(
    IActors actors, WebhookSecrets secrets, IWebhookVerifier verifier, GatewayOptions options, TimeProvider clock, IReadOnlySet<Msn> salesUnits,
    ChainSecret secret, ILogger<WebhookEndpoint> log) : IMetricsSource
{
    public const string Path = "/vipps/webhooks/";

    private readonly Tally<WebhookEnd> _ends = new();

    /// <summary>Genuine webhooks taken in.</summary>
    public long Received => _ends[WebhookEnd.Taken];

    public void Register(MetricsBoard board) =>
        board.Counter("chaincheckout_webhooks_total", "Webhooks that came in, by what became of them.", ["result"], _ends.Samples);

    public async Task HandleAsync(HttpContext context)
    {
        var status = await AnswerAsync(context.Request, context.RequestAborted);
        if (status == StatusCodes.Status401Unauthorized) _ends.Add(WebhookEnd.Forged);
        else if (status is not (StatusCodes.Status200OK or StatusCodes.Status503ServiceUnavailable)) _ends.Add(WebhookEnd.Astray);
        context.Response.StatusCode = status;

        // The rest of the body may be more than the server reads to its end: nothing can follow it on this connection.
        if (status == StatusCodes.Status413PayloadTooLarge) context.Response.Headers.Connection = "close";
    }

    private async Task<int> AnswerAsync(HttpRequest request, CancellationToken cancellation)
    {
        var path = request.Path.Value ?? "";
        if (!path.StartsWith(Path, StringComparison.Ordinal)) return StatusCodes.Status404NotFound;
        if (!HttpMethods.IsPost(request.Method)) return StatusCodes.Status405MethodNotAllowed;
        if (!Msn.TryParse(path[Path.Length..], out var msn) || !salesUnits.Contains(msn)) return StatusCodes.Status401Unauthorized;
        if (request.ContentLength > options.Webhooks.BodyBytesMax) return StatusCodes.Status413PayloadTooLarge;

        var buffer = ArrayPool<byte>.Shared.Rent(options.Webhooks.BodyBytesMax + 1);
        try
        {
            var length = await ReadAsync(request.Body, buffer.AsMemory(0, options.Webhooks.BodyBytesMax + 1), cancellation);
            if (length > options.Webhooks.BodyBytesMax) return StatusCodes.Status413PayloadTooLarge;
            var delivery = new WebhookDelivery(
                buffer.AsMemory(0, length), request.Headers["x-ms-date"], request.Headers["x-ms-content-sha256"], request.Headers.Authorization);
            return await TakeInAsync(msn, delivery, cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<int> TakeInAsync(Msn msn, WebhookDelivery delivery, CancellationToken cancellation)
    {
        try
        {
            return await CheckAsync(msn, delivery, cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogNotHandedOver(failure.ToStack(), msn.ToString(), failure.ToLine());
            _ends.Add(WebhookEnd.Late);
            return StatusCodes.Status503ServiceUnavailable;
        }
    }

    private async Task<int> CheckAsync(Msn msn, WebhookDelivery delivery, CancellationToken cancellation)
    {
        var check = verifier.Check(delivery, secrets.Known(msn), out var hint);
        if (check == WebhookCheck.Forged && await secrets.TryRefreshAsync(msn, options.Webhooks.HandOverTimeout, cancellation))
        {
            check = verifier.Check(delivery, secrets.Known(msn), out hint);
        }

        if (check == WebhookCheck.Forged)
        {
            LogForged(msn.ToString());
            return StatusCodes.Status401Unauthorized;
        }

        if (check == WebhookCheck.GenuineButUnread || hint is null)
        {
            LogUnread(msn.ToString());
            _ends.Add(WebhookEnd.Unread);
            return StatusCodes.Status200OK;
        }

        await HandOverAsync(msn, hint).WaitAsync(options.Webhooks.HandOverTimeout, clock, cancellation);
        _ends.Add(WebhookEnd.Taken);
        return StatusCodes.Status200OK;
    }

    private Task HandOverAsync(Msn msn, WebhookHint hint) => hint switch
    {
        WebhookHint.OfPayment payment => HandOverAsync(msn, payment),

        // It names nobody: the login's own actor knows whose it is, or waits for the one who does.
        WebhookHint.OfLogin login => actors.SendAsync(secret.Login(login.AuthReqId), new LoginMessage.Ping()).AsTask(),

        // Who is no member is nobody whom Vipps could be told of.
        WebhookHint.OfMember member => actors.SendAsync(
            secret.Pseudonym(member.Phone), new CustomerMessage.Seed(IsNew: true, RandomNumberGenerator.GetHexString(10, lowercase: true))).AsTask(),
        _ => throw new System.Diagnostics.UnreachableException($"No actor takes {hint.GetType().Name}."),
    };

    private async Task HandOverAsync(Msn msn, WebhookHint.OfPayment hint)
    {
        var known = PaymentReference.TryParse(hint.Reference, out var reference) &&
            await actors.SendAsync(reference, new PaymentMessage.Hint(hint.Event)) is not PaymentReply.UnheardOf;
        if (!known) await actors.SendAsync(msn, new SalesUnitMessage.Park(Printable(hint.Reference), hint.Event));
    }

    /// <summary>Another system's reference may be anything: only what a reference may hold is kept.</summary>
    private static string Printable(string reference) => string.Concat(reference.Take(64).Where(c => char.IsAsciiLetterOrDigit(c) || c == '-'));

    private static async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellation)
    {
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await body.ReadAsync(buffer[length..], cancellation);
            if (read == 0) break;
            length += read;
        }

        return length;
    }

    [LoggerMessage(1101, LogLevel.Warning, "A webhook for sales unit {Msn} was not signed by Vipps; answered 401")]
    private partial void LogForged(string msn);

    [LoggerMessage(1102, LogLevel.Warning, "A genuine webhook for sales unit {Msn} is of a kind that is not known here")]
    private partial void LogUnread(string msn);

    [LoggerMessage(1103, LogLevel.Warning, "A webhook for sales unit {Msn} could not be handed over in time ({Why}); answered 503")]
    private partial void LogNotHandedOver(Exception? failure, string msn, string why);
}
