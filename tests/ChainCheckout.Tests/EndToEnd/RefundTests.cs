using ChainCheckout.Client;
using ChainCheckout.Core.Ports;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Standalone.Actors;
using ChainCheckout.Tests.Gateway;
using Microsoft.Extensions.DependencyInjection;

namespace ChainCheckout.Tests.EndToEnd;

public sealed class RefundTests(RefundTests.TwoStores fixture) : IClassFixture<RefundTests.TwoStores>
{
    private readonly Shop _shop = fixture.Shop;

    public sealed class TwoStores : ShopFixture
    {
        private protected override ShopStore[] Stores => [ShopStore.Storgata, new ShopStore(2, Shop.Msn, "NO", "NOK")];
    }

    [Fact]
    public async Task APartAndThenTheRest_AreRefundedOnceEach()
    {
        var till = await _shop.TillAsync(1);
        var reference = await till.SellsAsync(_shop, "sale-1");

        await RefundsAsync(till, reference, 5_000);
        await RefundsAsync(till, reference, 15_000);

        Assert.Equal([5_000, 15_000], _shop.Ledger(reference, "refunded").Select(line => line.AmountMinor!.Value));
        Assert.Equal(20_000, _shop.AtVipps(reference)!.RefundedMinor);
    }

    [Fact]
    public async Task AnotherTillOfTheStore_MayRefund()
    {
        var seller = await _shop.TillAsync(2);
        var counter = await _shop.TillAsync(3);
        var reference = await seller.SellsAsync(_shop, "sale-2");

        await RefundsAsync(counter, reference, 20_000);

        Assert.Equal(20_000, _shop.AtVipps(reference)!.RefundedMinor);
        Assert.Null(seller.View!.Refund);
    }

    [Fact]
    public async Task AnotherStore_MayNotRefund()
    {
        var seller = await _shop.TillAsync(4);
        var elsewhere = await _shop.TillAsync(4, store: 2);
        var reference = await seller.SellsAsync(_shop, "sale-4");

        await elsewhere.IsRefusedAsync(new TillCommand.Refund(reference, 20_000, "NOK", "Kari", "broken"), "RefundOtherStore", "reference");

        Assert.Equal(0, _shop.AtVipps(reference)!.RefundedMinor);
    }

    [Theory]
    [InlineData(5, 20_001, "RefundTooLarge")]
    [InlineData(6, 65_000_000, "RefundTooLarge")]
    public async Task MoreThanWasPaid_IsRefused(int number, long amountMinor, string code)
    {
        var till = await _shop.TillAsync(number);
        var reference = await till.SellsAsync(_shop, $"sale-{number}");

        await till.GetsDoneAsync(new TillCommand.Refund(reference, amountMinor, "NOK", "Kari", "broken"));
        var refused = await till.SeesAsync(view => view.Refund?.Stage == "refused");

        Assert.Equal(code, refused.Refund!.Code);
        Assert.Empty(_shop.Ledger(reference, "refunded"));
    }

    [Fact]
    public async Task AReferenceThatNobodyKnows_IsRefused()
    {
        var till = await _shop.TillAsync(7);

        await till.GetsDoneAsync(new TillCommand.Refund("s1-t7-77-77", 100, "NOK", "Kari", "broken"));
        var refused = await till.SeesAsync(view => view.Refund?.Stage == "refused");
        await till.IsRefusedAsync(new TillCommand.Refund("another-systems", 100, "NOK", "Kari", "broken"), "RefundUnknownPayment", "reference");

        Assert.Equal("RefundUnknownPayment", refused.Refund!.Code);
    }

    [Fact]
    public async Task APaymentThatWasCancelled_CannotBeRefunded()
    {
        _shop.Vipps.World.Tell("4791234601", CustomerAnswer.Refuse);
        var till = await _shop.TillAsync(8);
        var reference = await till.AsksForPaymentAsync(_shop, "sale-8", customer: "4791234601");
        await till.SeesAsync("ready", "PaymentRefused");

        await till.GetsDoneAsync(new TillCommand.Refund(reference, 100, "NOK", "Kari", "broken"));

        Assert.Equal("RefundNotPaid", (await till.SeesAsync(view => view.Refund?.Stage == "refused")).Refund!.Code);
    }

    [Fact]
    public async Task ARefundSentTwiceUnderItsNumber_IsOneRefundWithOneReply()
    {
        var seller = await _shop.TillAsync(9);
        var reference = await seller.SellsAsync(_shop, "sale-9");
        await using var till = await RawTill.WelcomeAsync(_shop, 10);
        var refund = $$"""
            "type":"refund","reference":"{{reference}}","amountMinor":700,"currency":"NOK","by":"Kari","why":"broken"
            """;

        var first = await till.CommandAsync(1, refund);
        await Shop.UntilAsync(() => _shop.Ledger(reference, "refunded").Count > 0, "a refund");
        var second = await till.CommandAsync(1, refund);
        await Task.Delay(200);

        Assert.Equal(first.Json, second.Json);
        Assert.Single(_shop.Ledger(reference, "refunded"));
    }

    [Fact]
    public async Task APaymentForgottenHere_IsReadBackForItsRefund()
    {
        var till = await _shop.TillAsync(11);
        var reference = await till.SellsAsync(_shop, "sale-11");
        await ForgetEverythingSettledAsync();

        await till.GetsDoneAsync(new TillCommand.Refund(reference, 20_000, "NOK", "Kari", "broken"));
        var refunded = await till.SeesAsync(view => view.Refund?.Stage is "refunded" or "refused");

        Assert.Equal("RefundDoneWithoutPoints", refunded.Refund!.Code);
        Assert.Equal(20_000, Assert.Single(_shop.Ledger(reference, "refunded")).AmountMinor);
    }

    [Fact]
    public async Task MoreThanAForgottenPaymentHas_IsRefused()
    {
        var till = await _shop.TillAsync(12);
        var reference = await till.SellsAsync(_shop, "sale-12");
        await RefundsAsync(till, reference, 15_000);
        await ForgetEverythingSettledAsync();

        await till.GetsDoneAsync(new TillCommand.Refund(reference, 5_001, "NOK", "Kari", "broken"));
        var refused = await till.SeesAsync(view => view.Refund is { Stage: "refused", AmountMinor: 5_001 });

        Assert.Equal("RefundTooLarge", refused.Refund!.Code);
        Assert.Equal(15_000, _shop.AtVipps(reference)!.RefundedMinor);
    }

    private static async Task RefundsAsync(Till till, string reference, long amountMinor)
    {
        var reply = await till.GetsDoneAsync(new TillCommand.Refund(reference, amountMinor, "NOK", "Kari", "broken"));
        Assert.Equal(reference, reply.Reference);
        var seen = await till.SeesAsync(view => view.Refund is { Stage: not "refunding" } refund && refund.AmountMinor == amountMinor);
        Assert.Equal(("refunded", "RefundDone"), (seen.Refund!.Stage, seen.Refund.Code));
    }

    /// <summary>As if eight days had passed.</summary>
    private async Task ForgetEverythingSettledAsync()
    {
        var storage = _shop.Services.GetRequiredService<IActorStorage>();
        Assert.True(await storage.ForgetAsync(TimeProvider.System.GetUtcNow().AddDays(9), 10_000) > 0);
        await _shop.Services.GetRequiredService<InProcessActors>().RetireIdleAsync(TimeSpan.Zero);
    }
}
