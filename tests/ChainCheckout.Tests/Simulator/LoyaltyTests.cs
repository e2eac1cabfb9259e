using System.Text.Json.Nodes;
using ChainCheckout.Simulator;
using ChainCheckout.Simulator.Customers;

namespace ChainCheckout.Tests.Simulator;

[Collection(nameof(Timing))]
public sealed class LoyaltyTests : IAsyncLifetime
{
    private readonly Merchant _merchant = Start();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _merchant.DisposeAsync();

    [Fact]
    public void Event_Accepted_IsNotedOnce_HoweverOftenItComes()
    {
        Assert.Equal("""{"status":"accepted","eventId":"evt-1"}""", Post(Member()).Text);
        Assert.Equal(200, Post(Member()).Status);

        var line = Assert.Single(_merchant.World.Ledger.Lines());
        Assert.Equal(
            ("loyalty", _merchant.Msn, "evt-1", "benefits.member.updated", "m-000042"),
            (line.Kind, line.Msn, line.EventId, line.Event, line.ContactId));
        Assert.Equal((CustomerHandle.Of(Merchant.Phone), 190), (line.Customer, line.Balance));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65)]
    [InlineData(500)]
    public void EventId_OfAnyLength_IsTaken(int length)
    {
        var body = Member();
        body["eventId"] = new string('e', length);

        Assert.Equal(200, Post(body).Status);
        Assert.Equal(length, Assert.Single(_merchant.World.Ledger.Lines()).EventId!.Length);
    }

    [Fact]
    public async Task Event_SameIdInAnotherSalesUnit_IsAnotherEvent()
    {
        var demo = SimulatorOptions.DemoUnit;
        await using var partner = Start(new SimulatorOptions { SalesUnits = [demo, demo with { Msn = "654321" }] });

        partner.Post("/loyalty/v1/events", Member());
        partner.Headers["Merchant-Serial-Number"] = "654321";
        partner.Post("/loyalty/v1/events", Member());

        Assert.Equal([demo.Msn, "654321"], partner.World.Ledger.Lines().Select(line => line.Msn));
    }

    [Theory]
    [InlineData("Vipps-System-Name", null, 400)]
    [InlineData("Vipps-System-Version", null, 400)]
    [InlineData("Vipps-System-Plugin-Name", null, 400)]
    [InlineData("Vipps-System-Plugin-Version", "a version longer than thirty letters", 400)]
    [InlineData("Merchant-Serial-Number", null, 400)]
    [InlineData("Ocp-Apim-Subscription-Key", null, 401)]
    [InlineData("Authorization", null, 401)]
    public void Event_HeaderMissing_IsRefusedByName(string header, string? value, int status)
    {
        _merchant.Headers[header] = value;

        var reply = Post(Member());

        Assert.Equal(status, reply.Status);
        if (status == 400) Assert.Contains(header, (string)reply.Json["detail"]!, StringComparison.Ordinal);
        Assert.Empty(_merchant.World.Ledger.Lines());
    }

    [Theory]
    [InlineData("eventId", "\"\"")]
    [InlineData("eventId", null)]
    [InlineData("timestamp", "\"2026-10-20 10:00\"")]
    [InlineData("timestamp", "\"2026-13-20T10:00:00Z\"")]
    [InlineData("action", "\"benefits.member.deregistered\"")]
    [InlineData("action", "\"benefits.stampcard.updated\"")]
    [InlineData("payload", "[]")]
    [InlineData("extra", "1")]
    [InlineData("payload.contactId", null)]
    [InlineData("payload.phoneNumber", "\"4791234567\"")]
    [InlineData("payload.joinedOn", "\"yesterday\"")]
    [InlineData("payload.bonusPoints", """{"balance":1.5}""")]
    [InlineData("payload.bonusPoints", """{"balance":"190"}""")]
    [InlineData("payload.communicationPreferences", """{"acceptsEmail":true,"acceptsSms":false}""")]
    [InlineData("payload.tier", "\"gold\"")]
    public void Event_FieldWrong_IsAProblemThatNamesIt(string field, string? value)
    {
        var body = Member();
        var (place, name) = field.StartsWith("payload.", StringComparison.Ordinal)
            ? (body["payload"]!.AsObject(), field["payload.".Length..])
            : (body, field);
        if (value is null) place.Remove(name);
        else place[name] = JsonNode.Parse(value);

        var reply = Post(body);

        Assert.Equal((400, "application/problem+json"), (reply.Status, reply.ContentType));
        Assert.Contains(field, (string)reply.Json["detail"]!, StringComparison.Ordinal);
        Assert.Empty(_merchant.World.Ledger.Lines());
    }

    [Fact]
    public void CouponUpdated_AsPublished_IsAccepted_AndWithoutItsExpiryRefused()
    {
        var body = JsonNode.Parse("""
            {"eventId":"evt-2","timestamp":"2026-10-20T10:05:00Z","action":"benefits.coupon.updated",
             "payload":{"contactId":"m-000042","phoneNumber":"+4791234567",
              "coupon":{"id":"c-1","parentId":"campaign-7","heading":"20 % on jackets",
               "description":"In store and online","expiresOn":"2026-12-31T22:59:59Z","redeemed":false,
               "redemption":{"type":"online_and_in_store","link":"https://example.test/c","promotionCode":"J20"}}}}
            """)!.AsObject();
        Assert.Equal(200, Post(body).Status);
        Assert.Null(_merchant.World.Ledger.Lines()[0].Balance);

        body["eventId"] = "evt-3";
        body["payload"]!["coupon"]!.AsObject().Remove("expiresOn");

        Assert.Equal(400, Post(body).Status);
    }

    [Theory]
    [InlineData("benefits.member.deleted")]
    [InlineData("benefits.coupons.synced")]
    [InlineData("benefits.bonusCheck.created")]
    public void Event_WhosePayloadIsUnpublished_NeedsTheTwoIdsOnly(string action)
    {
        var body = Member();
        body["action"] = action;
        body["payload"] = JsonNode.Parse("""{"contactId":"m-000042","phoneNumber":"+4791234567","anything":[1]}""");
        Assert.Equal(200, Post(body).Status);

        body["payload"]!.AsObject().Remove("contactId");

        Assert.Equal(400, Post(body).Status);
    }

    [Fact]
    public void Away_EveryCallIs503WithoutEffect_UntilItIsBack()
    {
        _merchant.World.LoyaltyAway = true;
        Assert.Equal(503, Post(Member()).Status);
        Assert.Empty(_merchant.World.Ledger.Lines());

        _merchant.World.LoyaltyAway = false;

        Assert.Equal(200, Post(Member()).Status);
        Assert.Single(_merchant.World.Ledger.Lines());
    }

    [Fact]
    public async Task Accepted_CanBe202()
    {
        await using var merchant = Start(new SimulatorOptions { LoyaltyStatus = 202 });

        Assert.Equal((202, ""), Of(merchant.Post("/loyalty/v1/events", Member())));
    }

    [Fact]
    public async Task RateLimit_OverIt_Is429UntilTheSecondIsOver_InRealTime()
    {
        await using var merchant = Start(new SimulatorOptions { LoyaltyPerSecondMax = 2, TimeFactor = 60 });
        Reply Next() => merchant.Post("/loyalty/v1/events", Member());
        Assert.Equal([200, 200], [Next().Status, Next().Status]);

        var refused = Next();

        Assert.Equal((429, 1), (refused.Status, refused.RetryAfterSeconds));
        merchant.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, Next().Status);
    }

    private static Merchant Start(SimulatorOptions? options = null) => new(options)
    {
        Headers =
        {
            ["Vipps-System-Name"] = "chain",
            ["Vipps-System-Version"] = "1",
            ["Vipps-System-Plugin-Name"] = "till",
            ["Vipps-System-Plugin-Version"] = "2",
        },
    };

    private static JsonObject Member() => JsonNode.Parse("""
        {"eventId":"evt-1","timestamp":"2026-10-20T10:00:00Z","action":"benefits.member.updated",
         "payload":{"contactId":"m-000042","phoneNumber":"+4791234567","joinedOn":"2026-10-20T10:00:00Z",
          "bonusPoints":{"balance":190},
          "communicationPreferences":{"acceptsEmail":true,"acceptsSms":false,"acceptsPostal":false}}}
        """)!.AsObject();

    private static (int, string) Of(Reply reply) => (reply.Status, reply.Text);

    private Reply Post(JsonObject body) => _merchant.Post("/loyalty/v1/events", body);
}
