using System.Text.Json.Nodes;
using ChainCheckout.Client;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Faults;

namespace ChainCheckout.Tests.EndToEnd;

/// <summary>Each fault strikes the payment of one test alone: a fresh till's first payment has a reference that can be foretold.</summary>
public sealed class VippsFaultTests(VippsFaultTests.Patient fixture) : IClassFixture<VippsFaultTests.Patient>
{
    private readonly Shop _shop = fixture.Shop;

    public sealed class Patient : ShopFixture
    {
        // Faults are few beside the calls of all tests; the breaker has tests of its own.
        private protected override void Change(JsonObject settings) =>
            settings["Vipps"]!["Breaker"] = new JsonObject { ["MinimumThroughput"] = 1_000 };
    }

    [Theory]
    [InlineData(1, "create", FaultKind.ResetMidBody, true, null, null, null)]
    [InlineData(2, "create", FaultKind.DropAnswer, true, null, null, null)]
    [InlineData(3, "create", FaultKind.Status, false, 500, null, null)]
    [InlineData(4, "create", FaultKind.Status, true, 500, null, null)]
    [InlineData(5, "create", FaultKind.Status, false, 429, null, 1)]
    [InlineData(6, "create", FaultKind.Garbage, true, null, null, null)]
    [InlineData(7, "create", FaultKind.Status, false, 423, null, null)]
    [InlineData(8, "capture", FaultKind.ResetMidBody, true, null, null, null)]
    [InlineData(9, "capture", FaultKind.DropAnswer, true, null, null, null)]
    [InlineData(10, "capture", FaultKind.Status, false, 500, null, null)]
    [InlineData(11, "capture", FaultKind.Status, false, 400, "6280", null)]
    [InlineData(12, "capture", FaultKind.Status, false, 429, null, 1)]
    [InlineData(13, "capture", FaultKind.Garbage, true, null, null, null)]
    [InlineData(14, "get", FaultKind.StaleRead, null, null, null, null)]
    [InlineData(15, "get", FaultKind.Garbage, null, null, null, null)]
    [InlineData(16, "get", FaultKind.Status, null, 503, null, null)]
    public async Task ACallThatGoesWrongOnce_StillGivesOnePaymentCapturedOnce(
        int number, string call, FaultKind kind, bool? effect, int? status, string? errorCode, int? retryAfter)
    {
        var reference = FirstPaymentOf(number);
        var customer = $"47912350{number:00}";
        _shop.Vipps.World.Tell(customer, CustomerAnswer.Manual);
        _shop.Vipps.World.Faults.Add(new FaultRule(call, kind, effect, status, retryAfter, errorCode, DelayMs: 2_500, Times: 1, Reference: reference));
        var till = await _shop.TillAsync(number);

        Assert.Equal(reference, await till.AsksForPaymentAsync(_shop, "sale-1", customer: customer));
        await Shop.UntilAsync(() => _shop.Vipps.World.Approve(Shop.Msn, reference), "a payment to approve");
        var end = await till.SeesAsync(view => view.Stage is "paid" or "ready" or "stopped");

        Assert.Equal("paid", end.Stage);
        Assert.Single(_shop.Ledger(reference, "created"));
        Assert.Equal(20_000, Assert.Single(_shop.Ledger(reference, "captured")).AmountMinor);
        Assert.True(_shop.Struck(reference) > 0, "The fault never struck.");
    }

