using System.Text.RegularExpressions;
using ChainCheckout.Simulator;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Payments;

namespace ChainCheckout.Tests.Simulator;

public sealed class CustomerTests : IAsyncDisposable
{
    private readonly Merchant _merchant = new();

    public ValueTask DisposeAsync() => _merchant.DisposeAsync();

    [Fact]
    public void Population_IsTheSameEachTime_UniqueAndOfValidShapes()
    {
        var people = Enumerable.Range(0, 20_000).Select(index => Population.At(7, index)).ToList();

        Assert.Equal(people[123], Population.At(7, 123));
        Assert.NotEqual(people[123].Msisdn, Population.At(8, 123).Msisdn);
        Assert.Equal(people.Count, people.Select(person => person.Msisdn).Distinct().Count());
        Assert.All(people, person => Assert.True(Population.IsMobile(person.Msisdn)));
        Assert.InRange(
            people.Count(person => person.Msisdn.StartsWith("47", StringComparison.Ordinal)), 16_800, 17_600);
        Assert.Equal(4, people.Select(person => person.Msisdn[..2]).Distinct().Count());
    }

    [Fact]
    public void Exchange_ClearForm_IsVersion1WithoutATimestamp()
    {
        var person = Population.At(7, 5);

        Assert.Equal($$"""{"msisdn":"{{person.Msisdn}}","version":"1.0"}""", Exchange(person.QrV1).Text);
    }

    [Fact]
    public void Exchange_TokenForm_IsVersion2WithWhenItWasMade()
    {
        var person = Population.At(7, 5);

        var fresh = Exchange(person.QrToken).Json;
        var old = Exchange(_merchant.World.MintQr(person.Msisdn, TimeSpan.FromMinutes(7))).Json;

        Assert.Equal((person.Msisdn, "2.0"), ((string)fresh["msisdn"]!, (string)fresh["version"]!));
        Assert.Equal(_merchant.Time.GetUtcNow().ToUnixTimeSeconds(), (long)fresh["timestamp"]!);
        Assert.Equal(7 * 60, (long)fresh["timestamp"]! - (long)old["timestamp"]!);
    }

    [Theory]
    [InlineData("https://qr.vipps.no/p/AAAAAQAAAADLvEh1Deu4U1CTs95")]
    [InlineData("https://qr.vipps.no/p/")]
    [InlineData("https://qr.vipps.no/28/2/01/031/4791234567")]
    [InlineData("https://qr.vipps.no/28/2/01/031/12?v=1")]
    [InlineData("https://example.test/28/2/01/031/4791234567?v=1")]
    [InlineData("4791234567")]
    public void Exchange_AnythingElse_Is400InTheShortForm(string code)
    {
        var reply = Exchange(code);

        Assert.Equal(400, reply.Status);
        Assert.NotEmpty(reply.Details("qrCode"));
        Assert.Null(reply.Json["type"]);
        Assert.Null(reply.Json["traceId"]);
    }

    [Fact]
    public void Exchange_ExpiredToken_Is400() =>
        Assert.Equal(400, Exchange(_merchant.World.MintQr(Merchant.Phone, expired: true)).Status);

    [Fact]
    public void PromptScript_Push_IsApprovedWithinTheCreation()
    {
        _merchant.Create("s041-t04-000123");

        Assert.Equal(["created", "authorized"], _merchant.World.Ledger.Lines().Select(line => line.Kind));
    }

    [Fact]
    public void MixedScript_ManyReferences_KeepsItsProportionsAndTimes()
    {
        var drawn = Enumerable.Range(0, 20_000)
            .Select(i => Scripts.Plan(Order($"s041-t04-{i:D6}"), Script.Mixed, seed: 7, byHand: null))
            .ToList();
        var after = drawn.OfType<PlannedAnswer>()
            .Select(plan => (plan.Approves, Seconds: (plan.At - Start).TotalSeconds))
            .ToList();

        Assert.InRange(after.Count(plan => plan.Approves && plan.Seconds is >= 2 and <= 15), 15_600, 16_400);
        Assert.InRange(after.Count(plan => !plan.Approves && plan.Seconds is >= 3 and <= 20), 1_400, 1_800);
        Assert.InRange(drawn.Count(plan => plan is null), 650, 950);
        Assert.InRange(after.Count(plan => plan.Approves && plan.Seconds is >= 599 and < 600), 650, 950);
        Assert.InRange(after.Count(plan => plan.Approves && plan.Seconds is >= 60 and <= 180), 650, 950);
        Assert.Equal(drawn[77], Scripts.Plan(Order("s041-t04-000077"), Script.Mixed, seed: 7, byHand: null));
    }

