namespace ChainCheckout.Core.Tills;

/// <summary>Every wait and limit of a till.</summary>
public sealed record TillSettings
{
    /// <summary>A version 2 code made longer ago than this is refused: a picture of one keeps for ever.</summary>
    public TimeSpan QrAgeMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Tries to exchange one scan before the cashier is told to type the number.</summary>
    public int ExchangeTriesMax { get; init; } = 4;

    public TimeSpan ExchangeRetry { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>A payment tells its till; asking is the safety net.</summary>
    public TimeSpan AskPayment { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How soon a payment that could not be reached is asked again.</summary>
    public TimeSpan AskAgain { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A till that stays away this long with a payment open has it cancelled.</summary>
    public TimeSpan AwayMax { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How soon a register that did not answer is asked again.</summary>
    public TimeSpan RegisterAgain { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long Pay waits for an open enrolment; the cashier may send it sooner.</summary>
    public TimeSpan HoldMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Completed sales that wait to be counted; more means that customers cannot be reached at all.</summary>
    public int CreditsMax { get; init; } = 64;
}
