using ChainCheckout.Client;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Faults;
using ChainCheckout.Tests.Gateway;
using Microsoft.Extensions.DependencyInjection;

namespace ChainCheckout.Tests.EndToEnd;

/// <summary>The server stops and comes back in the middle of a sale; the till does nothing but stay.</summary>
public sealed class RestartTests(RestartTests.Quick fixture) : IClassFixture<RestartTests.Quick>
{
    private readonly Shop _shop = fixture.Shop;

    public sealed class Quick : ShopFixture;

    [Fact]
    public async Task ARestartBeforePay_KeepsTheCustomer()
    {
        var till = await _shop.TillAsync(1);
        await till.GetsDoneAsync(new TillCommand.Scan(_shop.Vipps.World.MintQr("4791237001"), "sale-1"));
        var before = await till.SeesAsync("ready");

        await _shop.RestartServerAsync();
        var reference = (await till.GetsDoneAsync(new TillCommand.Pay("sale-1", 20_000, "NOK"))).Reference!;
        await till.SeesAsync("paid");

        Assert.Equal(before.Customer!.Masked, till.View!.Customer?.Masked ?? before.Customer.Masked);
        Assert.Equal("4791237001", _shop.AtVipps(reference)!.Order.Msisdn);
    }

    [Fact]
    public async Task ARestartWhileTheCustomerThinks_ResumesTheSaleAndCapturesOnce()
    {
        var till = await _shop.TillAsync(2);
        var reference = await WaitsAsync(till, "4791237002");

        await _shop.StopServerAsync();
        Assert.True(_shop.Vipps.World.Approve(Shop.Msn, reference));
        await _shop.StartServerAsync();
        var paid = await till.SeesAsync("paid");

        Assert.Equal((reference, 20_000), (paid.Receipt!.Reference, paid.Receipt.AmountMinor));
        Assert.Single(_shop.Ledger(reference, "created"));
        Assert.Single(_shop.Ledger(reference, "captured"));
    }

    [Theory]
    [InlineData(3, "create", 0)]
    [InlineData(4, "create", 300)]
    [InlineData(5, "capture", 0)]
    [InlineData(6, "capture", 300)]
    public async Task ARestartDuringACall_EndsPaidOnce(int number, string call, int millisecondsIn)
    {
        var reference = $"s1-t{number}-1-2";
        _shop.Vipps.World.Faults.Add(new FaultRule(call, FaultKind.Delay, DelayMs: 1_000, Times: 1, Reference: reference));
        var till = await _shop.TillAsync(number);
        await till.AsksForPaymentAsync(_shop, "sale-1");
        await Shop.UntilAsync(() => _shop.Struck(reference) == 1, "the call");
        await Task.Delay(millisecondsIn);

        await _shop.RestartServerAsync();
        var paid = await till.SeesAsync("paid");

        Assert.Equal(reference, paid.Receipt!.Reference);
        Assert.Single(_shop.Ledger(reference, "created"));
        Assert.Single(_shop.Ledger(reference, "captured"));
    }

    [Fact]
    public async Task ARestartWhileCancelling_EndsCancelledAndNothingIsCaptured()
    {
        var till = await _shop.TillAsync(7);
        var reference = await WaitsAsync(till, "4791237007");
        _shop.Vipps.World.Faults.Add(new FaultRule("cancel", FaultKind.DropAnswer, Effect: false, DelayMs: 1_000, Times: 1, Reference: reference));

        await till.GetsDoneAsync(new TillCommand.Cancel("sale-1"));
        await _shop.RestartServerAsync();
        await till.SeesAsync("ready", "PaymentCancelled");

        Assert.Single(_shop.Ledger(reference, "terminated"));
        Assert.Empty(_shop.Ledger(reference, "captured"));
    }

