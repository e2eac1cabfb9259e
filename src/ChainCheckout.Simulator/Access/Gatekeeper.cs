using System.Diagnostics.CodeAnalysis;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Payments;

namespace ChainCheckout.Simulator.Access;

/// <summary>Who calls.</summary>
/// <param name="Unit">The sales unit; null when a partner registers a webhook for all of its units.</param>
/// <param name="Units">All units of the client's keys.</param>
internal sealed record Caller(SalesUnit? Unit, IReadOnlyList<SalesUnit> Units, string ClientId)
{
    public SalesUnit Required =>
        Unit ?? throw new InvalidOperationException("This call was let in without a sales unit.");
}

/// <summary>The gateway in front: token, subscription key, sales unit and the headers' forms, in that order.</summary>
internal sealed class Gatekeeper(IReadOnlyList<SalesUnit> units, AccessTokens tokens)
{
    private static readonly string[] SystemHeaders =
        ["Vipps-System-Name", "Vipps-System-Version", "Vipps-System-Plugin-Name", "Vipps-System-Plugin-Version"];

    /// <returns>What to answer if the call is not let in.</returns>
    public Answer? Check(ApiRequest request, [NotNull] out Caller? caller)
    {
        caller = Nobody;

        // The word is compared with its capital: the vendor refuses "bearer".
        var authorization = request.Header("Authorization");
        if (authorization is null || !authorization.StartsWith("Bearer ", StringComparison.Ordinal))
            return Problems.Gateway(401, "Unauthorized", request);
        if (tokens.ClientOf(authorization["Bearer ".Length..]) is not { } client)
            return Problems.Gateway(401, "Unauthorized. Access token is missing or invalid.", request);

        var key = request.Header("Ocp-Apim-Subscription-Key");
        if (string.IsNullOrEmpty(key))
            return Problems.Gateway(401, "Access denied due to missing subscription key.", request);
        var owned = units.Where(unit => unit.ClientId == client && unit.Takes(key)).ToList();
        if (owned.Count == 0) return Problems.Gateway(401, "Access denied due to invalid subscription key.", request);

        var refusal = FindUnit(request, owned, out var unit) ?? CheckForms(request);
        if (refusal is not null) return Problems.From(refusal, request);
        caller = new Caller(unit, owned, client);
        return null;
    }

    private static readonly Caller Nobody = new(null, [], "");

    private static Refusal? FindUnit(ApiRequest request, List<SalesUnit> owned, out SalesUnit? unit)
    {
        unit = null;
        var msn = request.Header("Merchant-Serial-Number");
        if (string.IsNullOrEmpty(msn))
        {
            if (NeedsUnit(request.Kind, owned.Count))
                return Refusal.OfField("Merchant-Serial-Number", "The header is required.");

            // A webhook registered without the header is a partner's, for all units.
            unit = request.Route.IsWebhooks && owned.Count > 1 ? null : owned[0];
            return null;
        }

        if (msn.Length is < 4 or > 10 || msn.Any(character => !char.IsAsciiDigit(character)))
            return Refusal.OfField("Merchant-Serial-Number", "Must be 4 to 10 digits.");
        unit = owned.Find(candidate => candidate.Msn == msn);
        return unit is null ? new Refusal(403, "The sales unit does not belong to these keys", []) : null;
    }

    /// <summary>A check-in shows the shop's name, so a partner must say which of its shops it is.</summary>
    private static bool NeedsUnit(CallKind call, int owned) => call switch
    {
        >= CallKind.Create and <= CallKind.Approve or CallKind.Loyalty => true,
        CallKind.CheckIn => owned > 1,
        _ => false,
    };

    private static Refusal? CheckForms(ApiRequest request)
    {
        foreach (var name in SystemHeaders)
        {
            var value = request.Header(name);
            if (value is { Length: > Limits.SystemHeaderMax })
                return Refusal.OfField(name, "Must have at most 30 characters.");
            if (request.Kind == CallKind.Loyalty && string.IsNullOrEmpty(value))
                return Refusal.OfField(name, "The header is required.");
        }

        if (request.Body.Length == 0) return null;
        var type = request.Header("Content-Type");
        return type is not null && type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
            ? null
            : new Refusal(415, "The content type must be application/json", []);
    }
}
