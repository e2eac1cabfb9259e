namespace ChainCheckout.Core.Payments;

/// <summary>Every wait of a payment. The defaults are the vendor's; a demo with faster time scales them.</summary>
public sealed record PaymentTimings
{
    /// <summary>The customer's time to act, after which Vipps expires the payment: 10 minutes.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A payment that Vipps does not know is final this long after its last create was sent.</summary>
    public TimeSpan NotFoundFinal { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// And no sooner than after so many reads, <see cref="SlowPoll"/> apart: a clock that jumped makes no payment final, and
    /// neither does one read that was older than the create.
    /// </summary>
    public const int MissingReads = 4;

    /// <summary>Reads, <see cref="FirstPoll"/> apart, that have to show a final payment open at Vipps before it is cancelled again.</summary>
    public const int ReopeningReads = 2;

    /// <summary>First poll after the push, then every <see cref="NextPoll"/> (vendor's rule: 5 s, then 2 s).</summary>
    public TimeSpan FirstPoll { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan NextPoll { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The pace of polls once the window has passed and Vipps still says nothing final.</summary>
    public TimeSpan SlowPoll { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Back-off after an outcome that was not a success: doubles from the first to the last.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LastRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>At most five mutations of one reference in this time (vendor's limit: 5 a minute).</summary>
    public TimeSpan MutationWindow { get; init; } = TimeSpan.FromMinutes(1);

    public const int MutationsMax = 5;

    /// <summary>Webhooks come for 7 days; a payment is forgotten a day after that.</summary>
    public TimeSpan Forget { get; init; } = TimeSpan.FromDays(8);

    /// <summary>Doubling back-off for the try with this number (1 is the first repeat).</summary>
    public TimeSpan Retry(int tries)
    {
        var doubled = FirstRetry * Math.Pow(2, Math.Clamp(tries - 1, 0, 16));
        return doubled < LastRetry ? doubled : LastRetry;
    }
}
