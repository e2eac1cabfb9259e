using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Values;

namespace ChainCheckout.Standalone;

/// <summary>Section <c>Loyalty</c>: what the chain's programme gives. Empty: members are known, and get nothing.</summary>
public sealed class LoyaltyOptions
{
    public const string Section = "Loyalty";

    /// <summary>Minor units spent for one point; 0: no points.</summary>
    public long MinorPerPoint { get; set; }

    /// <summary>The coupon of an enrolment; left out for none.</summary>
    public CouponOptions? Welcome { get; set; }

    /// <summary>Left out for none.</summary>
    public StampOptions? Stamps { get; set; }

    /// <summary>What points become; left out: they are only counted.</summary>
    public CheckOptions? BonusCheck { get; set; }

    internal LoyaltyProgramme ToProgramme() => new(MinorPerPoint, Welcome?.ToOffer(), Stamps?.ToOffer(), BonusCheck?.ToOffer());

    internal void Check(List<string> wrong)
    {
        if (MinorPerPoint < 0) wrong.Add("Loyalty:MinorPerPoint must not be negative.");
        Welcome?.Check("Loyalty:Welcome", wrong);
        BonusCheck?.Check("Loyalty:BonusCheck", wrong);
        if (Stamps is not { } stamps) return;
        if (stamps.CardId.Length is < 1 or > 40) wrong.Add("Loyalty:Stamps:CardId must have 1 to 40 characters.");
        if (stamps.Heading.Length is < 1 or > 100) wrong.Add("Loyalty:Stamps:Heading must have 1 to 100 characters.");
        if (stamps.Full is < 2 or > 100) wrong.Add("Loyalty:Stamps:Full must be 2 to 100.");
        if (stamps.MinimumMinor < 0) wrong.Add("Loyalty:Stamps:MinimumMinor must not be negative.");
        stamps.Reward.Check("Loyalty:Stamps:Reward", wrong);
    }
}

/// <summary>A coupon that the programme gives.</summary>
public sealed class CouponOptions
{
    /// <summary>1 to 40 letters, digits and hyphens.</summary>
    public string CampaignId { get; set; } = "";

    public string Heading { get; set; } = "";

    public string Description { get; set; } = "";

    /// <summary>1 to 3650.</summary>
    public int ValidDays { get; set; } = 30;

    public string PromotionCode { get; set; } = "";

    internal CouponOffer ToOffer() => new(CampaignId, Heading, Description, TimeSpan.FromDays(ValidDays), PromotionCode);

    internal void Check(string path, List<string> wrong)
    {
        if (CampaignId.Length is < 1 or > 40 || !CampaignId.All(character => char.IsAsciiLetterOrDigit(character) || character == '-'))
            wrong.Add($"{path}:CampaignId must be 1 to 40 letters, digits and hyphens.");
        if (Heading.Length is < 1 or > 100) wrong.Add($"{path}:Heading must have 1 to 100 characters.");
        if (Description.Length > 500) wrong.Add($"{path}:Description may have at most 500 characters.");
        if (PromotionCode.Length > 50) wrong.Add($"{path}:PromotionCode may have at most 50 characters.");
        if (ValidDays is < 1 or > 3650) wrong.Add($"{path}:ValidDays must be 1 to 3650.");
    }
}

/// <summary>A stamp for each completed sale; a full card gives a coupon.</summary>
public sealed class StampOptions
{
    public string CardId { get; set; } = "stamps";

    public string Heading { get; set; } = "";

    /// <summary>Stamps on a full card, 2 to 100.</summary>
    public int Full { get; set; } = 10;

    /// <summary>A sale below it, after what was given back, gives no stamp. Minor units.</summary>
    public long MinimumMinor { get; set; }

    public CouponOptions Reward { get; set; } = new();

    internal StampOffer ToOffer() => new(CardId, Heading, Full, MinimumMinor, Reward.ToOffer());
}

/// <summary>Points that become money to shop for.</summary>
public sealed class CheckOptions
{
    /// <summary>So many points become a check, 1 to 1,000,000,000.</summary>
    public long Points { get; set; }

    /// <summary>Minor units, 1 to 1,000,000.</summary>
    public long AmountMinor { get; set; }

    /// <summary>NOK, DKK or EUR.</summary>
    public string Currency { get; set; } = "";

    public string Heading { get; set; } = "";

    public string Description { get; set; } = "";

    /// <summary>1 to 3650.</summary>
    public int ValidDays { get; set; } = 60;

    internal CheckOffer ToOffer() => new(
        Points, new Money(AmountMinor, Currencies.TryParse(Currency, out var currency) ? currency : default), Heading, Description,
        TimeSpan.FromDays(ValidDays));

    internal void Check(string path, List<string> wrong)
    {
        if (Points is < 1 or > 1_000_000_000) wrong.Add($"{path}:Points must be 1 to 1000000000.");
        if (AmountMinor is < 1 or > 1_000_000) wrong.Add($"{path}:AmountMinor must be 1 to 1000000.");
        if (!Currencies.TryParse(Currency, out _)) wrong.Add($"{path}:Currency must be NOK, DKK or EUR.");
        if (Heading.Length is < 1 or > 100) wrong.Add($"{path}:Heading must have 1 to 100 characters.");
        if (Description.Length > 500) wrong.Add($"{path}:Description may have at most 500 characters.");
        if (ValidDays is < 1 or > 3650) wrong.Add($"{path}:ValidDays must be 1 to 3650.");
    }
}
