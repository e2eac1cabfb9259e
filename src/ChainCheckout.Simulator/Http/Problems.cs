using System.Security.Cryptography;

namespace ChainCheckout.Simulator.Http;

/// <summary>The vendor's error forms: the problem document, the gateway's, the QR API's shorter one, OAuth's.</summary>
internal static class Problems
{
    public static Answer From(Refusal refusal, ApiRequest request)
    {
        if (request.Kind == CallKind.Exchange) return Qr(refusal);
        if (request.Kind == CallKind.CheckIn) return CheckIn(refusal, request);
        if (request.Kind == CallKind.Loyalty) return Loyalty(refusal, request);
        if (request.Route.IsLogin) return Login(refusal);
        var problem = new ProblemBody(
            $"https://vipps.example/problems/{refusal.Status}",
            refusal.Title,
            refusal.Status,
            refusal.Title,
            InstanceOf(request.Path),
            TraceId(),
            refusal.Details.IsDefaultOrEmpty ? null : refusal.Details);
        return Answer.Of(refusal.Status, problem, SimulatorJson.Default.ProblemBody, Answer.Problem) with
        {
            Transient = refusal.Transient,
        };
    }

    /// <summary>
    /// What the gateway in front says by itself, in its own form. The QR API's 401 and 500 have no body.
    /// </summary>
    public static Answer Gateway(int status, string message, ApiRequest request, int? retryAfterSeconds = null)
    {
        var answer = request.Kind == CallKind.Exchange && status is 401 or 500
            ? Answer.Empty(status)
            : Answer.Of(status, new GatewayBody(status, message), SimulatorJson.Default.GatewayBody);
        return answer with { Transient = true, RetryAfterSeconds = retryAfterSeconds };
    }

    public static Answer TooMany(ApiRequest request, int retryAfterSeconds) => Gateway(
        429, $"Rate limit is exceeded. Try again in {retryAfterSeconds} seconds.", request, retryAfterSeconds);

    public static Answer OAuth(int status, string error, string description) =>
        Answer.Of(status, new OAuthBody(error, description), SimulatorJson.Default.OAuthBody);

    private static Answer Qr(Refusal refusal)
    {
        if (refusal.Status is 401 or 500) return Answer.Empty(refusal.Status);
        var body = new QrProblemBody(
            "Bad request",
            refusal.Status,
            "The request body contains one or more invalid parameters.",
            refusal.Details.IsDefaultOrEmpty ? null : refusal.Details);
        return Answer.Of(refusal.Status, body, SimulatorJson.Default.QrProblemBody);
    }

    private static Answer CheckIn(Refusal refusal, ApiRequest request)
    {
        var body = new CheckInProblemBody(
            $"https://vipps.example/problems/{refusal.Status}",
            refusal.Title,
            "The check-in was refused.",
            request.Path,
            refusal.Details);
        return Answer.Of(refusal.Status, body, SimulatorJson.Default.CheckInProblemBody, Answer.Problem);
    }

    /// <summary>By RFC 9457; what is wrong is named in the text, because no field for it is published.</summary>
    private static Answer Loyalty(Refusal refusal, ApiRequest request)
    {
        var named = string.Join(" ", refusal.Details.Select(detail => $"{detail.Name}: {detail.Reason}"));
        var body = new LoyaltyProblemBody(
            $"https://vipps.example/loyalty/errors#{refusal.Status}",
            refusal.Title,
            refusal.Status,
            named.Length > 0 ? named : refusal.Title,
            request.Path);
        return Answer.Of(refusal.Status, body, SimulatorJson.Default.LoyaltyProblemBody, Answer.Problem);
    }

    /// <summary>The calls of the login speak OAuth, whatever refuses them.</summary>
    private static Answer Login(Refusal refusal)
    {
        var code = refusal.Details.FirstOrDefault(detail => detail.Name == "ErrorCode")?.Reason;
        var error = code ?? (refusal.Status < 500 ? "invalid_request" : "server_error");
        return OAuth(refusal.Status, error, refusal.Title);
    }

    private static string InstanceOf(string path)
    {
        var second = path.IndexOf('/', 1);
        return second < 0 ? path : path[second..];
    }

    private static string TraceId()
    {
        var random = RandomNumberGenerator.GetHexString(48, lowercase: true);
        return $"00-{random[..32]}-{random[32..]}-01";
    }
}
