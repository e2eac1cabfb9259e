namespace ChainCheckout.Standalone.Storage;

/// <summary>What was written since the file was made. Durable with the writes that it counts.</summary>
/// <param name="Saves">Saves that were written; conflicts are none.</param>
/// <param name="Bytes">State bytes of those saves.</param>
/// <param name="Settles">Wake-ups moved or cleared without a save.</param>
/// <param name="Batches">Transactions that they took.</param>
public sealed record StorageStats(long Saves, long Bytes, long Settles, long Batches);

/// <summary>The storage cannot be opened: in use, newer than this program, damaged, or not accessible.</summary>
public sealed class StorageOpenException(string message, Exception? inner = null) : Exception(message, inner);
