using ChainCheckout.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Gateway.Tills;

/// <summary>What the gateway tells its operator of tills. Ids and codes; never what a frame held.</summary>
public sealed partial class TillLog(ILogger<TillLog> log)
{
    [LoggerMessage(1011, LogLevel.Warning, "Connection {Connection} sent a broken frame ({Fault}) and is closed")]
    public partial void FrameBroken(string connection, string fault);

    [LoggerMessage(1012, LogLevel.Warning, "Connection {Connection} said Hello for till {Till} of store {Store}, which is not registered")]
    public partial void TillUnknown(string connection, int store, int till);

    [LoggerMessage(1013, LogLevel.Warning, "Connection {Connection} could not prove to be till {Till} of store {Store} ({Role})")]
    public partial void CredentialWrong(string connection, int store, int till, string role);

    public void HelloFailed(Exception failure, string connection) => LogHelloFailed(failure.ToStack(), connection, failure.ToLine());

    public void CommandUnknown(Exception failure, string till, uint number) =>
        LogCommandUnknown(failure.ToStack(), till, number, failure.ToLine());

    [LoggerMessage(1016, LogLevel.Debug, "Till {Till} could not be told that its connection is gone")]
    public partial void GoneNotTold(Exception failure, string till);

    [LoggerMessage(1014, LogLevel.Warning, "A Hello on connection {Connection} could not be answered ({Why}); the till tries again")]
    private partial void LogHelloFailed(Exception? failure, string connection, string why);

    [LoggerMessage(1015, LogLevel.Warning, "Till {Till}: the outcome of command {Number} is unknown ({Why}); the till was told Busy")]
    private partial void LogCommandUnknown(Exception? failure, string till, uint number, string why);
}
