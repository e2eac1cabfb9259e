using System.Text;

namespace ChainCheckout.Simulator.Access;

/// <summary>A shop or channel of a merchant with its keys. Several units with the same keys make a partner.</summary>
/// <param name="Currency">The only currency that its market takes: NOK, DKK or EUR.</param>
/// <param name="SecondarySubscriptionKey">The other of the two interchangeable keys; null = none.</param>
/// <param name="PushAllowed">PUSH_MESSAGE needs an approval by the vendor: without it error 5080.</param>
/// <param name="LongLivingAllowed">So does <c>expiresAt</c>: error 5050.</param>
/// <param name="PartialCaptureAllowed">Without it a capture of less than the whole is error 6140.</param>
public sealed record SalesUnit(
    string Msn,
    string ClientId,
    string ClientSecret,
    string SubscriptionKey,
    string Currency = "NOK",
    string? SecondarySubscriptionKey = null,
    bool PushAllowed = true,
    bool LongLivingAllowed = false,
    bool PartialCaptureAllowed = true)
{
    /// <summary>Reads <c>msn:clientId:clientSecret:subscriptionKey[:currency]</c>, several divided by commas.</summary>
    public static IEnumerable<SalesUnit> ParseMany(string text) => text.Split(',').Select(Parse);

    internal bool Takes(string? subscriptionKey) =>
        subscriptionKey is not null
        && (subscriptionKey == SubscriptionKey || subscriptionKey == SecondarySubscriptionKey);

    // The fault never repeats the text: it holds a secret.
    private static SalesUnit Parse(string text)
    {
        var parts = text.Split(':');
        if (parts.Length is not (4 or 5) || parts.Any(string.IsNullOrWhiteSpace))
            throw new FormatException("A sales unit is written msn:clientId:clientSecret:subscriptionKey[:currency].");
        var unit = new SalesUnit(parts[0], parts[1], parts[2], parts[3]);
        return parts.Length == 5 ? unit with { Currency = parts[4] } : unit;
    }

    // A record prints all it holds; this one holds secrets.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Msn = ").Append(Msn).Append(", Currency = ").Append(Currency);
        return true;
    }
}
