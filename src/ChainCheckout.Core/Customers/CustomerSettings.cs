using ChainCheckout.Core.Ports;

namespace ChainCheckout.Core.Customers;

/// <summary>Every wait and limit of a customer, and what the chain's programme gives.</summary>
public sealed record CustomerSettings
{
    /// <summary>The sales units that tell a customer's phone of the check-in.</summary>
    public ImmutableHashSet<Msn> CheckInUnits { get; init; } = [];

    /// <summary>The sales unit that publishes for the chain; null: nothing is published, points are counted all the same.</summary>
    public Msn? LoyaltyUnit { get; init; }

    public LoyaltyProgramme Programme { get; init; } = LoyaltyProgramme.None;

    /// <summary>The chain has a member system of its own, which is told of those who join here.</summary>
    public bool HasRegister { get; init; }

    /// <summary>Whether Vipps is asked for the account before a login is sent.</summary>
    public bool LookUpUser { get; init; } = true;

    /// <summary>How long a till counts as the one that serves the customer.</summary>
    public TimeSpan ServedMax { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The customer's time to answer a login: Vipps takes 1 to 15 minutes.</summary>
    public TimeSpan LoginExpiry { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How much longer a login is asked about when nothing says that it has expired.</summary>
    public TimeSpan LoginGrace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>RFC 8628's step: so much slower after a <c>slow_down</c>.</summary>
    public TimeSpan SlowDownStep { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>An event waits so long for a newer one that would take its place.</summary>
    public TimeSpan PublishDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Back-off after an outcome that was not a success: doubles from the first to the last.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LastRetry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A sale that is told of later than this cannot be told from one that was counted and dropped.</summary>
    public TimeSpan CreditAgeMax { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Payments are forgotten 8 days after they are final: so long one of them may ask where its member went.</summary>
    public TimeSpan WentToKept { get; init; } = TimeSpan.FromDays(9);

    /// <summary>Somebody who never joined is forgotten so long after the last visit.</summary>
    public TimeSpan ForgetStranger { get; init; } = TimeSpan.FromDays(30);

    /// <summary>A balance from another system that is above it is a mistake; what sales add to it never overflows.</summary>
    public const long PointsMax = 1_000_000_000_000;

    public const int MemberIdCharsMax = 64;
    public const int SalesKept = 64;
    public const int LettersKept = 100;

    /// <summary>A message of an older move than these is no longer on its way.</summary>
    public const int WaysKept = 8;
    public const int EnrolmentsKept = 4;
    public const int UserInfoTriesMax = 5;

    /// <summary>Doubling back-off for the try with this number (1 is the first repeat).</summary>
    public TimeSpan Retry(int tries)
    {
        var doubled = FirstRetry * Math.Pow(2, Math.Clamp(tries - 1, 0, 16));
        return doubled < LastRetry ? doubled : LastRetry;
    }
}

/// <summary>What members get. Nothing of it is decided at the till.</summary>
/// <param name="MinorPerPoint">Minor units spent for one point, of whatever currency; 0: no points.</param>
/// <param name="Welcome">The coupon of an enrolment; null for none.</param>
/// <param name="Stamps">Null for none.</param>
/// <param name="Check">What points become; null: they are only counted.</param>
public sealed record LoyaltyProgramme(long MinorPerPoint, CouponOffer? Welcome, StampOffer? Stamps, CheckOffer? Check = null)
{
    public static readonly LoyaltyProgramme None = new(0, null, null);

    /// <summary>Whole points for what a sale came to, after what was given back.</summary>
    public long PointsFor(long minor) => MinorPerPoint == 0 ? 0 : Math.Max(0, minor) / MinorPerPoint;
}

/// <summary>A coupon that the programme gives.</summary>
/// <param name="CampaignId">1 to 40 letters, digits and hyphens.</param>
public sealed record CouponOffer(string CampaignId, string Heading, string Description, TimeSpan ValidFor, string PromotionCode)
{
    public Coupon For(string id, DateTimeOffset now) => new(id, CampaignId, Heading, Description, now + ValidFor, Redeemed: false, PromotionCode);
}

/// <summary>One stamp for each completed sale of at least <paramref name="MinimumMinor"/>; a full card gives a coupon and begins anew.</summary>
public sealed record StampOffer(string CardId, string Heading, int Full, long MinimumMinor, CouponOffer Reward);

/// <summary>So many points become a check over an amount; twice as many, one over twice the amount.</summary>
/// <param name="Points">At least 1.</param>
public sealed record CheckOffer(long Points, Money Amount, string Heading, string Description, TimeSpan ValidFor)
{
    public BonusCheck For(string id, long times, DateTimeOffset now) =>
        new(id, Heading, Description, Amount with { Minor = Amount.Minor * times }, now + ValidFor, Points * times);
}
