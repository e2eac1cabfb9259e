using System.Net;
using ChainCheckout.Gateway.Admin;

namespace ChainCheckout.Cli.Demos;

/// <summary>Where a server listens on loopback.</summary>
public sealed record ServerPorts(int Tills, int Webhooks, int Admin)
{
    public static ServerPorts Take(int[] free) => new(free[0], free[1], free[2]);

    public IPEndPoint TillsAt => new(IPAddress.Loopback, Tills);

    public Uri AdminAt => new($"http://127.0.0.1:{Admin}");
}

/// <summary>What tills sell through in a run, and what befalls it.</summary>
public interface IDemoServers : IAsyncDisposable
{
    /// <summary>Where tills connect.</summary>
    IReadOnlyList<EndPoint> Tills { get; }

    /// <summary>Where an operator asks.</summary>
    Uri Admin { get; }

    /// <summary>Silos; null for a server that stands alone.</summary>
    int? Silos { get; }

    /// <summary>When something was killed, and when everything was ready again.</summary>
    IReadOnlyList<Life> Kills { get; }

    /// <summary>How often a process was held still.</summary>
    int Pauses { get; }

    /// <summary>Processor time of all processes so far, the dead included.</summary>
    TimeSpan CpuTime { get; }

    /// <summary>Completes when tills may come.</summary>
    /// <param name="vipps">The simulated one.</param>
    Task StartAsync(Uri vipps, CancellationToken cancellation);

    /// <summary>Does what the run's options ask for, over and over, until shortly before the doors close.</summary>
    Task DisturbAsync(long until, CancellationToken cancellation);

    /// <summary>What the processes that live now have counted.</summary>
    Task<Figures> FiguresAsync(CancellationToken cancellation);

    /// <summary>Throws if one has ended although nobody told it to.</summary>
    void Demand();

    /// <summary>Stops all, and reads what they have stored.</summary>
    /// <returns>Whether all ended gracefully, and the books.</returns>
    Task<(bool IsGraceful, ServerBooks Books)> StopAsync(CancellationToken cancellation);
}

/// <param name="KilledAt">When the last life ended.</param>
/// <param name="ReadyAt">When the next one was ready.</param>
public readonly record struct Life(DateTimeOffset KilledAt, DateTimeOffset ReadyAt);
