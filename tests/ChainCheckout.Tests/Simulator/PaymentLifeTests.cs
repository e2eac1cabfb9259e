using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Payments;

namespace ChainCheckout.Tests.Simulator;

public sealed class PaymentLifeTests : IAsyncDisposable
{
    private const string Reference = "s041-t04-000123";
    private readonly Merchant _merchant = new();

    public PaymentLifeTests() => _merchant.World.Tell(Merchant.Phone, CustomerAnswer.Manual);

    public ValueTask DisposeAsync() => _merchant.DisposeAsync();

    [Fact]
    public void Create_Push_AnswersTheReferenceWithoutARedirectAndWaits()
    {
        var reply = _merchant.Create(Reference);

        Assert.Equal(201, reply.Status);
        Assert.Equal($$"""{"reference":"{{Reference}}"}""", reply.Text);
        Assert.Equal("CREATED", State());
    }

    [Fact]
    public void Approval_Reserves_ThenCaptureAndRefundsMoveOnlyTheAggregate()
    {
        _merchant.Create(Reference);
        Assert.True(_merchant.World.Approve(_merchant.Msn, Reference));

        Assert.Equal(200, _merchant.Capture(Reference, 15_000).Status);
        Assert.Equal(200, _merchant.Refund(Reference, 4_000).Status);
        Assert.Equal(200, _merchant.Cancel(Reference).Status);

        var read = _merchant.Get(Reference).Json;
        Assert.Equal("AUTHORIZED", (string)read["state"]!);
        Assert.Equal([20_000, 15_000, 4_000, 5_000], Aggregate(read));
        Assert.NotNull(read["captureGuaranteedUntil"]);
        Assert.Null(read["receipt"]);
    }

    [Fact]
    public void Events_EachHaveTheirOwnReferenceAndAmount_ThePaymentHasTheFirst()
    {
        _merchant.Create(Reference, key: "create-1");
        _merchant.World.Approve(_merchant.Msn, Reference);
        _merchant.Capture(Reference, 15_000, "capture-1");

        var events = _merchant.Send("GET", $"/epayment/v1/payments/{Reference}/events", null).Json.AsArray();

        Assert.Equal(["CREATED", "AUTHORIZED", "CAPTURED"], events.Select(happened => (string)happened!["name"]!));
        Assert.Equal([20_000, 20_000, 15_000], events.Select(happened => (int)happened!["amount"]!["value"]!));
        Assert.Equal(["create-1", null, "capture-1"], events.Select(happened => (string?)happened!["idempotencyKey"]));
        var references = events.Select(happened => (string)happened!["pspReference"]!).ToList();
        Assert.Equal(3, references.Distinct().Count());
        Assert.Equal(references[0], (string)_merchant.Get(Reference).Json["pspReference"]!);
    }

    [Fact]
    public void Refusal_Aborts_AndNothingElseIsPossible()
    {
        _merchant.Create(Reference);
        _merchant.World.Refuse(_merchant.Msn, Reference);

        Assert.Equal("ABORTED", State());
        Assert.False(_merchant.World.Approve(_merchant.Msn, Reference));
        Assert.Equal("6190", _merchant.Capture(Reference, 20_000).Code);
        Assert.Equal("6190", _merchant.Refund(Reference, 20_000).Code);
        Assert.Equal("6050", _merchant.Cancel(Reference).Code);
    }

    [Fact]
    public void NoAnswer_ExpiresAfterTenMinutes_AndNotBefore()
    {
        _merchant.Create(Reference);

        _merchant.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.Equal("CREATED", State());
        _merchant.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("EXPIRED", State());
        Assert.Equal("6200", _merchant.Capture(Reference, 20_000).Code);
        Assert.Equal("6200", _merchant.Refund(Reference, 20_000).Code);
        Assert.Equal("6050", _merchant.Cancel(Reference).Code);
    }

    [Fact]
    public void Expiry_ComesWithoutAnyoneAsking()
    {
        _merchant.Create(Reference);

        _merchant.Time.Advance(TimeSpan.FromMinutes(11));

        var line = _merchant.World.Ledger.Lines()[^1];
        Assert.Equal(("expired", Reference), (line.Kind, line.Reference));
    }

    [Fact]
    public async Task Expiry_TimeRunsSixtyTimesAsFast_ComesAfterTenRealSeconds()
    {
        await using var fast = new Merchant(new ChainCheckout.Simulator.SimulatorOptions { TimeFactor = 60 });
        fast.World.Tell(Merchant.Phone, CustomerAnswer.Ignore);
        fast.Create(Reference);

        fast.Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal(PaymentState.Created, fast.World.Find(fast.Msn, Reference)!.State);
        fast.Time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal(PaymentState.Expired, fast.World.Find(fast.Msn, Reference)!.State);
    }

    [Fact]
    public void Cancel_BeforeApproval_Terminates()
    {
        _merchant.Create(Reference);

        var reply = _merchant.Cancel(Reference, onlyIfNotApproved: true);

        Assert.Equal((200, "TERMINATED"), (reply.Status, (string)reply.Json["state"]!));
        Assert.Equal("6070", _merchant.Capture(Reference, 20_000).Code);
        Assert.Equal("6210", _merchant.Refund(Reference, 20_000).Code);
        Assert.Equal("6050", _merchant.Cancel(Reference).Code);
    }

