using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Faults;

namespace ChainCheckout.Tests.EndToEnd;

public sealed class WebhookFaultTests(ShopFixture fixture) : IClassFixture<ShopFixture>
{
    private readonly Shop _shop = fixture.Shop;

    [Theory]
    [InlineData(1, FaultKind.Lose, null)]
    [InlineData(2, FaultKind.Duplicate, null)]
    [InlineData(3, FaultKind.Reorder, null)]
    [InlineData(4, FaultKind.Garbage, null)]
    [InlineData(5, FaultKind.Status, true)]
    [InlineData(6, FaultKind.Delay, null)]
    public async Task WebhooksThatGoWrong_ChangeNothingOfTheOutcome(int number, FaultKind kind, bool? effect)
    {
        var customer = $"479123530{number}";
        var reference = $"s1-t{number}-1-2";
        _shop.Vipps.World.Tell(customer, CustomerAnswer.Manual);
        _shop.Vipps.World.Faults.Add(new FaultRule("webhookDelivery", kind, effect, DelayMs: 400, Reference: reference));
        var till = await _shop.TillAsync(number);

        await till.AsksForPaymentAsync(_shop, "sale-1", customer: customer);
        await till.SeesAsync("paying", "WaitingForCustomer");
        _shop.Vipps.World.Approve(Shop.Msn, reference);
        await till.SeesAsync("paid");

        Assert.Single(_shop.Ledger(reference, "captured"));
        Assert.True(_shop.Struck(reference) > 0, "The fault never struck.");
    }

    [Fact]
    public async Task AWebhookAHundredTimesAtOnce_HasOneEffect()
    {
        _shop.Vipps.World.Tell("4791235311", CustomerAnswer.Manual);
        var till = await _shop.TillAsync(11);
        var reference = await till.AsksForPaymentAsync(_shop, "sale-1", customer: "4791235311");
        await till.SeesAsync("paying", "WaitingForCustomer");
        _shop.Vipps.World.Approve(Shop.Msn, reference);
        var forged = await Gateway.SignedWebhook.SecretOfAsync(_shop);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ =>
            Gateway.SignedWebhook.PostAsync(_shop, Gateway.SignedWebhook.Body(reference, "AUTHORIZED"), forged)));
        await till.SeesAsync("paid");

        Assert.All(answers, answer => Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode));
        Assert.Single(_shop.Ledger(reference, "captured"));
    }
}
