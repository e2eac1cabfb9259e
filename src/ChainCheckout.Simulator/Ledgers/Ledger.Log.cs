using Microsoft.Extensions.Logging;

namespace ChainCheckout.Simulator.Ledgers;

public sealed partial class Ledger
{
    [LoggerMessage(5001, LogLevel.Critical, "The ledger could not be written: effects are missing from the file")]
    private partial void LogLedgerFailed(Exception failure);
}
