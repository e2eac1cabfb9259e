using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Load.Books;
using ChainCheckout.Load.Fleets;

namespace ChainCheckout.Cli.Demos;

/// <summary>The chain of one run: stores of 20 tills, two sales units, every secret made for it and thrown away after
/// it.</summary>
public sealed class DemoChain
{
    public const string Currency = "NOK";
    public const string KeyId = "k1";

    private const int TillsPerStore = 20;

    private readonly Unit[] _units = [new("100001"), new("100002")];
    private readonly byte[] _storageKey = RandomNumberGenerator.GetBytes(KeyRing.KeyBytes);
    private readonly string _pseudonymSecret = NewSecret();

    public DemoChain(int tills)
    {
        var stores = Enumerable.Range(0, tills).Chunk(TillsPerStore).Select((chunk, index) => new StoreLayout(
            index + 1, Currency, [.. chunk.Select((_, at) => new TillLayout(at + 1, NewSecret(), NewSecret()))]));
        Layout = new FleetLayout([.. stores]);
    }

    public FleetLayout Layout { get; }

    public string AdminToken { get; } = NewSecret();

    /// <summary>Makes the customers' keys, as the server does.</summary>
    public ChainSecret Secret => new(Convert.FromBase64String(_pseudonymSecret));

    /// <summary>What members of the run get.</summary>
    public static BookProgramme Programme { get; } = new(MinorPerPoint: 1_000, StampsFull: 10, HasWelcome: true, CheckPoints: 100);

    public KeyRing Keys => new(KeyId, new Dictionary<string, byte[]> { [KeyId] = _storageKey });

    public string SimulatorSettings(string ledger, bool isPrompt, int seed, bool isLoyaltyAway) => new JsonObject
    {
        ["host"] = "127.0.0.1",
        ["port"] = 0,
        ["tokenLifeSeconds"] = 3_600,
        ["webhookWorkers"] = 32,
        ["ledger"] = ledger,
        ["timeFactor"] = DemoTimes.Factor,
        ["script"] = isPrompt ? "prompt" : "mixed",
        ["seed"] = seed,
        ["allowHttpWebhooks"] = true,
        ["loyaltyAway"] = isLoyaltyAway,
        ["salesUnits"] = new JsonArray([.. _units.Select(unit => new JsonObject
        {
            ["msn"] = unit.Msn,
            ["clientId"] = unit.ClientId,
            ["clientSecret"] = unit.ClientSecret,
            ["subscriptionKey"] = unit.SubscriptionKey,
            ["currency"] = Currency,
            ["pushAllowed"] = true,
            ["partialCaptureAllowed"] = true,
        })]),
    }.ToJsonString();

    /// <param name="webhooks">The port that Vipps is told; null: this server's own.</param>
    /// <param name="cluster">Section <c>Cluster</c>; null where the server stands alone.</param>
    public string ServerSettings(string folder, Uri vipps, ServerPorts ports, int? webhooks = null, JsonObject? cluster = null) => new JsonObject
    {
        ["Logging"] = new JsonObject
        {
            ["LogLevel"] = new JsonObject { ["Default"] = "Warning", ["ChainCheckout"] = "Information" },
        },
        ["Chain"] = new JsonObject { ["PseudonymSecret"] = _pseudonymSecret },
        ["Storage"] = new JsonObject
        {
            ["Folder"] = folder,
            ["KeyId"] = KeyId,
            ["Keys"] = new JsonObject { [KeyId] = Convert.ToBase64String(_storageKey) },
        },
        ["Gateway"] = new JsonObject
        {
            ["Tills"] = new JsonObject { ["Address"] = "127.0.0.1", ["Port"] = ports.Tills },
            ["Webhooks"] = new JsonObject
            {
                ["Address"] = "127.0.0.1", ["Port"] = ports.Webhooks, ["PublicAddress"] = $"http://127.0.0.1:{webhooks ?? ports.Webhooks}",
            },
            ["Admin"] = new JsonObject { ["Address"] = "127.0.0.1", ["Port"] = ports.Admin, ["Token"] = AdminToken },
        },
        ["Vipps"] = Vipps(vipps.GetLeftPart(UriPartial.Authority)),
        ["Loyalty"] = new JsonObject
        {
            ["MinorPerPoint"] = Programme.MinorPerPoint,
            ["Welcome"] = Coupon("welcome", "Velkommen"),
            ["Stamps"] = new JsonObject
            {
                ["CardId"] = "stamps", ["Heading"] = "Kaffekort", ["Full"] = Programme.StampsFull, ["Reward"] = Coupon("coffee", "En gratis kaffe"),
            },
            ["BonusCheck"] = new JsonObject
            {
                ["Points"] = Programme.CheckPoints, ["AmountMinor"] = 1_000, ["Currency"] = Currency, ["Heading"] = "Bonussjekk",
            },
        },
        ["Stores"] = new JsonArray([.. Layout.Stores.Select(Store)]),
        ["Timing"] = DemoTimes.Timing(),
        ["Cluster"] = cluster,
    }.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true });

    private JsonObject Vipps(string address) => new()
    {
        ["AccessToken"] = new JsonObject { ["BaseAddress"] = address },
        ["Qr"] = new JsonObject { ["BaseAddress"] = address },
        ["EPayment"] = new JsonObject { ["BaseAddress"] = address },
        ["Webhooks"] = new JsonObject { ["BaseAddress"] = address },
        ["CheckIn"] = new JsonObject { ["BaseAddress"] = address },
        ["Login"] = new JsonObject { ["BaseAddress"] = address },
        ["Loyalty"] = new JsonObject
        {
            ["BaseAddress"] = address, ["MerchantSerialNumber"] = _units[0].Msn, ["SendStampCards"] = true, ["SendBonusChecks"] = true, ["AwayRetry"] = "00:00:01",
        },

        // All tills begin at one instant, and a simulated Vipps on the same machine need not be spared.
        ["CallsInFlightMax"] = 2_000,
        ["PollsPerSecondMax"] = 2_000,
        ["SalesUnits"] = new JsonArray([.. _units.Select(unit => new JsonObject
        {
            ["MerchantSerialNumber"] = unit.Msn,
            ["ClientId"] = unit.ClientId,
            ["ClientSecret"] = unit.ClientSecret,
            ["SubscriptionKey"] = unit.SubscriptionKey,
            ["CheckIn"] = true,

            // Both forms of the check-in are sent in a run.
            ["LoyaltyProgramName"] = unit == _units[0] ? "Demo club" : "",
        })]),
    };

    private static JsonObject Coupon(string campaign, string heading) => new() { ["CampaignId"] = campaign, ["Heading"] = heading };

    private JsonObject Store(StoreLayout store) => new()
    {
        ["Number"] = store.Number,
        ["Name"] = string.Create(CultureInfo.InvariantCulture, $"Demo {store.Number}"),
        ["MerchantSerialNumber"] = _units[(store.Number - 1) % _units.Length].Msn,
        ["Country"] = "NO",
        ["Currency"] = store.Currency,
        ["TimeZone"] = "Europe/Oslo",
        ["Language"] = "nb",
        ["Tills"] = new JsonArray([.. store.Tills.Select(till => new JsonObject
        {
            ["Number"] = till.Number, ["PosSecret"] = till.PosSecret, ["ScannerSecret"] = till.ScannerSecret,
        })]),
    };

    private static string NewSecret() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private sealed class Unit(string msn)
    {
        public string Msn => msn;

        public string ClientId { get; } = Guid.NewGuid().ToString();

        public string ClientSecret { get; } = NewSecret();

        public string SubscriptionKey { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);
    }
}
