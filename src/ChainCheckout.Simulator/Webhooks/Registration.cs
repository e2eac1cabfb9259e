using System.Collections.Immutable;

namespace ChainCheckout.Simulator.Webhooks;

/// <summary>An address that wants to be told.</summary>
/// <param name="Msn">The sales unit; null = all units of the client, a partner's registration.</param>
internal sealed record Registration(
    Guid Id,
    string? Msn,
    string ClientId,
    Uri Url,
    string Secret,
    ImmutableArray<string> Events)
{
    public bool Wants(string msn, string eventType, IReadOnlySet<string> unitsOfClient) =>
        Events.Contains(eventType) && (Msn is null ? unitsOfClient.Contains(msn) : Msn == msn);
}
