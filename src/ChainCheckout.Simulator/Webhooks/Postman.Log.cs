using Microsoft.Extensions.Logging;

namespace ChainCheckout.Simulator.Webhooks;

internal sealed partial class Postman
{
    [LoggerMessage(5101, LogLevel.Debug, "No answer to {EventType} for registration {Registration}")]
    private partial void LogNoAnswer(Exception failure, string eventType, Guid registration);

    [LoggerMessage(5102, LogLevel.Information, "Gave up {EventType} for registration {Registration} after seven days")]
    private partial void LogGivenUp(string eventType, Guid registration);
}
