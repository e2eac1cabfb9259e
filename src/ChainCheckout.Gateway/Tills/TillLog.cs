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

    [LoggerMessage(1014, LogLevel.Warning, "A Hello on connection {Connection} could not be answered; the till tries again")]
    public partial void HelloFailed(Exception failure, string connection);

    [LoggerMessage(1015, LogLevel.Warning, "Till {Till}: the outcome of command {Number} is unknown; the till was told Busy")]
    public partial void CommandUnknown(Exception failure, string till, uint number);

    [LoggerMessage(1016, LogLevel.Debug, "Till {Till} could not be told that its connection is gone")]
    public partial void GoneNotTold(Exception failure, string till);
}
