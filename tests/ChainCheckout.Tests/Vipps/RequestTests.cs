using System.Text.Json;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Vipps.Support;

namespace ChainCheckout.Tests.Vipps;

public sealed class RequestTests
{
    private static readonly OrderLine Jacket = new("sku-1", "Jakke æøå", 24_950, 2_500, "2", "PCS", 15_000, 5_050);

    [Fact]
    public async Task TokenRequest_CarriesTheKeysOfTheSalesUnitAndNoBody()
    {
        await using var vipps = new VippsSetup();

        await vipps.Payments.ReadAsync(VippsSetup.Read(), default);

        var token = Assert.Single(vipps.Stub.TokenCalls);
        Assert.Equal("POST", token.Method);
        Assert.Empty(token.Body);
        Assert.Equal("b2a9cb2f-4a52-4b79-93e5-9c9ffbc7b0f1", token.Headers["client_id"]);
        Assert.Equal(VippsSetup.Secret, token.Headers["client_secret"]);
        Assert.Equal(VippsSetup.SubscriptionKey, token.Headers["Ocp-Apim-Subscription-Key"]);
        AssertCaller(token);
    }

    [Fact]
    public async Task Create_IsAPushToACustomerWhoIsPresent()
    {
        await using var vipps = new VippsSetup();

        await vipps.Payments.CreateAsync(VippsSetup.Create() with { MinimumAge = 18 }, default);

        var sent = Assert.Single(vipps.Stub.Calls);
        Assert.Equal(("POST", "/epayment/v1/payments"), (sent.Method, sent.Path));
        Assert.Equal(
            """{"amount":{"currency":"NOK","value":24950},"customer":{"phoneNumber":"4791234567"}""" +
            ""","customerInteraction":"CUSTOMER_PRESENT","minimumUserAge":18""" +
            ""","paymentDescription":"Store 42, till 7","paymentMethod":{"type":"WALLET"},"reference":"s42-t7-3-118","userFlow":"PUSH_MESSAGE"}""",
            sent.Text);
        Assert.Equal("application/json", sent.Headers["Content-Type"]);
        Assert.Equal("create-1", sent.Headers["Idempotency-Key"]);
        Assert.Equal("Bearer token-1", sent.Headers["Authorization"]);
        Assert.Equal(VippsSetup.SubscriptionKey, sent.Headers["Ocp-Apim-Subscription-Key"]);
        AssertCaller(sent);
    }

    [Fact]
    public async Task Create_WithLines_CarriesAReceiptWhoseTaxAddsUp()
    {
        await using var vipps = new VippsSetup();
        var bag = new OrderLine("sku-2", "Bag", 500, 1_500, IsReturn: true);

        await vipps.Payments.CreateAsync(VippsSetup.Create(Jacket, bag), default);

        using var body = JsonDocument.Parse(Assert.Single(vipps.Stub.Calls).Body);
        var receipt = body.RootElement.GetProperty("receipt");
        Assert.Equal("""{"currency":"NOK","posId":"42-7"}""", receipt.GetProperty("bottomLine").GetRawText());
        Assert.Equal(
            """{"name":"Jakke \u00E6\u00F8\u00E5","id":"sku-1","totalAmount":24950,"totalAmountExcludingTax":19960""" +
            ""","totalTaxAmount":4990,"taxRate":2500,"unitInfo":{"unitPrice":15000,"quantity":"2","quantityUnit":"PCS"},"discount":5050}""",
            receipt.GetProperty("orderLines")[0].GetRawText());
        Assert.Equal(
            """{"name":"Bag","id":"sku-2","totalAmount":500,"totalAmountExcludingTax":435,"totalTaxAmount":65,"taxRate":1500,"isReturn":true}""",
            receipt.GetProperty("orderLines")[1].GetRawText());
    }

    [Fact]
    public async Task Create_Repeated_CarriesTheSameBytesAndKey()
    {
        await using var first = new VippsSetup();
        await using var second = new VippsSetup();

        await first.Payments.CreateAsync(VippsSetup.Create(Jacket), default);
        await first.Payments.CreateAsync(VippsSetup.Create(Jacket), default);
        await second.Payments.CreateAsync(VippsSetup.Create(Jacket with { }), default);

        var sent = first.Stub.Calls.Concat(second.Stub.Calls).ToArray();
        Assert.Equal(3, sent.Length);
        Assert.All(sent, request => Assert.Equal(sent[0].Body, request.Body));
        Assert.All(
            sent, request => Assert.Equal(sent[0].Headers["Idempotency-Key"], request.Headers["Idempotency-Key"]));
    }

    [Fact]
    public async Task Changes_GoToTheirEndpointsWithKeyAndAmount_ACancelWithoutBody()
    {
        await using var vipps = new VippsSetup();

        await vipps.Payments.CaptureAsync(VippsSetup.Change(), default);
        await vipps.Payments.RefundAsync(VippsSetup.Change(100), default);
        await vipps.Payments.CancelAsync(VippsSetup.Change(), default);

        Assert.Equal(
            [
                ("POST", "/epayment/v1/payments/s42-t7-3-118/capture", """{"modificationAmount":{"currency":"NOK","value":24950}}"""),
                ("POST", "/epayment/v1/payments/s42-t7-3-118/refund", """{"modificationAmount":{"currency":"NOK","value":100}}"""),
                ("POST", "/epayment/v1/payments/s42-t7-3-118/cancel", ""),
            ],
            vipps.Stub.Calls.Select(call => (call.Method, call.Path, call.Text)));
        Assert.All(vipps.Stub.Calls, call => Assert.Equal("change-1", call.Headers["Idempotency-Key"]));
    }

    [Fact]
    public async Task Reads_CarryNoKeyAndNoBody()
    {
        await using var vipps = new VippsSetup();

        await vipps.Payments.ReadAsync(VippsSetup.Read(poll: true), default);
        await vipps.Payments.EventsAsync(VippsSetup.Read(), default);

        Assert.Equal(
            [("GET", "/epayment/v1/payments/s42-t7-3-118"), ("GET", "/epayment/v1/payments/s42-t7-3-118/events")],
            vipps.Stub.Calls.Select(call => (call.Method, call.Path)));
        Assert.All(vipps.Stub.Calls, call => Assert.False(call.Headers.ContainsKey("Idempotency-Key")));
        Assert.All(vipps.Stub.Calls, call => Assert.Empty(call.Body));
        Assert.All(vipps.Stub.Calls, AssertCaller);
    }

    [Fact]
    public async Task Key_LongerThanVippsTakes_IsTheCallersFault()
    {
        await using var vipps = new VippsSetup();

        await Assert.ThrowsAsync<ArgumentException>(
            () => vipps.Payments.CaptureAsync(VippsSetup.Change() with { Key = new string('k', 51) }, default));
        Assert.Empty(vipps.Stub.Calls);
    }

    private static void AssertCaller(SentRequest sent)
    {
        Assert.Equal("123456", sent.Headers["Merchant-Serial-Number"]);
        Assert.Equal("chaincheckout", sent.Headers["Vipps-System-Name"]);
        Assert.Equal("1.0", sent.Headers["Vipps-System-Version"]);
        Assert.Equal("till", sent.Headers["Vipps-System-Plugin-Name"]);
        Assert.Equal("1.2", sent.Headers["Vipps-System-Plugin-Version"]);
    }
}
