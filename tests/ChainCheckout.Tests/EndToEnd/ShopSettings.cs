using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Simulator.Access;

namespace ChainCheckout.Tests.EndToEnd;

/// <summary>One store of a test's chain: a sales unit of its own, or one that it shares.</summary>
internal sealed record ShopStore(int Number, string Msn, string Country, string Currency, string Language = "en")
{
    public static readonly ShopStore Storgata = new(1, ShopSettings.Msn, "NO", "NOK");
}

/// <summary>The settings of a server for tests, as its operator would write them, and the secrets in them.</summary>
internal sealed class ShopSettings
{
    public const string Msn = "123456";
    public const string Customer = "4791234567";
    public const string AdminToken = "admin-token-of-the-tests";

    private const string ClientSecret = "client-secret-of-the-tests";
    private const string SubscriptionKey = "0123456789abcdef0123456789abcdef";

    private readonly Dictionary<(int Store, int Till, string Role), string> _secrets = [];

    public static IEnumerable<SalesUnit> SalesUnits(IEnumerable<ShopStore> stores) => stores
        .DistinctBy(store => store.Msn)
        .Select(store => new SalesUnit(store.Msn, ClientId(store.Msn), ClientSecret, SubscriptionKey, store.Currency));

    public string SecretOf(int store, int till, string role) => _secrets[(store, till, role)];

    /// <summary>All that must never be seen in a log or on a disk.</summary>
    public IEnumerable<string> AllSecrets => _secrets.Values.Append(ClientSecret).Append(SubscriptionKey).Append(AdminToken);

    public JsonObject Write(Uri vipps, string dataFolder, (int Tills, int Webhooks, int Admin) ports, IReadOnlyList<ShopStore> stores, int tills)
    {
        var api = new JsonObject { ["BaseAddress"] = vipps.ToString() };
        return new JsonObject
        {
            ["Logging"] = new JsonObject { ["LogLevel"] = new JsonObject { ["Default"] = "Warning" }, ["Console"] = Silent() },
            ["Chain"] = new JsonObject { ["PseudonymSecret"] = Secret(32) },
            ["Storage"] = new JsonObject { ["Folder"] = dataFolder, ["KeyId"] = "k1", ["Keys"] = new JsonObject { ["k1"] = Secret(32) } },
            ["Timing"] = new JsonObject { ["FirstPoll"] = "00:00:00.5", ["NextPoll"] = "00:00:00.6", ["FirstRetry"] = "00:00:00.2" },
            ["Gateway"] = new JsonObject
            {
                ["Tills"] = new JsonObject { ["Port"] = ports.Tills, ["Watch"] = "00:00:00.5" },
                ["Webhooks"] = new JsonObject { ["Port"] = ports.Webhooks, ["PublicAddress"] = $"http://127.0.0.1:{ports.Webhooks}" },
                ["Admin"] = new JsonObject { ["Port"] = ports.Admin, ["Token"] = AdminToken },
            },
            ["Vipps"] = new JsonObject
            {
                ["CallTimeout"] = "00:00:02",
                ["AccessToken"] = api.DeepClone(),
                ["Qr"] = new JsonObject { ["BaseAddress"] = vipps.ToString(), ["Timeout"] = "00:00:01" },
                ["EPayment"] = api.DeepClone(),
                ["Webhooks"] = api.DeepClone(),
                ["SalesUnits"] = new JsonArray([.. SalesUnits(stores).Select(unit => new JsonObject
                {
                    ["MerchantSerialNumber"] = unit.Msn, ["ClientId"] = unit.ClientId, ["ClientSecret"] = unit.ClientSecret,
                    ["SubscriptionKey"] = unit.SubscriptionKey,
                })]),
            },
            ["Stores"] = new JsonArray([.. stores.Select(store => Store(store, tills))]),
        };
    }

    private JsonObject Store(ShopStore store, int tills) => new()
    {
        ["Number"] = store.Number, ["Name"] = "Storgata", ["MerchantSerialNumber"] = store.Msn, ["Country"] = store.Country,
        ["Currency"] = store.Currency, ["TimeZone"] = "Europe/Oslo", ["Language"] = store.Language,
        ["Tills"] = new JsonArray([.. Enumerable.Range(1, tills).Select(till => new JsonObject
        {
            ["Number"] = till,
            ["PosSecret"] = _secrets[(store.Number, till, TillRoles.Pos)] = Secret(24),
            ["ScannerSecret"] = _secrets[(store.Number, till, TillRoles.Scanner)] = Secret(24),
        })]),
    };

    /// <summary>Tests read logs where they are kept; a console full of them hides what failed.</summary>
    private static JsonObject Silent() => new() { ["LogLevel"] = new JsonObject { ["Default"] = "None" } };

    private static string ClientId(string msn) => $"0d9c2c2e-5a0b-4c6e-9f83-{msn.PadLeft(12, '0')}";

    private static string Secret(int bytes) => Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes));
}