    [Fact]
    public void Cancel_AfterApproval_ReleasesAllThatIsNotCaptured_AndTheStateStays()
    {
        _merchant.Create(Reference);
        _merchant.World.Approve(_merchant.Msn, Reference);

        Assert.Equal("6060", _merchant.Cancel(Reference, onlyIfNotApproved: true).Code);
        var reply = _merchant.Cancel(Reference);

        Assert.Equal("AUTHORIZED", (string)reply.Json["state"]!);
        Assert.Equal([20_000, 0, 0, 20_000], Aggregate(reply.Json));
        Assert.Equal("6070", _merchant.Capture(Reference, 1).Code);
        Assert.Equal("6050", _merchant.Cancel(Reference).Code);
    }

    [Fact]
    public void Capture_BeforeApproval_TooHigh_OrAgain_IsRefusedByCode()
    {
        _merchant.Create(Reference);
        Assert.Equal("6080", _merchant.Capture(Reference, 20_000).Code);
        Assert.Equal("6020", _merchant.Refund(Reference, 20_000).Code);
        _merchant.World.Approve(_merchant.Msn, Reference);
        _merchant.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("6090", _merchant.Capture(Reference, 20_001).Code);
        Assert.Equal("5040", _merchant.Capture(Reference, 20_000, currency: "DKK").Code);
        Assert.Equal("4040", _merchant.Capture(Reference, 0).Code);
        Assert.Equal(200, _merchant.Capture(Reference, 20_000).Status);
        Assert.Equal("6170", _merchant.Capture(Reference, 20_000).Code);
        _merchant.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("6040", _merchant.Cancel(Reference).Code);
        Assert.Equal("6150", _merchant.Refund(Reference, 20_001).Code);
        Assert.Equal(200, _merchant.Refund(Reference, 20_000).Status);
        Assert.Equal("6180", _merchant.Refund(Reference, 1).Code);
    }

    [Fact]
    public void Windows_OnceOver_RefuseCaptureCancelAndRefund()
    {
        _merchant.Create(Reference);
        _merchant.World.Approve(_merchant.Msn, Reference);
        _merchant.Capture(Reference, 5_000);

        _merchant.Time.Advance(TimeSpan.FromDays(181));
        Assert.Equal("6100", CaptureOfMachine(Reference));
        Assert.Equal("6030", _merchant.World.Find(_merchant.Msn, Reference) is { } late
            ? PaymentMachine.Cancel(late, false, _merchant.World.Clock.Now, null).Refusal!.Details[0].Reason
            : null);
        var payment = _merchant.World.Find(_merchant.Msn, Reference)!;
        var refund = PaymentMachine.Refund(payment, "NOK", 1, _merchant.World.Clock.Now.AddDays(185), null);
        Assert.Equal("6220", refund.Refusal!.Details[0].Reason);
    }

    [Fact]
    public async Task Capture_PartWhereOnlyTheWholeIsAllowed_Is6140()
    {
        var unit = ChainCheckout.Simulator.SimulatorOptions.DemoUnit with { PartialCaptureAllowed = false };
        await using var merchant = new Merchant(new ChainCheckout.Simulator.SimulatorOptions { SalesUnits = [unit] });
        merchant.Create(Reference);

        Assert.Equal("6140", merchant.Capture(Reference, 19_999).Code);
        Assert.Equal(200, merchant.Capture(Reference, 20_000).Status);
    }

    [Fact]
    public void ForceApprove_ApprovesWhatWaits_AndNothingElse()
    {
        _merchant.Create(Reference);
        var path = $"/epayment/v1/test/payments/{Reference}/approve";
        var body = """{"customer":{"phoneNumber":"4791234567"}}""";

        Assert.Equal(200, _merchant.Send("POST", path, body).Status);
        Assert.Equal("AUTHORIZED", State());
        Assert.Equal("10010", _merchant.Send("POST", path, body).Code);
        Assert.Equal(400, _merchant.Send("POST", path, "{}").Status);
    }

    [Fact]
    public void AnyCall_UnknownReference_Is404With5090()
    {
        Assert.Equal((404, "5090"), Of(_merchant.Get("nobody-knows-1")));
        Assert.Equal((404, "5090"), Of(_merchant.Capture("nobody-knows-1", 100)));
        Assert.Equal((404, "5090"), Of(_merchant.Refund("nobody-knows-1", 100)));
        Assert.Equal((404, "5090"), Of(_merchant.Cancel("nobody-knows-1")));
    }

    private static (int, string?) Of(Reply reply) => (reply.Status, reply.Code);

    private static int[] Aggregate(System.Text.Json.Nodes.JsonNode body) =>
    [
        (int)body["aggregate"]!["authorizedAmount"]!["value"]!,
        (int)body["aggregate"]!["capturedAmount"]!["value"]!,
        (int)body["aggregate"]!["refundedAmount"]!["value"]!,
        (int)body["aggregate"]!["cancelledAmount"]!["value"]!,
    ];

    private string State() => (string)_merchant.Get(Reference).Json["state"]!;

    private string? CaptureOfMachine(string reference)
    {
        var payment = _merchant.World.Find(_merchant.Msn, reference)!;
        return PaymentMachine.Capture(
            payment, "NOK", 1, true, _merchant.World.Clock.Now, null).Refusal!.Details[0].Reason;
    }
}
