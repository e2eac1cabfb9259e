using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Vipps.Support;

namespace ChainCheckout.Tests.Vipps;

/// <summary>What an event looks like on its way to the benefits tab.</summary>
public sealed class LoyaltyApiTests
{
    private static readonly DateTimeOffset Joined = new(2026, 10, 20, 12, 0, 0, 5, TimeSpan.FromHours(2));
    private static readonly DateTimeOffset Ends = new(2026, 12, 31, 22, 59, 59, TimeSpan.Zero);

    private static readonly BonusCheck Check = new("b-1", "50 kr", "For 500 points", new Money(5_000, Currency.NOK), Ends, 500);

    public static TheoryData<LoyaltyContent, string, string> Contents => new()
    {
        {
            new LoyaltyContent.MemberRegistered(Joined, 0, new Consents(true, false, false)), "benefits.member.registered",
            ""","joinedOn":"2026-10-20T10:00:00.005Z","bonusPoints":{"balance":0}""" +
            ""","communicationPreferences":{"acceptsEmail":true,"acceptsSms":false,"acceptsPostal":false}"""
        },
        {
            new LoyaltyContent.MemberUpdated(Joined, 1_250, new Consents(false, true, true)), "benefits.member.updated",
            ""","joinedOn":"2026-10-20T10:00:00.005Z","bonusPoints":{"balance":1250}""" +
            ""","communicationPreferences":{"acceptsEmail":false,"acceptsSms":true,"acceptsPostal":true}"""
        },
        { new LoyaltyContent.MemberDeleted(), "benefits.member.deleted", "" },
        {
            new LoyaltyContent.CouponUpdated(new Coupon("c-1", "spring", "20 %", "On jackets", Ends, false, "J20")),
            "benefits.coupon.updated",
            ""","coupon":{"id":"c-1","parentId":"spring","heading":"20 %","description":"On jackets" """.TrimEnd() +
            ""","expiresOn":"2026-12-31T22:59:59.000Z","redeemed":false""" +
            ""","redemption":{"type":"online_and_in_store","promotionCode":"J20"}}"""
        },
        {
            new LoyaltyContent.CouponUpdated(new Coupon("c-1", "spring", "20 %", "", Ends, true, "")),
            "benefits.coupon.updated",
            ""","coupon":{"id":"c-1","parentId":"spring","heading":"20 %","description":"" """.TrimEnd() +
            ""","expiresOn":"2026-12-31T22:59:59.000Z","redeemed":true,"redemption":{"type":"online_and_in_store"}}"""
        },
        { new LoyaltyContent.CouponDeleted("c-1"), "benefits.coupon.deleted", ""","coupon":{"id":"c-1"}""" },
        {
            new LoyaltyContent.StampCardUpdated(new StampCard("coffee", "Coffees", 3, 10)), "benefits.stampCard.updated",
            ""","stampCard":{"id":"coffee","heading":"Coffees","stamps":3,"stampsRequired":10}"""
        },
        {
            new LoyaltyContent.BonusCheckCreated(Check), "benefits.bonusCheck.created",
            ""","bonusCheck":{"id":"b-1","heading":"50 kr","description":"For 500 points" """.TrimEnd() +
            ""","amount":{"currency":"NOK","value":5000},"expiresOn":"2026-12-31T22:59:59.000Z"}"""
        },
        { new LoyaltyContent.BonusCheckDeleted("b-1"), "benefits.bonusCheck.deleted", ""","bonusCheck":{"id":"b-1"}""" },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task Event_CarriesItsActionAndPayload(LoyaltyContent content, string action, string rest)
    {
        await using var vipps = new VippsSetup(
            settings: new() { ["Vipps:Loyalty:SendStampCards"] = "true", ["Vipps:Loyalty:SendBonusChecks"] = "true" });
        vipps.Stub.AnswerWith(202, "");

        Assert.Equal(new VippsResult<bool>.Ok(true), await PublishAsync(vipps, content));

        var sent = Assert.Single(vipps.Stub.Calls);
        Assert.Equal(("POST", "/loyalty/v1/events"), (sent.Method, sent.Path));
        Assert.Equal(
            """{"eventId":"evt-1","timestamp":"2026-10-20T10:00:00.005Z","action":""" + $"\"{action}\"" +
            ""","payload":{"contactId":"m-42","phoneNumber":"\u002B4791234567" """.TrimEnd() + rest + "}}",
            sent.Text);
    }

    [Fact]
    public async Task Event_CarriesEveryHeader()
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, "oops");

        await PublishAsync(vipps, new LoyaltyContent.MemberDeleted());

        var sent = Assert.Single(vipps.Stub.Calls);
        Assert.Equal(
            [
                "Accept", "Authorization", "Content-Length", "Content-Type", "Merchant-Serial-Number",
                "Ocp-Apim-Subscription-Key", "Vipps-System-Name", "Vipps-System-Plugin-Name",
                "Vipps-System-Plugin-Version", "Vipps-System-Version",
            ],
            sent.Headers.Keys.Append("Content-Length").Distinct().Order(StringComparer.Ordinal));
        Assert.Equal("Bearer token-1", sent.Headers["Authorization"]);
        Assert.Equal("application/json", sent.Headers["Content-Type"]);
    }

    public static TheoryData<LoyaltyContent, string> Unpublished => new()
    {
        { new LoyaltyContent.StampCardUpdated(new StampCard("c", "C", 1, 10)), "SendBonusChecks" },
        { new LoyaltyContent.BonusCheckCreated(Check), "SendStampCards" },
        { new LoyaltyContent.BonusCheckDeleted("b-1"), "SendStampCards" },
    };

    [Theory]
    [MemberData(nameof(Unpublished))]
    public async Task CardsAndChecks_AreKeptHere_UntilTheirOwnPayloadIsKnown(LoyaltyContent content, string other)
    {
        await using var vipps = new VippsSetup(settings: new() { [$"Vipps:Loyalty:{other}"] = "true" });

        var result = await PublishAsync(vipps, content);

        Assert.Equal(new VippsResult<bool>.Ok(true), result);
        Assert.Empty(vipps.Stub.Calls);
        Assert.Equal(0, vipps.Figures.Posts);
    }

    [Fact]
    public async Task RedemptionType_IsASetting()
    {
        await using var vipps = new VippsSetup(settings: new() { ["Vipps:Loyalty:RedemptionType"] = "in_store" });
        vipps.Stub.AnswerWith(200, "");

        await PublishAsync(vipps, new LoyaltyContent.CouponUpdated(new Coupon("c", "p", "h", "d", Ends, false, "")));

        Assert.Contains("""redemption":{"type":"in_store"}""", Assert.Single(vipps.Stub.Calls).Text);
    }

    private static Task<VippsResult<bool>> PublishAsync(VippsSetup vipps, LoyaltyContent content) =>
        vipps.Loyalty.PublishAsync(
            new CustomerId("c"),
            new LoyaltyEvent(VippsSetup.Msn, "evt-1", Joined, "m-42", VippsSetup.Customer(), content), default);
}
