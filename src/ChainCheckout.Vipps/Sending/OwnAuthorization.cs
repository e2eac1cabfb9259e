using System.Text;

namespace ChainCheckout.Vipps.Sending;

/// <summary>
/// What a call shows instead of the sales unit's access token. No subscription key goes with it: beside another
/// authorization it can itself be the reason for a 401. A class, not a record: it must not print itself.
/// </summary>
/// <param name="namesCaller">Whether the sales unit and this system are named beside it.</param>
internal sealed class OwnAuthorization(string header, bool namesCaller)
{
    public string Header { get; } = header;

    public bool NamesCaller { get; } = namesCaller;

    /// <summary>
    /// RFC 6749, 2.3.1: both parts are form-encoded before they are joined, which leaves plain ones as they are.
    /// </summary>
    public static OwnAuthorization OfClient(string id, string secret)
    {
        var joined = $"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}";
        return new OwnAuthorization("Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes(joined)), true);
    }

    /// <summary>A customer's token says who asks, and for whom.</summary>
    public static OwnAuthorization OfCustomer(Secret token) => new("Bearer " + token.Reveal, false);
}
