using System.Collections.Immutable;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Http;

namespace ChainCheckout.Simulator.Control;

internal sealed record StartedBody(string Address);

/// <param name="AfterSeconds">Simulated seconds between the push and the answer.</param>
internal sealed record ScriptBody(CustomerAnswer Answer, double AfterSeconds = 0);

/// <param name="AgeSeconds">Real seconds since the code was made.</param>
internal sealed record MintBody(double AgeSeconds = 0, bool Expired = false);

internal sealed record MintedBody(string QrToken);

internal sealed record StatsBody(
    ImmutableSortedDictionary<string, long> Calls,
    long WebhookDeliveries,
    int WebhooksWaiting,
    ImmutableSortedDictionary<string, long> Payments);

internal sealed record PlanBody(bool Approves, string At);

/// <summary>All that there is to know of a payment, for a test. The payer's number is left out.</summary>
internal sealed record TruthBody(
    string Msn,
    PaymentBody Payment,
    string ExpiresAt,
    PlanBody? Plan,
    EventBody[] Events);
