using System.Collections.Immutable;

namespace ChainCheckout.Simulator.Http;

/// <summary>How often each call came, whatever became of it.</summary>
internal sealed class CallCounts
{
    private static readonly string[] Names =
    [
        "token", "exchange", "create", "get", "events", "capture", "cancel", "refund", "approve", "webhooks",
        "checkIn", "discovery", "userExists", "login", "loginToken", "userInfo", "loyalty",
    ];

    public static IReadOnlyList<string> AllNames => Names;

    private readonly long[] _counts = new long[Names.Length];

    public void Count(CallKind call) => Interlocked.Increment(ref _counts[IndexOf(call)]);

    public ImmutableSortedDictionary<string, long> All() =>
        Names
            .Select((name, index) => KeyValuePair.Create(name, Volatile.Read(ref _counts[index])))
            .ToImmutableSortedDictionary();

    /// <summary>The name that faults and counters know a call by; the three webhook calls share one.</summary>
    public static string NameOf(CallKind call) => Names[IndexOf(call)];

    private static int IndexOf(CallKind call) => call >= CallKind.CheckIn
        ? (int)call - (int)CallKind.CheckIn + (int)CallKind.RegisterWebhook
        : Math.Min((int)call, (int)CallKind.RegisterWebhook) - 1;
}
