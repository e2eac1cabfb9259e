using System.Text;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Payments;
using Microsoft.AspNetCore.Http;

namespace ChainCheckout.Simulator.Faults;

/// <summary>Carries a call out under a fault: the effect as the rule says, the answer as the fault says.</summary>
internal sealed class FaultyFront(VippsWorld world)
{
    private const int HugeChunkBytes = 64 * 1024;
    private const long HugeBytes = 100L * 1024 * 1024;
    private const long WrongByMinor = 100;

    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BehindBy = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LateBy = TimeSpan.FromSeconds(1);

    /// <param name="stop">The simulator stops: nothing waits any longer.</param>
    public async Task AnswerAsync(HttpContext context, ApiRequest request, FaultRule fault, CancellationToken stop)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stop);
        if (fault.Kind == FaultKind.LateEffect)
        {
            // The caller may long be gone: that is the point.
            await WaitAsync(fault.DelayOr(LateBy), stop);
            await AnswerWriter.WriteAsync(context, world.CarryOut(request));
            return;
        }

        if (fault.Kind == FaultKind.Duplicate) world.CarryOut(request);
        var behind = fault.Kind == FaultKind.StaleRead ? fault.DelayOr(BehindBy) : (TimeSpan?)null;
        var answer = fault.HasEffect ? world.CarryOut(request, behind) : WithoutEffect(request, fault);
        switch (fault.Kind)
        {
            case FaultKind.Status:
                await AnswerWriter.WriteAsync(context, fault.HasEffect ? StatusAnswer(request, fault) : answer);
                break;
            case FaultKind.DropAnswer:
                await WaitAsync(fault.DelayOr(SilentFor), gone.Token);
                context.Abort();
                break;
            case FaultKind.Delay:
                await WaitAsync(fault.DelayOr(LateBy), gone.Token);
                await AnswerWriter.WriteAsync(context, answer);
                break;
            case FaultKind.ResetMidBody:
                await AnswerWriter.BreakOffAsync(context, answer);
                break;
            case FaultKind.Garbage:
                var page = Encoding.UTF8.GetBytes("<html><body>Service temporarily unavailable</body></html>");
                await AnswerWriter.WriteAsync(context, new Answer(200, page, "text/html"));
                break;
            case FaultKind.HugeBody:
                await WriteHugeAsync(context, gone.Token);
                break;
            case FaultKind.WrongAmount:
                await AnswerWriter.WriteAsync(context, Distorted(request, answer));
                break;
            case FaultKind.Redirect:
                context.Response.Headers.Location = "/simulator/elsewhere";
                await AnswerWriter.WriteAsync(context, Answer.Empty(307));
                break;
            default:
                await AnswerWriter.WriteAsync(context, answer);
                break;
        }
    }

    /// <summary>
    /// A definitive 4xx is remembered for the key, as a genuine one would be: the same key gets it again.
    /// </summary>
    private Answer WithoutEffect(ApiRequest request, FaultRule fault)
    {
        var answer = fault.Kind == FaultKind.Status
            ? StatusAnswer(request, fault)
            : Problems.Gateway(504, "Gateway Timeout", request);
        var key = request.Header("Idempotency-Key");
        var definitive = answer.Status is >= 400 and < 500 && !answer.Transient;
        var sticks = fault.Kind == FaultKind.Status && request.Route.IsMutation && definitive;
        if (sticks && !string.IsNullOrEmpty(key))
            answer = world.Keys.Once(request.Header("Merchant-Serial-Number") ?? "", key, request, () => answer);
        world.NoteCall(request, answer.Status);
        return answer;
    }

    private static Answer StatusAnswer(ApiRequest request, FaultRule fault)
    {
        var status = fault.Status ?? 500;
        if (status < 400) return Answer.Empty(status);
        if (fault.ErrorCode is null && status is 401 or 429)
            return Problems.Gateway(status, "Refused by a fault", request, fault.RetryAfterSeconds);
        var refusal = fault.ErrorCode is { } code
            ? Refusal.Code(code, "Refused by a fault", status)
            : new Refusal(status, "Refused by a fault", []);
        return Problems.From(refusal, request) with { RetryAfterSeconds = fault.RetryAfterSeconds };
    }

    private static Answer Distorted(ApiRequest request, Answer answer)
    {
        if (answer.Shows is not { } payment) return answer;
        var wrong = payment with
        {
            Order = payment.Order with { AmountMinor = payment.AmountMinor + WrongByMinor },
            AuthorizedMinor = payment.AuthorizedMinor == 0 ? 0 : payment.AuthorizedMinor + WrongByMinor,
            CapturedMinor = payment.CapturedMinor == 0 ? 0 : payment.CapturedMinor + WrongByMinor,
        };
        return request.Kind == CallKind.Get
            ? Answer.Of(answer.Status, PaymentBodies.Read(wrong), SimulatorJson.Default.PaymentBody)
            : Answer.Of(answer.Status, PaymentBodies.Modified(wrong), SimulatorJson.Default.ModificationBody);
    }

    private static async Task WriteHugeAsync(HttpContext context, CancellationToken gone)
    {
        context.Response.StatusCode = 200;
        context.Response.ContentType = Answer.Json;
        var chunk = new byte[HugeChunkBytes];
        Array.Fill(chunk, (byte)' ');
        chunk[0] = (byte)'{';
        for (long sent = 0; sent < HugeBytes && !gone.IsCancellationRequested; sent += chunk.Length)
        {
            await context.Response.BodyWriter.WriteAsync(chunk, gone);
            chunk[0] = (byte)' ';
        }
    }

    private Task WaitAsync(TimeSpan time, CancellationToken cancellation) =>
        Task.Delay(time, world.Clock.Wall, cancellation);
}
