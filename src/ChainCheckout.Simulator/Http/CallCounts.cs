using System.Collections.Immutable;

namespace ChainCheckout.Simulator.Http;

/// <summary>How often each call came, whatever became of it.</summary>
internal sealed class CallCounts
{
    private static readonly int Kinds = (int)CallKind.Control;

    private readonly long[] _counts = new long[Kinds];

    /// <summary>The names that faults and counters know the calls by.</summary>
    public static ImmutableArray<string> Names { get; } =
        [.. Enum.GetValues<CallKind>().Where(IsVendors).Select(NameOf).Distinct(StringComparer.Ordinal)];

    public void Count(CallKind call) => Interlocked.Increment(ref _counts[(int)call]);

    public long Of(CallKind call) => Volatile.Read(ref _counts[(int)call]);

    public ImmutableSortedDictionary<string, long> All() => Enum.GetValues<CallKind>()
        .Where(IsVendors)
        .GroupBy(NameOf, Of, StringComparer.Ordinal)
        .ToImmutableSortedDictionary(name => name.Key, name => name.Sum(), StringComparer.Ordinal);

    /// <summary>The three webhook calls share one name.</summary>
    public static string NameOf(CallKind call) => call switch
    {
        CallKind.Token => "token",
        CallKind.Exchange => "exchange",
        CallKind.Create => "create",
        CallKind.Get => "get",
        CallKind.Events => "events",
        CallKind.Capture => "capture",
        CallKind.Cancel => "cancel",
        CallKind.Refund => "refund",
        CallKind.Approve => "approve",
        CallKind.RegisterWebhook or CallKind.ListWebhooks or CallKind.DeleteWebhook => "webhooks",
        CallKind.CheckIn => "checkIn",
        CallKind.Discovery => "discovery",
        CallKind.UserExists => "userExists",
        CallKind.Login => "login",
        CallKind.LoginToken => "loginToken",
        CallKind.UserInfo => "userInfo",
        CallKind.Loyalty => "loyalty",
        _ => throw new ArgumentOutOfRangeException(nameof(call), call, "This is no call of the vendor's."),
    };

    private static bool IsVendors(CallKind call) => call is not (CallKind.Unknown or CallKind.Control);
}
