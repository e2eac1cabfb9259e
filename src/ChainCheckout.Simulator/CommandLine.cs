using System.Globalization;
using System.Text.Json;
using ChainCheckout.Simulator.Access;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Login;

namespace ChainCheckout.Simulator;

/// <summary>Reads the simulator's command line. A settings file comes first, options after it override it.</summary>
internal static class CommandLine
{
    public const string Usage =
        "usage: [--settings FILE.json] [--host 127.0.0.1] [--port 0] [--ledger FILE] [--ledger-calls] "
        + "[--time-factor 60] [--script prompt|mixed] [--seed 7] [--allow-http-webhooks] "
        + "[--token-life SECONDS] [--webhook-workers 32] [--login-pings usual|twice|early|none] "
        + "[--loyalty-status 200|202] [--loyalty-away] [--loyalty-per-second-max 0] "
        + "[--sales-units msn:clientId:clientSecret:subscriptionKey[:currency],...]";

    /// <exception cref="ArgumentException">The command line is wrong; the message says what.</exception>
    public static SimulatorOptions Parse(IReadOnlyList<string> args)
    {
        var options = new SimulatorOptions();
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            options = name switch
            {
                "--ledger-calls" => options with { LedgerCalls = true },
                "--allow-http-webhooks" => options with { AllowHttpWebhooks = true },
                "--loyalty-away" => options with { LoyaltyAway = true },
                _ when i + 1 < args.Count => WithValue(options, name, args[++i]),
                _ => throw new ArgumentException($"{name} is not known, or lacks its value."),
            };
        }

        return options with { KeepLedger = false };
    }

    private static SimulatorOptions WithValue(SimulatorOptions options, string name, string value)
    {
        try
        {
            return name switch
            {
                "--settings" => Read(value),
                "--host" => options with { Host = value },
                "--port" => options with { Port = int.Parse(value, CultureInfo.InvariantCulture) },
                "--ledger" => options with { Ledger = value },
                "--time-factor" => options with { TimeFactor = double.Parse(value, CultureInfo.InvariantCulture) },
                "--script" => options with { Script = ScriptOf(value) },
                "--seed" => options with { Seed = int.Parse(value, CultureInfo.InvariantCulture) },
                "--token-life" => options with { TokenLifeSeconds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--webhook-workers" => options with { WebhookWorkers = int.Parse(value, CultureInfo.InvariantCulture) },
                "--login-pings" => options with { LoginPings = PingsOf(value) },
                "--loyalty-status" => options with { LoyaltyStatus = int.Parse(value, CultureInfo.InvariantCulture) },
                "--loyalty-per-second-max" =>
                    options with { LoyaltyPerSecondMax = int.Parse(value, CultureInfo.InvariantCulture) },
                "--sales-units" => options with { SalesUnits = [.. SalesUnit.ParseMany(value)] },
                _ => throw new ArgumentException($"{name} is not known."),
            };
        }
        catch (Exception failure) when (failure is FormatException or OverflowException or JsonException or IOException)
        {
            throw new ArgumentException($"The value of {name} is wrong: {failure.Message}", failure);
        }
    }

    private static SimulatorOptions Read(string file) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(file), SimulatorJson.Default.SimulatorOptions)
        ?? throw new JsonException("the file holds no settings");

    private static Script ScriptOf(string text) => text switch
    {
        "prompt" => Script.Prompt,
        "mixed" => Script.Mixed,
        _ => throw new FormatException("want prompt or mixed"),
    };

    private static LoginPings PingsOf(string text) => text switch
    {
        "usual" => LoginPings.Usual,
        "twice" => LoginPings.Twice,
        "early" => LoginPings.Early,
        "none" => LoginPings.None,
        _ => throw new FormatException("want usual, twice, early or none"),
    };
}
