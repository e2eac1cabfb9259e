using System.Text.Json.Nodes;

namespace ChainCheckout.Cli.Demos;

/// <summary>
/// The weather of <c>--faults storm</c>: every call to Vipps may fail in its own ways, the effect and the answer apart;
/// webhooks come late, twice, in another order or never; and the server stands still for seconds.
/// </summary>
public static class DemoStorm
{
    public static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    /// <summary>From one pause, or the start, to the next.</summary>
    public static readonly TimeSpan BetweenMin = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan BetweenMax = TimeSpan.FromSeconds(9);

    private static readonly string[] Mutations = ["create", "capture", "cancel", "refund"];
    private static readonly string[] Reads = ["exchange", "get", "token", "userInfo", "loginToken"];

    /// <summary>In the simulator's own words, as its control API takes them; the first that strikes a call counts.</summary>
    public static string Rules()
    {
        var rules = new JsonArray();
        foreach (var call in Mutations)
        {
            Add(rules, call, "status", 0.02, ("status", 500), ("effect", true));
            Add(rules, call, "status", 0.02, ("status", 503), ("effect", false));
            Add(rules, call, "status", 0.01, ("status", 429), ("retryAfterSeconds", 1));
            Add(rules, call, "dropAnswer", 0.02, ("delayMs", 300));
            Add(rules, call, "dropAnswer", 0.01, ("delayMs", 300), ("effect", false));
            Add(rules, call, "resetMidBody", 0.02);
            Add(rules, call, "garbage", 0.01);
            Add(rules, call, "duplicate", 0.02);
            Add(rules, call, "delay", 0.02, ("delayMs", 800));
            Add(rules, call, "lateEffect", 0.01, ("delayMs", 800));
        }

        foreach (var call in Reads)
        {
            Add(rules, call, "status", 0.03, ("status", 500));
            Add(rules, call, "status", 0.01, ("status", 429), ("retryAfterSeconds", 1));
            Add(rules, call, "dropAnswer", 0.01, ("delayMs", 300));
            Add(rules, call, "delay", 0.02, ("delayMs", 800));
        }

        Add(rules, "get", "staleRead", 0.03);
        foreach (var call in (string[])["checkIn", "login", "loyalty"])
        {
            Add(rules, call, "status", 0.03, ("status", 500), ("effect", true));
            Add(rules, call, "status", 0.03, ("status", 503), ("effect", false));
            Add(rules, call, "dropAnswer", 0.02, ("delayMs", 300));
            Add(rules, call, "delay", 0.03, ("delayMs", 800));
        }

        Add(rules, "webhookDelivery", "lose", 0.1);
        Add(rules, "webhookDelivery", "duplicate", 0.1);
        Add(rules, "webhookDelivery", "reorder", 0.05);
        Add(rules, "webhookDelivery", "delay", 0.1, ("delayMs", 800));
        return rules.ToJsonString();
    }

    private static void Add(JsonArray rules, string call, string fault, double probability, params (string Name, JsonNode Value)[] more)
    {
        var rule = new JsonObject { ["call"] = call, ["fault"] = fault, ["probability"] = probability };
        foreach (var (name, value) in more) rule[name] = value;
        rules.Add(rule);
    }
}
