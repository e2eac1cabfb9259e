using System.Text;
using ChainCheckout.Simulator.Access;
using ChainCheckout.Simulator.Http;

namespace ChainCheckout.Simulator.Login;

/// <summary>
/// Who calls: a client by Basic authentication, or a partner by its access token. The subscription key of the other
/// APIs has no place here.
/// </summary>
internal sealed class LoginGate(IReadOnlyList<SalesUnit> units, AccessTokens tokens)
{
    private const string Basic = "Basic ";
    private const string Bearer = "Bearer ";

    /// <returns>The sales unit, or null and what to answer.</returns>
    public SalesUnit? UnitOf(ApiRequest request, out Answer? refused)
    {
        var owned = OwnedBy(request.Header("Authorization") ?? "");
        var msn = request.Header("Merchant-Serial-Number");
        refused = null;
        if (owned.Count > 1 && string.IsNullOrEmpty(msn))
        {
            refused = Problems.OAuth(400, "invalid_request", "A partner must send Merchant-Serial-Number.");
            return null;
        }

        var unit = owned.Find(unit => string.IsNullOrEmpty(msn) || unit.Msn == msn);
        if (unit is null) refused = Problems.OAuth(401, "invalid_client", "The client is not known.");
        return unit;
    }

    private List<SalesUnit> OwnedBy(string authorization)
    {
        if (authorization.StartsWith(Bearer, StringComparison.Ordinal))
            return tokens.ClientOf(authorization[Bearer.Length..]) is { } client
                ? [.. units.Where(unit => unit.ClientId == client)]
                : [];
        if (!authorization.StartsWith(Basic, StringComparison.Ordinal)) return [];
        var encoded = authorization[Basic.Length..];
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var written)) return [];
        var pair = Encoding.UTF8.GetString(bytes, 0, written);
        return [.. units.Where(unit => pair == $"{unit.ClientId}:{unit.ClientSecret}" || pair == Standard(unit))];
    }

    /// <summary>RFC 6749, 2.3.1 has both parts form-encoded; the vendor's examples do without.</summary>
    private static string Standard(SalesUnit unit) => $"{Uri.EscapeDataString(unit.ClientId)}:{Uri.EscapeDataString(unit.ClientSecret)}";
}
