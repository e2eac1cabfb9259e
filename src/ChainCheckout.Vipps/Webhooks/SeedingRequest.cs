using System.Text.Json;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Vipps.Webhooks;

/// <summary>
/// The body of <c>benefits.membership.seeding.v1</c>. It is not published: whichever of the vendor's two words for a phone
/// number is there, at the top or one object deeper, with or without a plus, names the member.
/// </summary>
internal static class SeedingRequest
{
    private static readonly string[] Names = ["phoneNumber", "msisdn"];

    /// <summary>Null for any other body.</summary>
    public static Msisdn? TryRead(ReadOnlySpan<byte> body)
    {
        if (JsonFields.ParseOrNull(body) is not { } root) return null;
        return Find(root) ?? root.EnumerateObject().Select(property => Find(property.Value)).FirstOrDefault(found => found is not null);
    }

    private static Msisdn? Find(JsonElement element)
    {
        foreach (var name in Names)
        {
            if (Msisdn.TryParse(JsonFields.Text(element, name).TrimStart('+'), out var phone)) return phone;
        }

        return null;
    }
}