    [Fact]
    public void MixedScript_ManyPeople_LogInInTheirProportions_EachAlwaysTheSameWay()
    {
        var drawn = Enumerable.Range(0, 20_000)
            .Select(i => LoginScripts.Of(Population.At(7, i).Msisdn, Script.Mixed, seed: 7))
            .ToList();
        int Count(LoginAnswer answer) => drawn.Count(login => login.Answer == answer);

        Assert.InRange(Count(LoginAnswer.Accept), 13_600, 14_400);
        Assert.InRange(Count(LoginAnswer.Deny), 3_700, 4_300);
        Assert.InRange(Count(LoginAnswer.Ignore), 1_400, 1_800);
        Assert.InRange(Count(LoginAnswer.OldApp), 300, 500);
        Assert.All(
            drawn.Where(login => login.Answer is LoginAnswer.Accept or LoginAnswer.Deny),
            login => Assert.InRange(login.After.TotalSeconds, 2, 15));
        Assert.Equal(drawn[77], LoginScripts.Of(Population.At(7, 77).Msisdn, Script.Mixed, seed: 7));
    }

    [Fact]
    public void Handle_IsPartOfAHash_AndPartOfThePopulation()
    {
        var person = Population.At(7, 5);
        var hash = System.Security.Cryptography.SHA256.HashData(
            System.Text.Encoding.UTF8.GetBytes($"chaincheckout-simulator:{person.Msisdn}"));

        Assert.Equal(Convert.ToHexString(hash)[..16].ToLowerInvariant(), person.Handle);
    }

    [Theory]
    [InlineData(CustomerAnswer.Approve, 5, PaymentState.Authorized)]
    [InlineData(CustomerAnswer.Refuse, 5, PaymentState.Aborted)]
    [InlineData(CustomerAnswer.Ignore, 600, PaymentState.Expired)]
    [InlineData(CustomerAnswer.LastSecond, 599.5, PaymentState.Authorized)]
    [InlineData(CustomerAnswer.Manual, 600, PaymentState.Expired)]
    public void HandScript_EachAnswer_ComesAtItsTime(CustomerAnswer answer, double afterSeconds, PaymentState state)
    {
        _merchant.World.Tell(Merchant.Phone, answer, TimeSpan.FromSeconds(5));
        _merchant.Create("s041-t04-000123");

        _merchant.Time.Advance(TimeSpan.FromSeconds(afterSeconds - 0.1));
        Assert.Equal(PaymentState.Created, _merchant.World.Find(_merchant.Msn, "s041-t04-000123")!.State);
        _merchant.Time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(state, _merchant.World.Find(_merchant.Msn, "s041-t04-000123")!.State);
    }

    [Fact]
    public void Answer_FoundLate_StillHasItsOwnInstant()
    {
        _merchant.World.Tell(Merchant.Phone, CustomerAnswer.LastSecond);
        _merchant.Create("s041-t04-000123");
        var payment = _merchant.World.Find(_merchant.Msn, "s041-t04-000123")!;

        var settled = PaymentMachine.Settle(payment, payment.Order.ExpiresAt.AddHours(1));

        Assert.Equal(PaymentState.Authorized, settled.State);
        Assert.Equal(payment.Plan!.At, settled.AuthorizedAt);
    }

    private static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static PaymentOrder Order(string reference) => new()
    {
        Msn = "123456",
        Reference = reference,
        Currency = "NOK",
        AmountMinor = 100,
        UserFlow = "PUSH_MESSAGE",
        Method = "WALLET",
        CreatedAt = Start,
        ExpiresAt = Start.AddMinutes(10),
    };

    private Reply Exchange(string code) =>
        _merchant.Send("POST", "/qr/v1/exchange", System.Text.Json.JsonSerializer.Serialize(new { qrCode = code }));
}
