using System.Text.Json.Nodes;
using ChainCheckout.Simulator;
using ChainCheckout.Simulator.Customers;

namespace ChainCheckout.Tests.Simulator;

public sealed class CreateRulesTests : IAsyncDisposable
{
    private const string NoTaxRate = """
        {"orderLines":[{"name":"socks","id":"1","totalAmount":1,"totalAmountExcludingTax":1,"totalTaxAmount":0}],
         "bottomLine":{"currency":"NOK"}}
        """;

    private const string BadQuantity = """
        {"orderLines":[{"name":"socks","id":"1","totalAmount":1,"totalAmountExcludingTax":1,"totalTaxAmount":0,
          "taxRate":2500,"unitInfo":{"unitPrice":1,"quantity":"1,5"}}],"bottomLine":{"currency":"NOK"}}
        """;

    private readonly Merchant _merchant = new();

    public ValueTask DisposeAsync() => _merchant.DisposeAsync();

    [Theory]
    [InlineData("amount.value", "99", "6010")]
    [InlineData("amount.value", "65000001", "4040")]
    [InlineData("amount.currency", "\"DKK\"", "5040")]
    [InlineData("customer", """{"phoneNumber":"91234567"}""", "4070")]
    [InlineData("customer", """{"phoneNumber":"+4791234567"}""", "4070")]
    [InlineData("customer", """{"phoneNumber":"4411234567"}""", "7010")]
    [InlineData("customer", """{"personalQr":"https://qr.vipps.no/p/unknown"}""", "4060")]
    [InlineData("customer", """{"customerToken":"ey123"}""", "4050")]
    [InlineData("profile", """{"scope":"name shoeSize"}""", "4080")]
    [InlineData("receiptUrl", "\"http://example.test\"", "4090")]
    [InlineData("metadata", """{"a":"1","b":"2","c":"3","d":"4","e":"5","f":"6"}""", "4100")]
    [InlineData("metadata", """{"a":1}""", "4130")]
    [InlineData("paymentMethod", """{"type":"CARD"}""", "4160")]
    [InlineData("paymentMethod", """{"type":"WALLET","blockedSources":["x"]}""", "5010")]
    [InlineData("expiresAt", "\"2027-01-01T10:00:00Z\"", "5050")]
    [InlineData("userFlow", "\"WEB_REDIRECT\"", "4140")]
    public void Create_WhatTheSchemaCannotSay_IsRefusedByCode(string field, string value, string code)
    {
        var reply = CreateWith(field, value);

        Assert.Equal((400, code), (reply.Status, reply.Code));
        Assert.Equal("application/problem+json", reply.ContentType);
        Assert.Null(_merchant.World.Find(_merchant.Msn, "s041-t04-000123"));
    }

    [Theory]
    [InlineData("reference", "\"short\"", "reference")]
    [InlineData("reference", "\"has spaces in it\"", "reference")]
    [InlineData("reference", "12345678", "reference")]
    [InlineData("amount.value", "100.5", "amount.value")]
    [InlineData("amount.value", "\"20000\"", "amount.value")]
    [InlineData("amount.Value", "20000", "amount.Value")]
    [InlineData("amount.currency", "\"SEK\"", "amount.currency")]
    [InlineData("paymentDescription", "\"ab\"", "paymentDescription")]
    [InlineData("userFlow", "\"PUSH\"", "userFlow")]
    [InlineData("merchantInfo", "{}", "merchantInfo")]
    [InlineData("customer", """{"phoneNumber":"4791234567","personalQr":"12345"}""", "customer")]
    [InlineData("minimumUserAge", "101", "minimumUserAge")]
    [InlineData("receipt", """{"orderLines":[],"bottomLine":{"currency":"NOK"}}""", "receipt.orderLines")]
    [InlineData("receipt", NoTaxRate, "receipt.orderLines[0].taxRate")]
    [InlineData("receipt", BadQuantity, "receipt.orderLines[0].unitInfo.quantity")]
    public void Create_MalformedBody_NamesTheFieldAndGivesNoCode(string field, string value, string named)
    {
        var reply = CreateWith(field, value);

        Assert.Equal(400, reply.Status);
        Assert.NotEmpty(reply.Details(named));
        Assert.Null(reply.Code);
    }

    [Fact]
    public void Create_ReceiptByTheSpecification_IsTaken()
    {
        var reply = CreateWith("receipt", """
            {"orderLines":[{"name":"socks","id":"1","totalAmount":20000,"totalAmountExcludingTax":16000,
              "totalTaxAmount":4000,"taxRate":2500,"discount":0,"isReturn":false,
              "unitInfo":{"unitPrice":10000,"quantity":"2","quantityUnit":"PCS"}}],
             "bottomLine":{"currency":"NOK","posId":"s041-t04","receiptNumber":"123","tipAmount":0}}
            """);

        Assert.Equal(201, reply.Status);
    }

