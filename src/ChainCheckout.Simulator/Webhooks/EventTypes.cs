using System.Collections.Frozen;
using ChainCheckout.Simulator.Payments;

namespace ChainCheckout.Simulator.Webhooks;

/// <summary>The names of the events that can be registered for.</summary>
internal static class EventTypes
{
    public const string CheckedIn = "user.checked-in.v1";
    public const string LoginPing = "login.merchant-initiated.ping.v1";
    public const string Seeding = "benefits.membership.seeding.v1";

    private static readonly FrozenDictionary<PaymentEventName, string> OfPayments = Enum.GetValues<PaymentEventName>()
        .ToFrozenDictionary(name => name, name => $"epayments.payment.{name.ToString().ToLowerInvariant()}.v1");

    private static readonly FrozenSet<string> Known = OfPayments.Values
        .Concat([CheckedIn, LoginPing, Seeding])
        .ToFrozenSet(StringComparer.Ordinal);

    public static string Of(PaymentEventName name) => OfPayments[name];

    public static bool IsKnown(string eventType) => Known.Contains(eventType);

    /// <summary>How many registrations one sales unit may have for an event.</summary>
    public static int RegistrationsMax(string eventType) => eventType == CheckedIn ? 1 : 25;
}
