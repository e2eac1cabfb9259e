using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ChainCheckout.Simulator.Http;

/// <summary>Puts an answer on the wire, whole or broken off.</summary>
internal static class AnswerWriter
{
    public static async Task WriteAsync(HttpContext context, Answer answer)
    {
        if (answer.HeldUntil is { } held) await held.WaitAsync(context.RequestAborted);
        SetHead(context.Response, answer);
        if (answer.Body.Length > 0) await context.Response.BodyWriter.WriteAsync(answer.Body, context.RequestAborted);
    }

    /// <summary>Half the body, then the connection is reset.</summary>
    public static async Task BreakOffAsync(HttpContext context, Answer answer)
    {
        SetHead(context.Response, answer);
        await context.Response.BodyWriter.WriteAsync(
            answer.Body.AsMemory(0, answer.Body.Length / 2), context.RequestAborted);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    private static void SetHead(HttpResponse response, Answer answer)
    {
        response.StatusCode = answer.Status;
        if (answer.ContentType is not null) response.ContentType = answer.ContentType;
        if (answer.Status is not (204 or 304)) response.ContentLength = answer.Body.Length;
        if (answer.RetryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (answer.MaxAgeSeconds is { } age)
            response.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"max-age={age}");
    }
}
