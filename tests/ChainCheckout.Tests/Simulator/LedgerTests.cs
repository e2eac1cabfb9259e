using System.Text.Json.Nodes;
using ChainCheckout.Simulator;
using ChainCheckout.Simulator.Customers;

namespace ChainCheckout.Tests.Simulator;

public sealed class LedgerTests
{
    [Fact]
    public async Task Ledger_ASalesLife_IsALineForEachEffectWithOnlyItsFields()
    {
        var file = Path.Combine(Path.GetTempPath(), $"ledger-{Guid.NewGuid():N}.jsonl");
        try
        {
            await using (var merchant = new Merchant(new SimulatorOptions { Ledger = file }))
            {
                merchant.Create("s041-t04-000123", key: "create-1");
                merchant.Capture("s041-t04-000123", 15_000, "capture-1");
                merchant.Refund("s041-t04-000123", 4_000, "refund-1");
                merchant.Cancel("s041-t04-000123", key: "cancel-1");
                merchant.Send("POST", "/qr/v1/exchange", $$"""{"qrCode":"{{QrOf()}}"}""");
            }

            var lines = File.ReadAllLines(file).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();

            Assert.Equal(
                ["created", "authorized", "captured", "refunded", "cancelled", "exchange"],
                lines.Select(line => (string)line["kind"]!));
            Assert.Equal([1, 2, 3, 4, 5, 6], lines.Select(line => (int)line["n"]!));
            Assert.Equal(
                [20_000, 20_000, 15_000, 4_000, 5_000], lines.Take(5).Select(line => (int)line["amountMinor"]!));
            Assert.Equal("2026-10-20T10:00:00.0000000Z", (string)lines[0]["at"]!);
            Assert.Equal(
                ["n", "at", "kind", "msn", "reference", "amountMinor", "currency", "pspReference", "idempotencyKey"],
                lines[0].Select(pair => pair.Key));
            Assert.Equal(["n", "at", "kind", "msn", "status"], lines[5].Select(pair => pair.Key));
            Assert.DoesNotContain(Merchant.Phone, File.ReadAllText(file), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Ledger_CallsAskedFor_HasEveryMutationAndEveryFailure()
    {
        await using var merchant = new Merchant(new SimulatorOptions { LedgerCalls = true });
        merchant.Create("s041-t04-000123", key: "create-1");
        merchant.Get("s041-t04-000123");
        merchant.Get("nobody-knows-1");
        merchant.Capture("s041-t04-000123", 30_000, "capture-1");

        var calls = merchant.World.Ledger.Lines().Where(line => line.Kind == "call");

        Assert.Equal(
            [("create", 201, "create-1"), ("get", 404, null), ("capture", 400, "capture-1")],
            calls.Select(line => (line.Event!, line.Status!.Value, line.IdempotencyKey)));
    }

    [Fact]
    public async Task Ledger_RefusedCall_HasNoEffectLine()
    {
        await using var merchant = new Merchant();
        merchant.Create("s041-t04-000123", amount: 1);

        Assert.Empty(merchant.World.Ledger.Lines());
    }

    private static string QrOf() => Population.At(7, 1).QrV1;
}
