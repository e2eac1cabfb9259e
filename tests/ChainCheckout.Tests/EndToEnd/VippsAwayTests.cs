using System.Collections.Concurrent;
using ChainCheckout.Client;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Simulator.Faults;

namespace ChainCheckout.Tests.EndToEnd;

/// <summary>Vipps as a whole does not answer, or only some of its APIs.</summary>
[Collection(nameof(Timing))]
public sealed class VippsAwayTests
{
    [Fact]
    public async Task WithoutTheExchange_TheNumberCanBeTypedAndPaid()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Vipps.World.Faults.Add(new FaultRule("exchange", FaultKind.Status, Status: 503));
        var till = await shop.TillAsync();

        await till.GetsDoneAsync(new TillCommand.Scan(shop.Vipps.World.MintQr(Shop.Customer), "sale-1"));
        var away = await till.SeesAsync("open", "CodeUnavailable");
        Assert.Contains("phone", away.Allowed);
        await till.GetsDoneAsync(new TillCommand.Phone("91234567", "sale-1"));
        await till.GetsDoneAsync(new TillCommand.Pay("sale-1", 20_000, "NOK"));

        await till.SeesAsync("paid");
    }

    [Fact]
    public async Task WithNobodyAtTheOtherEnd_ThePaymentWasNeverSentAndAnotherTenderMayFollow()
    {
        await using var shop = await Shop.OpenAsync();
        var seen = new Seen();
        var till = await shop.TillAsync(observer: seen);
        await till.GetsDoneAsync(new TillCommand.Phone("91234567", "sale-1"));
        await shop.TakeVippsAwayAsync();

        await till.GetsDoneAsync(new TillCommand.Pay("sale-1", 20_000, "NOK"));
        var away = await till.SeesAsync(view => view.Stage is "ready" or "checking");
        if (away.Stage == "ready") await till.GetsDoneAsync(new TillCommand.Complete("sale-1", "other", 20_000, "NOK"));

        // A token from before may take the call to a connection that dies under it: then nobody can know.
        Assert.Contains(away.Code, new[] { "VippsUnavailable", "Checking" });
        Assert.DoesNotContain("PaymentRefused", seen.Codes);
    }

    [Fact]
    public async Task WhileTheOutcomeIsUnknown_NobodyIsToldRefusedAndNoOtherTenderIsTaken()
    {
        await using var shop = await Shop.OpenAsync();
        var seen = new Seen();
        var till = await shop.TillAsync(observer: seen);
        await till.GetsDoneAsync(new TillCommand.Phone("91234567", "sale-1"));
        shop.Vipps.World.Faults.Add(new FaultRule("create", FaultKind.Status, Effect: true, Status: 503));
        shop.Vipps.World.Faults.Add(new FaultRule("get", FaultKind.Status, Status: 503));
        shop.Vipps.World.Faults.Add(new FaultRule("webhookDelivery", FaultKind.Lose));

        var reference = (await till.GetsDoneAsync(new TillCommand.Pay("sale-1", 20_000, "NOK"))).Reference!;
        await till.SeesAsync("checking", "Checking");
        await till.IsRefusedAsync(new TillCommand.Complete("sale-1", "other", 20_000, "NOK"), "PaymentOpen", "saleId");
        shop.Vipps.World.Faults.Clear();
        await till.SeesAsync("paid");

        Assert.Single(shop.Ledger(reference, "created"));
        Assert.Single(shop.Ledger(reference, "captured"));
        Assert.DoesNotContain("PaymentRefused", seen.Codes);
        Assert.DoesNotContain("PaymentNotPossible", seen.Codes);
    }

    [Fact]
    public async Task AnOpenBreaker_SendsNothingAndSaysSo()
    {
        await using var shop = await Shop.OpenAsync(change: settings => settings["Vipps"]!["Breaker"] = new System.Text.Json.Nodes.JsonObject
        {
            ["MinimumThroughput"] = 2, ["FailureRatio"] = 0.5, ["BreakDuration"] = "00:01:00",
        });
        var (till, other) = (await shop.TillAsync(1), await shop.TillAsync(2));
        await other.GetsDoneAsync(new TillCommand.Phone("91234568", "sale-2"));
        await till.GetsDoneAsync(new TillCommand.Phone("91234567", "sale-1"));
        shop.Vipps.World.Faults.Add(new FaultRule("create", FaultKind.Status, Status: 503));
        shop.Vipps.World.Faults.Add(new FaultRule("get", FaultKind.Status, Status: 503));
        await till.GetsDoneAsync(new TillCommand.Pay("sale-1", 20_000, "NOK"));
        await Shop.UntilAsync(() => shop.Logs.All.Any(line => line.Id.Id == 3010), "an open breaker");

        await other.GetsDoneAsync(new TillCommand.Pay("sale-2", 20_000, "NOK"));
        await other.SeesAsync("ready", "VippsUnavailable");
        await other.GetsDoneAsync(new TillCommand.Complete("sale-2", "other", 20_000, "NOK"));

        Assert.DoesNotContain(shop.Vipps.Ledger.Lines(), line => line.Kind == "created");
    }

    private sealed class Seen : ITillObserver
    {
        public ConcurrentQueue<string> Codes { get; } = [];

        public void OnView(Till till, ViewPayload view, long receivedAt) => Codes.Enqueue(view.Code);
    }
}
