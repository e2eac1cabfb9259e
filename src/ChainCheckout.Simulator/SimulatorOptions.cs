using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ChainCheckout.Simulator.Access;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Login;

namespace ChainCheckout.Simulator;

/// <summary>How a simulated Vipps is set up: the same names on the command line and in a settings file.</summary>
public sealed record SimulatorOptions
{
    /// <summary>
    /// The address to listen on. Loopback unless told: nothing here is secret, and nothing is guarded.
    /// </summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>0 = any free one.</summary>
    public int Port { get; set; }

    /// <summary>The ledger's file, appended to; null = none.</summary>
    public string? Ledger { get; set; }

    /// <summary>Whether the ledger also has a line for every mutation and every failed call.</summary>
    public bool LedgerCalls { get; set; }

    /// <summary>Whether the ledger is kept in memory too, for a test in the same process.</summary>
    [JsonIgnore]
    public bool KeepLedger { get; set; } = true;

    /// <summary>Simulated seconds in a real one, 0.001 to 100,000.</summary>
    public double TimeFactor { get; set; } = 1;

    public Script Script { get; set; } = Script.Prompt;

    /// <summary>All chance comes from it: scripts, faults.</summary>
    public int Seed { get; set; } = 7;

    /// <summary>Accepts webhook addresses on loopback and on one-word hosts, with http and any port.</summary>
    public bool AllowHttpWebhooks { get; set; }

    /// <summary>Life of an access token in simulated seconds; the vendor's test environment has one hour.</summary>
    public int TokenLifeSeconds { get; set; } = 3_600;

    /// <summary>Deliveries at a time for one webhook registration, 1 to 256.</summary>
    public int WebhookWorkers { get; set; } = 32;

    /// <summary>How the pings of logins come.</summary>
    public LoginPings LoginPings { get; set; } = LoginPings.Usual;

    /// <summary>What an accepted loyalty event is answered, 200 or 202: the vendor's pages say both.</summary>
    public int LoyaltyStatus { get; set; } = 200;

    /// <summary>Whether the Loyalty API is away from the start: 503 to every call.</summary>
    public bool LoyaltyAway { get; set; }

    /// <summary>Loyalty calls that pass in a real second; 0 = as many as come.</summary>
    public int LoyaltyPerSecondMax { get; set; }

    /// <summary>The sales units and their keys; if none is named, the one of <see cref="DemoUnit"/>.</summary>
    public ImmutableArray<SalesUnit> SalesUnits { get; set; } = [];

    public static SalesUnit DemoUnit { get; } =
        new("123456", "demo-client", "demo-secret", "00000000000000000000000000000000");

    /// <summary>Keeps secrets out of whatever prints options.</summary>
    public override string ToString() =>
        $"simulator on {Host}:{Port}, {Units.Length} sales units, time factor {TimeFactor}";

    internal ImmutableArray<SalesUnit> Units => SalesUnits.IsDefaultOrEmpty ? [DemoUnit] : SalesUnits;

    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    internal void Validate()
    {
        Demand(System.Net.IPAddress.TryParse(Host, out _), "host must be an IP address");
        Demand(Port is >= 0 and <= 65_535, "port must be 0 to 65535");
        Demand(TimeFactor is >= 0.001 and <= 100_000, "timeFactor must be 0.001 to 100000");
        Demand(Enum.IsDefined(Script), "script must be prompt or mixed");
        Demand(TokenLifeSeconds > 0, "tokenLifeSeconds must be positive");
        Demand(WebhookWorkers is >= 1 and <= 256, "webhookWorkers must be 1 to 256");
        Demand(Enum.IsDefined(LoginPings), "loginPings must be usual, twice, early or none");
        Demand(LoyaltyStatus is 200 or 202, "loyaltyStatus must be 200 or 202");
        Demand(LoyaltyPerSecondMax is >= 0 and <= 100_000, "loyaltyPerSecondMax must be 0 to 100000");
        foreach (var unit in Units)
        {
            var isMsn = unit.Msn.Length is >= 4 and <= 10 && unit.Msn.All(char.IsAsciiDigit);
            Demand(isMsn, "a sales unit's msn must be 4 to 10 digits");
            Demand(unit.Currency is "NOK" or "DKK" or "EUR", "a sales unit's currency must be NOK, DKK or EUR");
        }

        var distinct = Units.Select(unit => unit.Msn).Distinct().Count();
        Demand(distinct == Units.Length, "no two sales units may have the same msn");
    }

    private static void Demand(bool holds, string rule)
    {
        if (!holds) throw new ArgumentException($"The simulator's settings are wrong: {rule}.");
    }
}
