using System.Text.Json.Nodes;

namespace ChainCheckout.Cli.Demos;

/// <summary>Time in the demo: the simulated Vipps lives faster, and the server's waits for it are shortened to
/// match.</summary>
public static class DemoTimes
{
    /// <summary>Simulated seconds in a real one: a push left alone expires after 4.6 s instead of 10 minutes.</summary>
    public const double Factor = 130;

    /// <summary>The server's section <c>Timing</c>. What follows Vipps' clock is divided; the polls are only made
    /// brisk.</summary>
    public static JsonObject Timing() => new()
    {
        ["Window"] = Text(TimeSpan.FromMinutes(10) / Factor),
        ["NotFoundFinal"] = Text(TimeSpan.FromMinutes(15) / Factor),
        ["MutationWindow"] = Text(TimeSpan.FromMinutes(1) / Factor),
        ["FirstPoll"] = Text(TimeSpan.FromSeconds(1)),
        ["NextPoll"] = Text(TimeSpan.FromSeconds(0.5)),
        ["SlowPoll"] = Text(TimeSpan.FromSeconds(1)),
        ["FirstRetry"] = Text(TimeSpan.FromSeconds(0.1)),
        ["LastRetry"] = Text(TimeSpan.FromSeconds(2)),
        ["AskPayment"] = Text(TimeSpan.FromSeconds(5)),
        ["AskAgain"] = Text(TimeSpan.FromSeconds(0.2)),
        ["AwayMax"] = Text(TimeSpan.FromSeconds(30)),
        ["HoldMax"] = Text(TimeSpan.FromSeconds(3)),
        ["PublishDelay"] = Text(TimeSpan.FromSeconds(1)),
    };

    private static string Text(TimeSpan wait) => wait.ToString("c");
}
