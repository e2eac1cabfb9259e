namespace ChainCheckout.Simulator.Payments;

/// <summary>Numbers that the vendor publishes. Times are simulated.</summary>
internal static class Limits
{
    public const long AmountMinorMax = 65_000_000;
    public const int MutationsPerMinute = 5;
    public const int ReadsPerMinute = 120;
    public const int IdempotencyKeyMax = 50;
    public const int SystemHeaderMax = 30;
    public const int RequestBytesMax = 64 * 1024;

    public static readonly TimeSpan TimeToApprove = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan ExpiryMax = TimeSpan.FromDays(60);
    public static readonly TimeSpan RateWindow = TimeSpan.FromMinutes(1);

    /// <summary>Least amount, minor units.</summary>
    public static long AmountMinorMin(string currency) => currency == "NOK" ? 100 : 1;
}
