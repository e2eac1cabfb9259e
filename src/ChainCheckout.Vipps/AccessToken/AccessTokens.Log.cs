using Microsoft.Extensions.Logging;

namespace ChainCheckout.Vipps.AccessToken;

internal sealed partial class AccessTokens
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(3020, LogLevel.Debug, "Sales unit {Msn}: new access token for {Life}")]
    private partial void LogRefreshed(Msn msn, TimeSpan life);

    [LoggerMessage(3021, LogLevel.Warning,
        "Sales unit {Msn}: no new access token: status {Status}, {Reason}, trace {TraceId}; one at hand: {AtHand}")]
    private partial void LogRefreshFailed(Msn msn, int status, string reason, string traceId, bool atHand);
}
