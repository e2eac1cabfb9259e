using System.Collections.Immutable;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Login;

namespace ChainCheckout.Simulator.Control;

internal sealed record StartedBody(string Address);

/// <param name="AfterSeconds">Simulated seconds between the push and the answer.</param>
internal sealed record ScriptBody(CustomerAnswer Answer, double AfterSeconds = 0);

/// <param name="AfterSeconds">Simulated seconds between the push and the answer.</param>
internal sealed record LoginScriptBody(
    LoginAnswer Answer,
    double AfterSeconds = 0,
    bool Email = false,
    bool Sms = false,
    string? Phone = null,
    bool WithoutPhone = false,
    string? Sub = null);

internal sealed record LoginPingsBody(LoginPings Pings);

/// <param name="Body">Sent as it is.</param>
internal sealed record AnyWebhookBody(string Msn, string Event, System.Text.Json.JsonElement Body);

/// <param name="AgeSeconds">Real seconds since the code was made.</param>
internal sealed record MintBody(double AgeSeconds = 0, bool Expired = false);

internal sealed record MintedBody(string QrToken);

internal sealed record StatsBody(
    ImmutableSortedDictionary<string, long> Calls,
    long WebhookDeliveries,
    int WebhooksWaiting,
    ImmutableSortedDictionary<string, long> Payments,
    LoyaltyStatsBody Loyalty);

/// <param name="Posts">Every call, the refused ones and those while it was away included.</param>
/// <param name="Events">Taken, each once.</param>
/// <param name="Repeats">Calls with an event that was there already.</param>
internal sealed record LoyaltyStatsBody(long Posts, int Events, long Repeats);

internal sealed record PlanBody(bool Approves, string At);

/// <summary>All that there is to know of a payment, for a test. The payer's number is left out.</summary>
internal sealed record TruthBody(
    string Msn,
    PaymentBody Payment,
    string ExpiresAt,
    PlanBody? Plan,
    EventBody[] Events);
