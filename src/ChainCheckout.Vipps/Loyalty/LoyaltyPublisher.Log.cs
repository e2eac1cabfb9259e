using Microsoft.Extensions.Logging;

namespace ChainCheckout.Vipps.Loyalty;

internal sealed partial class LoyaltyPublisher
{
    [LoggerMessage(3201, LogLevel.Warning,
        "The Loyalty API is away, {Status} {Reason}: events wait with their customers, one tries every {Retry}")]
    private partial void LogAway(int status, string reason, TimeSpan retry);

    [LoggerMessage(3202, LogLevel.Warning, "The Loyalty API is back: {Customers} customers are told")]
    private partial void LogBack(int customers);
}
