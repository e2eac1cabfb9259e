using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Vipps.Support;

namespace ChainCheckout.Tests.Vipps;

[Collection(nameof(Timing))]
public sealed class LoyaltyPublisherTests
{
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Vipps:Loyalty:BaseAddress"] = "https://vipps.test",
        ["Vipps:Loyalty:MerchantSerialNumber"] = "123456",
        ["Vipps:Loyalty:AwayRetry"] = "00:00:00.5",
        ["Vipps:Breaker:MinimumThroughput"] = "1000",
    };

    [Fact]
    public async Task AnEvent_IsSentWithAllThatIsKnownOfItsForm()
    {
        await using var vipps = new VippsSetup(settings: Settings);
        vipps.Stub.AnswerWith(202, "");
        var content = new LoyaltyContent.MemberUpdated(DateTimeOffset.UnixEpoch, 42, new Consents(true, false, false));

        Assert.IsType<VippsResult<bool>.Ok>(await PublishAsync(vipps, content));

        var call = Assert.Single(vipps.Stub.Calls);
        Assert.Equal(
            """{"eventId":"e-1","timestamp":"2026-10-20T10:00:00.000Z","action":"benefits.member.updated","payload":{"contactId":"m-1","phoneNumber":"\u002B4791234567","joinedOn":"1970-01-01T00:00:00.000Z","bonusPoints":{"balance":42},"communicationPreferences":{"acceptsEmail":true,"acceptsSms":false,"acceptsPostal":false}}}""",
            call.Text);
        Assert.All(
            ["Authorization", "Ocp-Apim-Subscription-Key", "Merchant-Serial-Number", "Vipps-System-Name", "Vipps-System-Version",
                "Vipps-System-Plugin-Name", "Vipps-System-Plugin-Version"],
            header => Assert.True(call.Headers.ContainsKey(header), header));
    }

    [Theory]
    [InlineData(400, "Refused")]
    [InlineData(422, "Refused")]
    [InlineData(403, "Later")]
    [InlineData(404, "Later")]
    [InlineData(429, "Later")]
    [InlineData(503, "Unknown")]
    public async Task OnlyAnAnswerAboutTheEventItself_IsARefusal(int status, string outcome)
    {
        await using var vipps = new VippsSetup(settings: Settings);
        vipps.Stub.AnswerWith(status, "{}");

        Assert.Equal(outcome, (await PublishAsync(vipps)).GetType().Name);
    }

    [Fact]
    public async Task WhileTheApiIsAway_NothingIsCalledButOneThatTries_AndItsSuccessOpensIt()
    {
        await using var vipps = new VippsSetup(settings: Settings);
        vipps.Stub.AnswerWith(503, "");
        for (var i = 0; i < 5; i++) await PublishAsync(vipps);

        var held = await PublishAsync(vipps);
        var calls = vipps.Stub.Calls.Count;
        vipps.Stub.AnswerWith(200, "{}");
        await Task.Delay(600);
        var probe = await PublishAsync(vipps);
        var next = await PublishAsync(vipps);

        Assert.True(Assert.IsType<VippsResult<bool>.Later>(held).RetryAfter >= TimeSpan.FromSeconds(0.5));
        Assert.Equal(5, calls);
        Assert.IsType<VippsResult<bool>.Ok>(probe);
        Assert.IsType<VippsResult<bool>.Ok>(next);
        Assert.Equal(7, vipps.Stub.Calls.Count);
    }

    [Fact]
    public async Task AStampCard_StaysHereWhileItsPayloadIsUnknown()
    {
        await using var vipps = new VippsSetup(settings: Settings);

        Assert.IsType<VippsResult<bool>.Ok>(await PublishAsync(vipps, new LoyaltyContent.StampCardUpdated(new StampCard("s", "Coffees", 1, 10))));
        Assert.Empty(vipps.Stub.Calls);
    }

    private static Task<VippsResult<bool>> PublishAsync(VippsSetup vipps, LoyaltyContent? content = null)
    {
        var happened = new LoyaltyEvent(
            VippsSetup.Msn, "e-1", new DateTimeOffset(2026, 10, 20, 10, 0, 0, TimeSpan.Zero), "m-1", VippsSetup.Customer(), content ?? new LoyaltyContent.MemberDeleted());
        return vipps.Publisher.PublishAsync(new CustomerId("c"), happened, default);
    }
}