    [Theory]
    [InlineData("amount")]
    [InlineData("paymentMethod")]
    [InlineData("reference")]
    [InlineData("userFlow")]
    public void Create_RequiredFieldMissing_IsNamed(string field)
    {
        var body = Merchant.CreateBody("s041-t04-000123");
        body.Remove(field);

        Assert.NotEmpty(_merchant.Post("/epayment/v1/payments", body).Details(field));
    }

    [Fact]
    public void Create_PushWithoutACustomer_Is4140()
    {
        var body = Merchant.CreateBody("s041-t04-000123");
        body.Remove("customer");

        Assert.Equal("4140", _merchant.Post("/epayment/v1/payments", body).Code);
    }

    [Fact]
    public void Create_NotJson_OrAFieldTwice_IsRefused()
    {
        Assert.Equal(400, _merchant.Send("POST", "/epayment/v1/payments", "{", "key-a").Status);
        var once = Merchant.CreateBody("s041-t04-000123").ToJsonString();
        var twice = once.Replace(
            "{\"amount\"", "{\"reference\":\"s041-t04-000123\",\"amount\"", StringComparison.Ordinal);
        Assert.Equal(400, _merchant.Send("POST", "/epayment/v1/payments", twice, "key-b").Status);
    }

    [Fact]
    public void Create_ReferenceTaken_Is409With4150()
    {
        _merchant.Create("s041-t04-000123");

        var reply = _merchant.Create("s041-t04-000123");

        Assert.Equal((409, "4150"), (reply.Status, reply.Code));
    }

    [Fact]
    public void Create_PersonalQrInEitherForm_FindsThePayer()
    {
        var person = Population.At(3, 14);
        var scans = new[] { (person.QrV1, "s041-t04-000001"), (person.QrToken, "s041-t04-000002") };
        foreach (var (code, reference) in scans)
        {
            var body = Merchant.CreateBody(reference);
            body["customer"] = new JsonObject { ["personalQr"] = code };

            Assert.Equal(201, _merchant.Post("/epayment/v1/payments", body).Status);
            Assert.Equal(person.Msisdn, _merchant.World.Find(_merchant.Msn, reference)!.Order.Msisdn);
        }
    }

    [Fact]
    public void Create_NumberThatIsNoPayer_Is7010()
    {
        _merchant.World.Tell(Merchant.Phone, CustomerAnswer.NotAUser);

        Assert.Equal("7010", _merchant.Create("s041-t04-000123").Code);
    }

    [Fact]
    public async Task Create_PushNotApprovedForTheUnit_Is5080()
    {
        var unit = SimulatorOptions.DemoUnit with { PushAllowed = false };
        await using var merchant = new Merchant(new SimulatorOptions { SalesUnits = [unit] });

        Assert.Equal("5080", merchant.Create("s041-t04-000123").Code);
    }

    [Fact]
    public async Task Create_DanishUnit_TakesOneOereAndOnlyItsCurrency()
    {
        var unit = SimulatorOptions.DemoUnit with { Currency = "DKK" };
        await using var merchant = new Merchant(new SimulatorOptions { SalesUnits = [unit] });
        var body = Merchant.CreateBody("s041-t04-000123", amount: 1);
        Assert.Equal("5040", merchant.Post("/epayment/v1/payments", body).Code);

        body["amount"]!["currency"] = "DKK";

        Assert.Equal(201, merchant.Post("/epayment/v1/payments", body).Status);
    }

    [Fact]
    public void Create_OtherFlow_AnswersARedirect()
    {
        var body = Merchant.CreateBody("s041-t04-000123");
        body["userFlow"] = "WEB_REDIRECT";
        body["returnUrl"] = "https://example.test/back";

        var redirect = (string)_merchant.Post("/epayment/v1/payments", body).Json["redirectUrl"]!;
        Assert.StartsWith("https://", redirect, StringComparison.Ordinal);
    }

    private Reply CreateWith(string field, string value)
    {
        var body = Merchant.CreateBody("s041-t04-000123");
        var parts = field.Split('.');
        var target = parts.Length == 1 ? body : body[parts[0]]!.AsObject();
        target[parts[^1]] = JsonNode.Parse(value);
        return _merchant.Post("/epayment/v1/payments", body);
    }
}
