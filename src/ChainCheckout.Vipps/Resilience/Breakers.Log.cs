using ChainCheckout.Vipps.Sending;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Vipps.Resilience;

internal sealed partial class Breakers
{
    [LoggerMessage(3010, LogLevel.Warning, "Sales unit {Msn}: {Api} does not answer; calls stop for a while")]
    private partial void LogOpened(Msn msn, VippsApi api);

    [LoggerMessage(3011, LogLevel.Debug, "Sales unit {Msn}: one call to {Api} may try")]
    private partial void LogTrying(Msn msn, VippsApi api);

    [LoggerMessage(3012, LogLevel.Warning, "Sales unit {Msn}: {Api} answers again")]
    private partial void LogClosed(Msn msn, VippsApi api);
}
