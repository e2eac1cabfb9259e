using ChainCheckout.Simulation.Faults;

namespace ChainCheckout.Simulation.Vipps;

/// <summary>The benefits that Vipps shows: every event it accepted, once by its id.</summary>
internal sealed class LoyaltyBook(World world)
{
    private readonly HashSet<string> _known = [];
    private readonly HashSet<string> _sane = [];

    public List<LoyaltyEvent> Accepted { get; } = [];

    /// <summary>Events that are refused, however often they come.</summary>
    public HashSet<string> Poison { get; } = [];

    /// <summary>What came and was never taken, as it came last.</summary>
    public Dictionary<string, LoyaltyEvent> Refused { get; } = [];

    public DateTimeOffset AwayUntil { get; set; }

    public bool Has(string eventId) => _known.Contains(eventId);

    public VippsResult<bool> Take(CustomerId customer, LoyaltyEvent happened)
    {
        if (_sane.Add(happened.EventId) && world.Faults.Strikes(FaultKind.LoyaltyPoison)) Poison.Add(happened.EventId);
        if (Poison.Contains(happened.EventId))
        {
            Refused[happened.EventId] = happened;
            return new VippsResult<bool>.Refused(new VippsFault(400, Field: "data"));
        }

        if (!_known.Add(happened.EventId)) return new VippsResult<bool>.Ok(true);
        Refused.Remove(happened.EventId);
        Accepted.Add(happened);
        world.Trace.Say($"Customer/{customer}", $"at Vipps: {happened.EventId}");
        world.Checks.Published(customer, happened);
        return new VippsResult<bool>.Ok(true);
    }
}

/// <summary>One check-in that arrived.</summary>
internal sealed record CheckedIn(DateTimeOffset At, CheckIn Request);

/// <summary>Vipps, whole: what each of its APIs keeps.</summary>
internal sealed class Vendor
{
    public Vendor(World world)
    {
        Payments = new PaymentBook(world);
        Logins = new LoginBook(world);
        Loyalty = new LoyaltyBook(world);
        Webhooks = new Webhooks(world);
    }

    public PaymentBook Payments { get; }

    public LoginBook Logins { get; }

    public LoyaltyBook Loyalty { get; }

    public Webhooks Webhooks { get; }

    public List<CheckedIn> CheckIns { get; } = [];

    /// <summary>Nothing answers until then.</summary>
    public DateTimeOffset DownUntil { get; set; }

    /// <summary>The code of a customer, as a phone shows it.</summary>
    public static string QrOf(Msisdn phone) => $"https://qr.vipps.no/p/{phone.Digits}";

    public static Msisdn? PhoneOf(QrText qr) => Msisdn.TryParse(qr.Text[(qr.Text.LastIndexOf('/') + 1)..], out var phone) ? phone : null;
}
