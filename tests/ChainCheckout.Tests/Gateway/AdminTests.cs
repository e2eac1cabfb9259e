using System.Net;
using System.Text.Json.Nodes;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Tests.EndToEnd;

namespace ChainCheckout.Tests.Gateway;

public sealed class AdminTests(ShopFixture fixture) : IClassFixture<ShopFixture>
{
    private readonly Shop _shop = fixture.Shop;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("admin-token-of-the-testS")]
    [InlineData("admin-token-of-the-tests-and-more")]
    public async Task WithoutTheToken_EveryPageIs401WithoutAWord(string? token)
    {
        using var admin = _shop.Admin(null);
        if (token is not null) admin.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");

        foreach (var page in new[] { "/admin/figures", "/admin/flagged", "/admin/payments/s1-t1-1-2", "/admin/sales/1/1/sale-1", "/admin/tills/1/1", "/none" })
        {
            var answer = await admin.GetAsync(page);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await admin.PostAsync("/admin/tills/1/1/release", null)).StatusCode);
    }

    [Fact]
    public async Task HealthNeedsNoToken()
    {
        using var admin = _shop.Admin(null);

        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/health/other")).StatusCode);
    }

    [Fact]
    public async Task APaymentsStory_TellsEachStepAndNothingPersonal()
    {
        var till = await _shop.TillAsync(1);
        var reference = await till.SellsAsync(_shop, "sale-1");
        await till.GetsDoneAsync(new TillCommand.Refund(reference, 500, "NOK", "Kari", "broken"));
        await till.SeesAsync(view => view.Refund?.Stage == "refunded");
        using var admin = _shop.Admin();

        var text = await admin.GetStringAsync($"/admin/payments/{reference}");
        var story = JsonNode.Parse(text)![0]!;

        Assert.Equal(("sale-1", "captured", 20_000, 500), ((string)story["saleId"]!, (string)story["stage"]!, (int)story["capturedMinor"]!, (int)story["refundedMinor"]!));
        var steps = story["timeline"]!.AsArray().Select(line => (string)line!["what"]!).ToArray();
        Assert.Contains(steps, step => step.StartsWith("asked for", StringComparison.Ordinal));
        Assert.Contains(steps, step => step.StartsWith("captured", StringComparison.Ordinal));
        Assert.Contains(steps, step => step.StartsWith("refunded", StringComparison.Ordinal));
        Assert.DoesNotContain("91234567", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/admin/payments/s1-t1-9-9")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/admin/payments/nonsense")).StatusCode);
    }

    [Fact]
    public async Task ASalesStory_HasBothAttemptsInTheirOrder()
    {
        _shop.Vipps.World.Tell("4791235901", CustomerAnswer.Refuse);
        var till = await _shop.TillAsync(2);
        var first = await till.AsksForPaymentAsync(_shop, "sale-2", customer: "4791235901");
        await till.SeesAsync("ready", "PaymentRefused");
        _shop.Vipps.World.Tell("4791235901", CustomerAnswer.Approve);
        var second = (await till.GetsDoneAsync(new TillCommand.Pay("sale-2", 20_000, "NOK"))).Reference!;
        await till.SeesAsync("paid");
        using var admin = _shop.Admin();

        var attempts = JsonNode.Parse(await admin.GetStringAsync("/admin/sales/1/2/sale-2"))!.AsArray();

        Assert.Equal($"{first} unpaid Refused, {second} captured ", string.Join(", ", attempts.Select(one => $"{one!["reference"]} {one["stage"]} {one["reason"]}")));
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/admin/sales/1/2/sale-3")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/admin/sales/1/3/sale-2")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/admin/sales/0/0/sale-2")).StatusCode);
    }

    [Theory]
    [InlineData(3, 7u, 0u)]
    [InlineData(4, 0u, 9u)]
    public async Task ATillThatRemembersMoreThanTheServer_IsHeldUntilReleased(int number, uint lastEpoch, uint lastAnswered)
    {
        await using var till = await RawTill.WelcomeAsync(_shop, number, lastEpoch: lastEpoch, lastAnswered: lastAnswered);
        using var admin = _shop.Admin();
        const string Pay = "\"type\":\"pay\",\"saleId\":\"sale-1\",\"amountMinor\":1000,\"currency\":\"NOK\"";
        await till.CommandAsync(1, "\"type\":\"phone\",\"phone\":\"91234567\",\"saleId\":\"sale-1\"");

        var held = await till.CommandAsync(2, Pay);
        var told = JsonNode.Parse(await admin.GetStringAsync($"/admin/tills/1/{number}"))!;
        var flagged = await admin.GetStringAsync("/admin/flagged");
        var released = await admin.PostAsync($"/admin/tills/1/{number}/release", null);
        var paid = await till.CommandAsync(3, Pay);

        Assert.Equal(("refused", "Held"), (held["status"], held["code"]));
        Assert.NotNull(told["held"]);
        Assert.Contains($"0001-{number:00}", flagged, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, released.StatusCode);
        Assert.Equal(("done", "PushOrdered"), (paid["status"], paid["code"]));
        Assert.DoesNotContain($"0001-{number:00}", await admin.GetStringAsync("/admin/flagged"), StringComparison.Ordinal);
        Assert.Contains(_shop.Logs.All, line => line.Id.Id == 2001 && line.Text.Contains($"0001-{number:00}", StringComparison.Ordinal));
        Assert.StartsWith($"s1-t{number}-{lastEpoch + 1}-", paid["reference"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Figures_CountWhatIsGoingOn()
    {
        var till = await _shop.TillAsync(5);
        await till.SellsAsync(_shop, "sale-5");
        using var admin = _shop.Admin();

        var figures = JsonNode.Parse(await admin.GetStringAsync("/admin/figures"))!;
        var today = JsonNode.Parse(await admin.GetStringAsync("/admin/tills/1/5"))!;

        Assert.True((long)figures["saves"]! > 0 && (int)figures["sessions"]! > 0 && (int)figures["connections"]! > 0 && (int)figures["actorsLive"]! > 0);
        Assert.True((long)figures["vippsCalls"]!["epayment.capture.ok"]! > 0);
        Assert.Equal((1, 20_000), ((int)today["paid"]!, (int)today["paidMinor"]!));
    }

    [Fact]
    public async Task TheAdminDoor_TakesNoWebhooksAndReleasesNobodyByGet()
    {
        using var admin = _shop.Admin();

        Assert.Equal(HttpStatusCode.NotFound, (await admin.PostAsync($"/vipps/webhooks/{Shop.Msn}", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/admin/tills/1/1/release")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/admin/tills/1/100")).StatusCode);
    }
}