    [Theory]
    [InlineData(21, "scan")]
    [InlineData(22, "pay")]
    [InlineData(23, "capture")]
    [InlineData(24, "cancel")]
    [InlineData(25, "refund")]
    public async Task ATokenRevokedBeforeAnyCall_CostsNothing(int number, string before)
    {
        var reference = FirstPaymentOf(number);
        var customer = $"47912351{number:00}";
        _shop.Vipps.World.Tell(customer, CustomerAnswer.Manual);
        var till = await _shop.TillAsync(number);

        RevokeIf("scan");
        await till.GetsDoneAsync(new TillCommand.Scan(_shop.Vipps.World.MintQr(customer), "sale-1"));
        await till.SeesAsync("ready");
        RevokeIf("pay");
        await till.GetsDoneAsync(new TillCommand.Pay("sale-1", 20_000, "NOK"));
        await till.SeesAsync("paying", "WaitingForCustomer");
        RevokeIf("capture");
        if (before == "cancel")
        {
            _shop.Vipps.World.RevokeTokens();
            await till.GetsDoneAsync(new TillCommand.Cancel("sale-1"));
            await till.SeesAsync("ready", "PaymentCancelled");
            return;
        }

        _shop.Vipps.World.Approve(Shop.Msn, reference);
        await till.SeesAsync("paid");
        RevokeIf("refund");
        await till.GetsDoneAsync(new TillCommand.Refund(reference, 500, "NOK", "Kari", "broken"));
        await till.SeesAsync(view => view.Refund?.Stage == "refunded");

        Assert.Single(_shop.Ledger(reference, "captured"));
        Assert.Single(_shop.Ledger(reference, "refunded"));

        void RevokeIf(string stage)
        {
            if (stage == before) _shop.Vipps.World.RevokeTokens();
        }
    }

    [Theory]
    [InlineData(31, FaultKind.ResetMidBody, null)]
    [InlineData(32, FaultKind.Status, 500)]
    public async Task ARefundWhoseAnswerIsLost_IsGivenBackOnce(int number, FaultKind kind, int? status)
    {
        var till = await _shop.TillAsync(number);
        var reference = await till.SellsAsync(_shop, "sale-1");
        _shop.Vipps.World.Faults.Add(new FaultRule("refund", kind, Effect: true, status, Times: 1, Reference: reference));

        await till.GetsDoneAsync(new TillCommand.Refund(reference, 500, "NOK", "Kari", "broken"));
        var end = await till.SeesAsync(view => view.Refund is { Stage: not "refunding" });

        Assert.Equal("refunded", end.Refund!.Stage);
        Assert.Equal(500, Assert.Single(_shop.Ledger(reference, "refunded")).AmountMinor);
        Assert.True(_shop.Struck(reference) > 0, "The fault never struck.");
    }

    [Fact]
    public async Task ACustomerWhoIsNoPayer_IsToldAsSuchAndTheSaleGoesOn()
    {
        _shop.Vipps.World.Tell("4791235291", CustomerAnswer.NotAUser);
        var till = await _shop.TillAsync(35);

        var reference = await till.AsksForPaymentAsync(_shop, "sale-1", customer: "4791235291");
        await till.SeesAsync("ready", "CustomerCannotPay");
        await till.GetsDoneAsync(new TillCommand.Complete("sale-1", "other", 20_000, "NOK"));

        Assert.Empty(_shop.Ledger(reference, "created"));
    }

    [Theory]
    [InlineData(36, 3_600, false, "CodeTooOld")]
    [InlineData(37, 0, true, "CodeRefused")]
    public async Task ACodeThatIsTooOldOrUnknownToVipps_IsRefusedAndAnotherScanHelps(int number, int ageSeconds, bool expired, string code)
    {
        var till = await _shop.TillAsync(number);

        await till.GetsDoneAsync(new TillCommand.Scan(_shop.Vipps.World.MintQr(Shop.Customer, TimeSpan.FromSeconds(ageSeconds), expired), "sale-1"));
        await till.SeesAsync("open", code);
        await till.IsRefusedAsync(new TillCommand.Pay("sale-1", 20_000, "NOK"), "NoCustomer");
        var reference = await till.AsksForPaymentAsync(_shop, "sale-1");
        await till.SeesAsync("paid");

        Assert.Single(_shop.Ledger(reference, "captured"));
    }

    private static string FirstPaymentOf(int till) => $"s1-t{till}-1-2";
}
