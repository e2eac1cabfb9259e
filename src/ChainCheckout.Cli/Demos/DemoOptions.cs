using ChainCheckout.Cli.Processes;

namespace ChainCheckout.Cli.Demos;

/// <summary>What a demo run shall be.</summary>
/// <param name="Rate">Sales a second by a Poisson schedule; null: every till sells back to back.</param>
/// <param name="IsPrompt">All customers approve at once.</param>
/// <param name="KillEvery">Time from ready to the next kill; null: the server lives.</param>
/// <param name="IsLoyaltyAway">The Loyalty API is away until the last sale is settled.</param>
/// <param name="Faults">calm, or storm: Vipps and the server fail while sales are started.</param>
/// <param name="Cluster">Null: one server that stands alone.</param>
/// <param name="Keep">Where the books are left; null: nowhere.</param>
public sealed record DemoOptions(
    int Tills, TimeSpan Seconds, double? Rate, bool IsPrompt, TimeSpan? KillEvery, DirectoryInfo? Keep, bool IsJson,
    int Seed, bool IsLoyaltyAway = false, string Faults = DemoOptions.Calm, ClusterOptions? Cluster = null)
{
    public const int TillsMax = 5_000;
    public const string Calm = "calm";
    public const string Storm = "storm";

    private static readonly TimeSpan SecondsMax = TimeSpan.FromHours(24);

    public bool IsStorm => Faults == Storm;

    /// <summary>Servers come and go.</summary>
    public bool IsDisturbed => IsStorm || KillEvery is not null || Cluster is { IsDisturbed: true };

    /// <exception cref="CommandException">An option is out of its range.</exception>
    public void Check()
    {
        Demand(Tills is >= 1 and <= TillsMax, $"--tills must be 1 to {TillsMax}");
        Demand(Seconds > TimeSpan.Zero && Seconds <= SecondsMax, "--seconds must be above 0 and at most 86400");
        Demand(Rate is null or (> 0 and <= 100_000), "--rate must be above 0 and at most 100000");
        Demand(KillEvery is null || KillEvery >= TimeSpan.FromSeconds(0.1), "--kill-every must be at least 0.1");
        Cluster?.Check();
        Demand(Faults is Calm or Storm, "--faults must be calm or storm");
        var isEmpty = Keep is not { Exists: true } || !Keep.EnumerateFileSystemInfos().Any();
        Demand(isEmpty, "--keep must name a folder that is new or empty");
    }

    internal static void Demand(bool holds, string rule)
    {
        if (!holds) throw new CommandException($"demo: {rule}.");
    }
}

/// <summary>What a chain of silos shall be, and what befalls it.</summary>
/// <param name="Program">The built assembly of the cluster's program.</param>
/// <param name="KillSiloEvery">From one kill of a silo to the next, and at least three seconds from when all had joined.</param>
/// <param name="KillRedisEvery">The same for Redis.</param>
/// <param name="IsRolling">Every silo is stopped and started again, one after another.</param>
public sealed record ClusterOptions(string Program, int Silos, TimeSpan? KillSiloEvery, TimeSpan? KillRedisEvery, bool IsRolling)
{
    public const int SilosMax = 16;

    public bool IsDisturbed => IsRolling || KillSiloEvery is not null || KillRedisEvery is not null;

    internal void Check()
    {
        DemoOptions.Demand(Silos is >= 1 and <= SilosMax, $"--silos must be 1 to {SilosMax}");
        DemoOptions.Demand(KillSiloEvery is null || KillSiloEvery >= TimeSpan.FromSeconds(0.1), "--kill-silo-every must be at least 0.1");
        DemoOptions.Demand(KillRedisEvery is null || KillRedisEvery >= TimeSpan.FromSeconds(0.1), "--kill-redis-every must be at least 0.1");
    }
}
