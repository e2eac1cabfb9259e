using System.Collections.Immutable;
using System.Text.Json;
using ChainCheckout.Cli.Demos;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Load.Books;
using ChainCheckout.Load.Crowds;
using ChainCheckout.Load.Measure;
using ChainCheckout.Simulator;
using ChainCheckout.Simulator.Faults;

namespace ChainCheckout.Tests.Cli;

public sealed class DemoReportTests
{
    private const string Promised = """
        {"seconds":10.0,"tills":50,"sales":{"started":0,"paid":0,"paidElsewhere":0,"refused":0,
        "expired":0,"cancelled":0,"failed":{},"open":0},
        "secondAttempts":0,"exchanges":0,"ledger":{"captured":0,"capturedMinor":0,"refunded":0,"refundedMinor":0},
        "tillReceipts":{"paid":0,"paidMinor":0,"refunded":0,"refundedMinor":0},
        "kills":0,"violations":[],"paidPerSecond":0.0,
        "perSale":{"saves":0.0,"bytesSaved":0,"vippsCalls":0.0,"serverCpuMicros":0},
        "latencyMs":{"scanToView":{"p50":0,"p99":0,"max":0},"payToPaid":{"p50":0,"p99":0,"max":0},
        "webhookToView":{"p50":0,"p99":0,"max":0},"askToEnrolled":{"p50":0,"p99":0,"max":0}},
        "members":0,"enrolled":0,"enrolRefused":0,"checkIns":{"sent":0,"ok":0},
        "loyaltyEvents":{"expected":0,"accepted":0,"merged":0,"posts":0},
        "faults":"calm","pauses":0,"silos":0,"longestWaitSeconds":0.0}
        """;

    [Fact]
    public void Report_HasEveryPromisedField_OfThePromisedKind_InOneLine()
    {
        var none = new LatencyMs(0, 0, 0);
        var sums = new SaleSums(0, 0, 0, 0, 0, 0, ImmutableSortedDictionary<string, int>.Empty, 0);
        var json = new DemoReport(
            10, 50, sums, 0, 0, new LedgerSums(0, 0, 0, 0), new ReceiptSums(0, 0, 0, 0), 0, [], 0,
            new PerSale(0, 0, 0, 0, 0, 0, 0),
            new Latencies(none, none, none, none), new Dictionary<string, int>(), 0, 0, 1, null,
            0, 0, 0, new CheckInSums(0, 0), new LoyaltySums(0, 0, 0, 0), 0, "calm", 0, 3, 0).ToJson();

        Assert.DoesNotContain('\n', json);
        using var promised = JsonDocument.Parse(Promised);
        using var said = JsonDocument.Parse(json);
        AssertHolds(promised.RootElement, said.RootElement, "report");
    }

    [Theory]
    [InlineData(0, 10, null, null, "--tills")]
    [InlineData(50, 0, null, null, "--seconds")]
    [InlineData(50, 10, -1.0, null, "--rate")]
    [InlineData(50, 10, null, 0.01, "--kill-every")]
    public void Options_OutOfRange_AreRefusedByName(
        int tills, double seconds, double? rate, double? killEvery, string name)
    {
        var options = new DemoOptions(
            tills, TimeSpan.FromSeconds(seconds), rate, false, killEvery is { } every
                ? TimeSpan.FromSeconds(every)
                : null, null, false, 1);

        Assert.Contains(name, Assert.Throws<CommandException>(options.Check).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("windy")]
    [InlineData("Storm")]
    [InlineData("")]
    public void Faults_OfAnotherName_AreRefusedByName(string faults)
    {
        var options = new DemoOptions(50, TimeSpan.FromSeconds(10), null, false, null, null, false, 1, Faults: faults);

        Assert.Contains("--faults", Assert.Throws<CommandException>(options.Check).Message, StringComparison.Ordinal);
    }

    /// <summary>Each rule names a call and a fault that exist; its check-ins are not carried out twice.</summary>
    [Fact]
    public async Task Storm_IsWhatTheSimulatorCanDo()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        using var vipps = new SimulatedVipps(simulator.Address, 1);

        await vipps.AddFaultsAsync(DemoStorm.Rules(), default);
        var rules = simulator.World.Faults.All();
        await vipps.ClearFaultsAsync(default);

        Assert.Superset(
            new HashSet<string>(["create", "capture", "cancel", "refund", "get", "exchange", "checkIn", "login", "loyalty", "webhookDelivery"]),
            rules.Select(one => one.Rule.Call).ToHashSet());
        Assert.All(rules, one => Assert.InRange(one.Rule.Probability, 0.001, 0.1));
        Assert.DoesNotContain(rules, one => one.Rule is { Call: "checkIn" or "login", Kind: FaultKind.Duplicate });
        Assert.Empty(simulator.World.Faults.All());
    }

    [Fact]
    public void Chain_Of50Tills_HasThreeStores_AndOwnSecretsForEveryTill()
    {
        var chain = new DemoChain(50);

        Assert.Equal([20, 20, 10], chain.Layout.Stores.Select(store => store.Tills.Count));
        var secrets = chain.Layout.Stores.SelectMany(store => store.Tills)
            .SelectMany(till => new[] { till.PosSecret, till.ScannerSecret }).ToList();
        Assert.Equal(100, secrets.Distinct().Count());
    }

    private static void AssertHolds(JsonElement promised, JsonElement said, string path)
    {
        Assert.True(promised.ValueKind == said.ValueKind, $"{path} is {said.ValueKind}");
        if (promised.ValueKind != JsonValueKind.Object) return;
        foreach (var field in promised.EnumerateObject())
        {
            Assert.True(said.TryGetProperty(field.Name, out var value), $"{path}.{field.Name} is missing");
            AssertHolds(field.Value, value, $"{path}.{field.Name}");
        }
    }
}
