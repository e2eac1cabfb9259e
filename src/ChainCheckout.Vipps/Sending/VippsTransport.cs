using System.Buffers;
using System.Net.Http.Headers;
using ChainCheckout.Vipps.Options;

namespace ChainCheckout.Vipps.Sending;

/// <summary>
/// One request over the wire: every end of it is an <see cref="Answer"/>. Only the caller's own cancellation is an
/// exception.
/// </summary>
internal sealed class VippsTransport(HttpMessageHandler handler, TimeProvider clock) : IDisposable
{
    /// <summary>The largest genuine answer, a list of webhooks, is a tenth of it.</summary>
    public const int BodyBytesMax = 64 * 1024;

    private const int FirstBufferBytes = 4 * 1024;
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromDays(1);

    // An invoker, not a client: no second timeout, no buffering, no linked token of its own.
    private readonly HttpMessageInvoker _invoker = new(handler, disposeHandler: true);

    public static VippsTransport Create(VippsOptions options, TimeProvider clock) => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(Math.Min(3, options.CallTimeout.TotalSeconds)),
            MaxConnectionsPerServer = options.CallsInFlightMax,
            MaxResponseDrainSize = BodyBytesMax,
            MaxResponseHeadersLength = 32, // KiB
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // A changed DNS record is followed.
        },
        clock);

    public async Task<Answer> SendAsync(HttpRequestMessage request, Deadline deadline)
    {
        try
        {
            using var response = await _invoker.SendAsync(request, deadline.Token);
            var status = (int)response.StatusCode;
            if (status is >= 300 and < 400) return Answer.Lost($"redirect {status}");
            return await ReadAsync(response, status, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            deadline.Caller.ThrowIfCancellationRequested();
            if (deadline.Token.IsCancellationRequested) return Answer.Lost("timeout");
            return NotConnected(request, "connect timeout");
        }
        catch (HttpRequestException failure)
        {
            var reason = $"connection {failure.HttpRequestError}";
            return failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError
                ? NotConnected(request, reason)
                : Answer.Lost(reason);
        }
        catch (IOException failure)
        {
            return Answer.Lost(failure is HttpIOException http ? $"cut {http.HttpRequestError}" : "cut");
        }
    }

    public void Dispose() => _invoker.Dispose();

    /// <summary>
    /// No connection, so nothing left. But the handler repeats a request without a body by itself when a kept
    /// connection turns out to be dead, and the failed connect may be that repeat: what moves money without a body is
    /// never called unsent.
    /// </summary>
    private static Answer NotConnected(HttpRequestMessage request, string reason) =>
        request.Content is not null || request.Method == HttpMethod.Get
            ? Answer.NeverSent(reason)
            : Answer.Lost(reason);

    private async ValueTask<Answer> ReadAsync(HttpResponseMessage response, int status, CancellationToken cancellation)
    {
        var declared = response.Content.Headers.ContentLength;
        if (declared > BodyBytesMax) return Answer.Lost("answer too large");
        var buffer = ArrayPool<byte>.Shared.Rent((int)(declared ?? FirstBufferBytes) + 1);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
            var length = 0;
            while (await stream.ReadAsync(buffer.AsMemory(length), cancellation) is var read and > 0)
            {
                length += read;
                if (length > BodyBytesMax) return Answer.Lost("answer too large");
                if (length == buffer.Length) buffer = Grow(buffer);
            }

            var headers = response.Headers;
            var answer = Answer.Answered(
                status, buffer, length, RetryAfter(headers.RetryAfter), headers.CacheControl?.MaxAge);
            buffer = null;
            return answer;
        }
        finally
        {
            if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] full)
    {
        var larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date - clock.GetUtcNow());
        return wait is not { } known ? null
            : known < TimeSpan.Zero ? TimeSpan.Zero
            : known > RetryAfterMax ? RetryAfterMax
            : known;
    }
}
