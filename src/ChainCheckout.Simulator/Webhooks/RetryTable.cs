namespace ChainCheckout.Simulator.Webhooks;

/// <summary>
/// The vendor's retries: four every 2 s, then after 60 s and 120 s, then hourly, then daily, up to 7 days.
/// </summary>
internal static class RetryTable
{
    public static readonly TimeSpan GivesUpAfter = TimeSpan.FromDays(7);

    /// <param name="retry">1 for the first retry, which is the second try.</param>
    /// <param name="age">Simulated time since the first try.</param>
    /// <returns>The wait before it, simulated; null = no more tries.</returns>
    public static TimeSpan? WaitBefore(int retry, TimeSpan age)
    {
        var wait = retry switch
        {
            <= 4 => TimeSpan.FromSeconds(2),
            5 => TimeSpan.FromSeconds(60),
            6 => TimeSpan.FromSeconds(120),
            <= 29 => TimeSpan.FromHours(1),
            _ => TimeSpan.FromDays(1),
        };
        return age + wait > GivesUpAfter ? null : wait;
    }
}
