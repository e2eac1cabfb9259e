using ChainCheckout.Simulation.Time;

namespace ChainCheckout.Simulation.Faults;

/// <summary>
/// How often what goes wrong in one seed: some runs are calm, some are storms, and each has its own favourites. Counts what it
/// let happen.
/// </summary>
internal sealed class FaultPlan
{
    private static readonly int Kinds = Enum.GetValues<FaultKind>().Length;

    private readonly double[] _rates = new double[Kinds];
    private readonly Chance _chance;

    public FaultPlan(Chance chance)
    {
        _chance = chance;
        var weather = chance.Below(10) switch { 0 => 0.0, < 5 => 0.35, < 9 => 1.0, _ => 2.5 };
        IsCalm = weather == 0;
        foreach (var kind in Enum.GetValues<FaultKind>()) _rates[(int)kind] = chance.Draw(0.6) ? weather * Often(kind) : 0;
        RollsBack = chance.Below(16) == 0;
    }

    public bool IsCalm { get; private set; }

    /// <summary>Storage goes back in time once in this run: what that may break is listed in <c>RolledBackMayBreak</c>.</summary>
    public bool RollsBack { get; }

    public long[] Counts { get; } = new long[Kinds];

    public double RateOf(FaultKind kind) => IsCalm ? 0 : _rates[(int)kind];

    /// <summary>Whether this goes wrong now; it counts if it does.</summary>
    public bool Strikes(FaultKind kind)
    {
        if (IsCalm || !_chance.Draw(_rates[(int)kind])) return false;
        Counts[(int)kind]++;
        return true;
    }

    /// <summary>It went wrong by a decision taken elsewhere.</summary>
    public void Count(FaultKind kind) => Counts[(int)kind]++;

    /// <summary>Nothing goes wrong any more.</summary>
    public void CalmDown() => IsCalm = true;

    /// <summary>For one occasion, in ordinary weather.</summary>
    private static double Often(FaultKind kind) => kind switch
    {
        // Drawn once in a while, or once for each machine.
        FaultKind.PowerLost or FaultKind.Zombie or FaultKind.ClockJumped => 0.1,
        FaultKind.ClockSkewed => 0.3,
        FaultKind.VippsDown or FaultKind.LoyaltyAway => 0.25,

        // Drawn for each save, call or message, of which a sale has dozens.
        FaultKind.PowerLostAtSave or FaultKind.PowerLostAtCall => 0.002,
        FaultKind.SaveRefused or FaultKind.SaveAcknowledgementLost or FaultKind.SaveLate => 0.006,
        FaultKind.LoadFailed or FaultKind.MessageLost or FaultKind.MessageLate or FaultKind.ReplyLost => 0.008,
        FaultKind.SecondActivation => 0.004,
        FaultKind.Retired => 0.02,
        FaultKind.ReadStale => 0.3,
        FaultKind.ViewLost => 0.1,

        // Drawn for each customer, scan or command.
        FaultKind.CustomerAborted or FaultKind.CustomerIgnored => 0.06,
        FaultKind.ApprovedAtTheLastSecond => 0.04,
        FaultKind.ApprovedDuringCancel or FaultKind.ReadStale => 0.4,
        FaultKind.WebhookLost or FaultKind.WebhookTwice or FaultKind.WebhookLate => 0.2,
        FaultKind.WebhookDaysLate => 0.03,
        FaultKind.LoginDenied or FaultKind.LoginExpired or FaultKind.LoginPendingLong => 0.15,
        FaultKind.PingTwice or FaultKind.PingEarly or FaultKind.PingLost => 0.3,
        FaultKind.LoyaltyPoison => 0.02,
        FaultKind.MoveSlow => 0.3,
        FaultKind.TillCrashed or FaultKind.TillDisconnected => 0.02,
        FaultKind.TillStayedAway or FaultKind.NumberReused => 0.02,
        FaultKind.TillRestoredFromBackup => 0.3,
        FaultKind.ScannerBeside => 0.4,
        _ => 0.04,
    };
}
