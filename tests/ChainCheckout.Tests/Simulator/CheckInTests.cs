using System.Text.Json.Nodes;
using ChainCheckout.Simulator;
using ChainCheckout.Simulator.Customers;

namespace ChainCheckout.Tests.Simulator;

public sealed class CheckInTests : IAsyncLifetime
{
    private const string Path = "/point-of-sale/v1/loyalty-check-in";
    private readonly Merchant _merchant = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _merchant.DisposeAsync();

    [Theory]
    [InlineData("""{"phoneNumber":"4791234567","isMember":true}""", true)]
    [InlineData("""{"phoneNumber":"4791234567","isMember":false,"loyaltyProgramName":"The club"}""", false)]
    public void CheckIn_BothForms_AreAnsweredWithABareId_AndNoted(string body, bool isMember)
    {
        var reply = _merchant.Send("POST", Path, body);

        Assert.Equal(200, reply.Status);
        Assert.True(Guid.TryParse((string?)JsonNode.Parse(reply.Text), out _));
        var line = Assert.Single(_merchant.World.Ledger.Lines());
        Assert.Equal(
            ("checkIn", _merchant.Msn, CustomerHandle.Of(Merchant.Phone), isMember),
            (line.Kind, line.Msn, line.Customer, line.IsMember));
    }

    [Theory]
    [InlineData("""{"phoneNumber":4791234567,"isMember":true}""", "phoneNumber")]
    [InlineData("""{"phoneNumber":"91234567","isMember":true}""", "phoneNumber")]
    [InlineData("""{"phoneNumber":"4520123456","isMember":true}""", "phoneNumber")]
    [InlineData("""{"phoneNumber":"4791234567"}""", "isMember")]
    [InlineData("""{"phoneNumber":"4791234567","isMember":"true"}""", "isMember")]
    [InlineData("""{"phoneNumber":"4791234567","isMember":true,"loyaltyProgramName":""}""", "loyaltyProgramName")]
    [InlineData("""{"phoneNumber":"4791234567","isMember":true,"msisdn":"4791234567"}""", "msisdn")]
    [InlineData("nothing", "body")]
    public void CheckIn_AnythingElse_Is400WithTheFieldAmongInvalidParams(string body, string field)
    {
        var reply = _merchant.Send("POST", Path, body);

        Assert.Equal(400, reply.Status);
        Assert.Equal(field, (string)Assert.Single(reply.Json["invalidParams"]!.AsArray())!["name"]!);
        Assert.Equal(
            ["type", "title", "detail", "instance", "invalidParams"], reply.Json.AsObject().Select(pair => pair.Key));
        Assert.Empty(_merchant.World.Ledger.Lines());
    }

    [Fact]
    public async Task CheckIn_PartnerThatNamesNoShop_IsRefused()
    {
        var demo = SimulatorOptions.DemoUnit;
        await using var partner =
            new Merchant(new SimulatorOptions { SalesUnits = [demo, demo with { Msn = "654321" }] });
        partner.Headers["Merchant-Serial-Number"] = null;

        Assert.Equal(400, partner.Send("POST", Path, """{"phoneNumber":"4791234567","isMember":true}""").Status);
    }
}
