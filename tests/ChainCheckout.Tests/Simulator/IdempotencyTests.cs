using ChainCheckout.Simulator.Customers;

namespace ChainCheckout.Tests.Simulator;

public sealed class IdempotencyTests : IAsyncDisposable
{
    private const string Reference = "s041-t04-000123";
    private readonly Merchant _merchant = new();

    public ValueTask DisposeAsync() => _merchant.DisposeAsync();

    [Fact]
    public void Create_SameKeySameBody_SameAnswerAndOnePayment()
    {
        var first = _merchant.Create(Reference, key: "k");
        var second = _merchant.Create(Reference, key: "k");

        Assert.Equal(first, second);
        Assert.Single(_merchant.World.Ledger.Lines(), line => line.Kind == "created");
    }

    [Theory]
    [InlineData("create", "4020")]
    [InlineData("capture", "4010")]
    [InlineData("refund", "4150")]
    public void Mutation_SameKeyOtherBody_Is409(string call, string code)
    {
        _merchant.Create(Reference, key: call == "create" ? "k" : "c");
        if (call != "create") _merchant.Capture(Reference, 1_000, call == "capture" ? "k" : "p");
        if (call == "refund") _merchant.Refund(Reference, 10, "k");

        var reply = call switch
        {
            "create" => _merchant.Create(Reference, 30_000, "k"),
            "capture" => _merchant.Capture(Reference, 2_000, "k"),
            _ => _merchant.Refund(Reference, 20, "k"),
        };

        Assert.Equal((409, code), (reply.Status, reply.Code));
    }

    [Fact]
    public void Capture_Repeated_MovesTheMoneyOnce()
    {
        _merchant.Create(Reference);

        var replies = Enumerable.Range(0, 3).Select(_ => _merchant.Capture(Reference, 5_000, "k")).ToList();

        Assert.Single(replies.Distinct());
        Assert.Equal(5_000, _merchant.World.Find(_merchant.Msn, Reference)!.CapturedMinor);
    }

    [Fact]
    public void Refused4xx_StaysForItsKey_AndANewKeyIsFree()
    {
        _merchant.World.Tell(Merchant.Phone, CustomerAnswer.Manual);
        _merchant.Create(Reference);
        Assert.Equal("6080", _merchant.Capture(Reference, 20_000, "k-1").Code);
        _merchant.World.Approve(_merchant.Msn, Reference);

        Assert.Equal("6080", _merchant.Capture(Reference, 20_000, "k-1").Code);
        Assert.Equal(200, _merchant.Capture(Reference, 20_000, "k-2").Status);
    }

    [Fact]
    public void TooMany_IsNotRememberedForTheKey()
    {
        _merchant.Create(Reference);
        for (var i = 0; i < 4; i++) _merchant.Capture(Reference, 1, $"k-{i}");
        Assert.Equal(429, _merchant.Capture(Reference, 100, "late").Status);

        _merchant.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(200, _merchant.Capture(Reference, 100, "late").Status);
    }

    [Fact]
    public void Key_MissingOrTooLong_IsRefused_ButACancelMayGoWithout()
    {
        var body = Merchant.CreateBody(Reference).ToJsonString();

        Assert.Equal(400, _merchant.Send("POST", "/epayment/v1/payments", body).Status);
        Assert.Equal(400, _merchant.Send("POST", "/epayment/v1/payments", body, new string('k', 51)).Status);
        Assert.Equal(201, _merchant.Send("POST", "/epayment/v1/payments", body, new string('k', 50)).Status);
        Assert.Equal(200, _merchant.Send("POST", $"/epayment/v1/payments/{Reference}/cancel", null).Status);
    }

    [Fact]
    public async Task Create_ManyAtOnceWithOneKey_MakeOnePayment()
    {
        var replies = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => Task.Run(() => _merchant.Create(Reference, key: "k"))));

        Assert.Single(replies.Distinct());
        Assert.Single(_merchant.World.Ledger.Lines(), line => line.Kind == "created");
    }
}
