using Microsoft.Extensions.Logging;

namespace ChainCheckout.Vipps.Login;

internal sealed partial class Discovery
{
    [LoggerMessage(3030, LogLevel.Debug, "New discovery document of the login endpoints, kept for {Life}")]
    private partial void LogFetched(TimeSpan life);

    [LoggerMessage(3031, LogLevel.Warning,
        "No new discovery document of the login endpoints: status {Status}, {Reason}; one at hand: {AtHand}")]
    private partial void LogNotFetched(int status, string reason, bool atHand);
}
