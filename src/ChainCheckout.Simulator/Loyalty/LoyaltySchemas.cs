using System.Text.RegularExpressions;
using ChainCheckout.Simulator.Schemas;

namespace ChainCheckout.Simulator.Loyalty;

/// <summary>
/// The eleven events, as far as they are published. Of the others only the two ids are known, so the rest of their
/// payload passes.
/// </summary>
internal static partial class LoyaltySchemas
{
    private const string Registered = "benefits.member.registered";
    private const string Updated = "benefits.member.updated";
    private const string CouponUpdated = "benefits.coupon.updated";

    private static readonly string[] Actions =
    [
        Registered, Updated, "benefits.member.deleted",
        CouponUpdated, "benefits.coupon.deleted", "benefits.coupons.synced",
        "benefits.stampCard.updated", "benefits.stampCard.deleted", "benefits.stampCards.synced",
        "benefits.bonusCheck.created", "benefits.bonusCheck.deleted",
    ];

    private static readonly Field ContactId = new("contactId", new TextSchema(Min: 1), Required: true);

    private static readonly Field PhoneNumber =
        new("phoneNumber", new TextSchema(Pattern: PhonePattern()), Required: true);

    private static readonly ObjectSchema Member = new(
        ContactId,
        PhoneNumber,
        new Field("joinedOn", new InstantSchema(), Required: true),
        new Field(
            "bonusPoints",
            new ObjectSchema(new Field("balance", new WholeSchema(), Required: true)),
            Required: true),
        new Field(
            "communicationPreferences",
            new ObjectSchema(
                new Field("acceptsEmail", new FlagSchema(), Required: true),
                new Field("acceptsSms", new FlagSchema(), Required: true),
                new Field("acceptsPostal", new FlagSchema(), Required: true)),
            Required: true));

    private static readonly ObjectSchema WithCoupon = new(
        ContactId,
        PhoneNumber,
        new Field(
            "coupon",
            new ObjectSchema(
                new Field("id", new TextSchema(Min: 1), Required: true),
                new Field("parentId", new TextSchema(Min: 1)),
                new Field("heading", new TextSchema(Min: 1), Required: true),
                new Field("description", new TextSchema()),
                new Field("expiresOn", new InstantSchema(), Required: true),
                new Field("redeemed", new FlagSchema(), Required: true),
                new Field("redemption", new ObjectSchema(
                    new Field("type", new TextSchema(Min: 1), Required: true),
                    new Field("link", new TextSchema()),
                    new Field("promotionCode", new TextSchema())))),
            Required: true));

    private static readonly ObjectSchema Ids = new(ContactId, PhoneNumber) { Open = true };

    public static ObjectSchema Event { get; } = new(
        new Field("eventId", new TextSchema(Min: 1), Required: true),
        new Field("timestamp", new InstantSchema(), Required: true),
        new Field("action", new TextSchema(OneOf: Actions), Required: true),
        new Field("payload", new ObjectSchema { Open = true }, Required: true));

    public static ObjectSchema PayloadOf(string action) => action switch
    {
        Registered or Updated => Member,
        CouponUpdated => WithCoupon,
        _ => Ids,
    };

    [GeneratedRegex(@"^\+[1-9][0-9]{8,14}\z")]
    private static partial Regex PhonePattern();
}
