using System.Buffers;
using ChainCheckout.Simulator.Control;
using ChainCheckout.Simulator.Faults;
using ChainCheckout.Simulator.Payments;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Simulator.Http;

/// <summary>From bytes to the world and back: reads the body, asks for a fault, answers.</summary>
internal sealed partial class Front(VippsWorld world, ControlApi control, ILogger<Front> logger, CancellationToken stop)
{
    private readonly FaultyFront _faulty = new(world);

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await AnswerAsync(context);
        }
        catch (OperationCanceledException)
            when (context.RequestAborted.IsCancellationRequested || stop.IsCancellationRequested)
        {
            context.Abort(); // Whoever asked is gone, or the simulator goes: there is nobody to answer.
        }
        catch (BadHttpRequestException wrong)
        {
            context.Response.StatusCode = wrong.StatusCode;
        }
        catch (IOException)
        {
            context.Abort(); // The caller broke off in the middle of its request.
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            LogBroken(failure, context.Request.Method);
            context.Response.StatusCode = 500;
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        var method = context.Request.Method;
        var route = Route.Match(method, path);
        var body = await ReadBodyAsync(context.Request, context.RequestAborted);
        if (body is null)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        var request = new ApiRequest(route, method, path, context.Request.Headers, body);
        if (route.Kind is CallKind.Unknown)
        {
            await AnswerWriter.WriteAsync(context, Problems.Gateway(404, "Resource not found", request));
            return;
        }

        if (route.Kind is CallKind.Control)
        {
            await AnswerWriter.WriteAsync(context, await control.AnswerAsync(request, context.Request.Query));
            return;
        }

        world.Calls.Count(route.Kind);
        var fault = world.Faults.Any ? world.Faults.Draw(CallCounts.NameOf(route.Kind), request.Reference()) : null;
        if (fault is null) await AnswerWriter.WriteAsync(context, world.CarryOut(request));
        else await _faulty.AnswerAsync(context, request, fault, stop);
    }

    /// <returns>Null if it is larger than any body of these APIs.</returns>
    private static async ValueTask<byte[]?> ReadBodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        var none = request.ContentLength is null && !request.Headers.ContainsKey("Transfer-Encoding");
        if (none || request.ContentLength == 0) return [];
        if (request.ContentLength > Limits.RequestBytesMax) return null;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellation);
            if (read.Buffer.Length > Limits.RequestBytesMax) return null;
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    [LoggerMessage(5201, LogLevel.Error, "The simulator broke on a {Method}: this is its own fault")]
    private partial void LogBroken(Exception failure, string method);
}