    [Fact]
    public async Task ARestartAfterPaid_ShowsTheSameReceipt()
    {
        var till = await _shop.TillAsync(8);
        await till.SellsAsync(_shop, "sale-1");
        var receipt = till.View!.Receipt;
        var epoch = till.Epoch;

        await _shop.RestartServerAsync();
        await Shop.UntilAsync(() => till.Epoch > epoch, "the till is back");

        Assert.Equal(receipt, till.View!.Receipt);
    }

    [Fact]
    public async Task ARestartDuringARefund_GivesBackOnce()
    {
        var till = await _shop.TillAsync(9);
        var reference = await till.SellsAsync(_shop, "sale-1");
        _shop.Vipps.World.Faults.Add(new FaultRule("refund", FaultKind.DropAnswer, DelayMs: 1_000, Times: 1, Reference: reference));

        await till.GetsDoneAsync(new TillCommand.Refund(reference, 700, "NOK", "Kari", "broken"));
        await Shop.UntilAsync(() => _shop.Struck(reference) == 1, "the refund's call");
        await _shop.RestartServerAsync();
        await till.SeesAsync(view => view.Refund?.Stage == "refunded");

        Assert.Equal(700, Assert.Single(_shop.Ledger(reference, "refunded")).AmountMinor);
    }

    [Fact]
    public async Task ARepeatedCommandAfterARestart_GetsTheVerySameReply()
    {
        var raw = await RawTill.WelcomeAsync(_shop, 10);
        var scan = $"\"type\":\"phone\",\"phone\":\"91237010\",\"saleId\":\"sale-1\"";
        var pay = "\"type\":\"pay\",\"saleId\":\"sale-1\",\"amountMinor\":20000,\"currency\":\"NOK\"";
        await raw.CommandAsync(1, scan);
        var first = await raw.CommandAsync(2, pay);
        await raw.DisposeAsync();

        await _shop.RestartServerAsync();
        await using var again = await RawTill.WelcomeAsync(_shop, 10, lastEpoch: 1, lastAnswered: 1);
        var second = await again.CommandAsync(2, pay);
        var reused = await again.CommandAsync(2, pay.Replace("20000", "20001", StringComparison.Ordinal));

        Assert.Equal(first.Json, second.Json);
        Assert.Equal("SequenceReused", reused["code"]);
        Assert.Equal("s1-t10-1-2", first["reference"]);
        await Shop.UntilAsync(() => _shop.Ledger("s1-t10-1-2", "captured").Count == 1, "the payment");
        Assert.Single(_shop.Ledger("s1-t10-1-2", "created"));
    }

    [Fact]
    public async Task APaymentWhoseTillNeverComesBack_IsSettledAndListed()
    {
        var till = await _shop.TillAsync(11);
        var reference = await WaitsAsync(till, "4791237011");
        await _shop.CloseAsync(till);
        await _shop.StopServerAsync();
        Assert.True(_shop.Vipps.World.Approve(Shop.Msn, reference));
        await _shop.StartServerAsync();

        await Shop.UntilAsync(() => _shop.Ledger(reference, "captured").Count == 1, "a capture without a till");
        var storage = _shop.Services.GetRequiredService<IActorStorage>();
        IReadOnlyList<FlaggedActor> flagged = [];
        for (var tries = 0; tries < 200 && flagged.All(one => one.Id.Key != "0001-11"); tries++)
        {
            flagged = await storage.FlaggedAsync(ActorFlags.PaidNotSeen, 100);
            await Task.Delay(25);
        }

        Assert.Contains(flagged, one => one.Id.Key == "0001-11");
        Assert.Empty(_shop.Ledger(reference, "refunded"));
    }

    private async Task<string> WaitsAsync(Till till, string customer)
    {
        _shop.Vipps.World.Tell(customer, CustomerAnswer.Manual);
        var reference = await till.AsksForPaymentAsync(_shop, "sale-1", customer: customer);
        await till.SeesAsync("paying", "WaitingForCustomer");
        return reference;
    }
}
