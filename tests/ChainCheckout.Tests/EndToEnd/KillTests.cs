using System.Diagnostics;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Faults;

namespace ChainCheckout.Tests.EndToEnd;

/// <summary>The server as a process of its own, which is killed without a word.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task AServerKilledAtAnyStage_ComesBackAndEverySaleIsCapturedOnce()
    {
        await using var shop = await Shop.OpenAsync(tills: 3, start: false);
        var first = await ServerProcess.StartAsync(shop);
        foreach (var customer in new[] { "4791238001", "4791238002", "4791238003" }) shop.Vipps.World.Tell(customer, CustomerAnswer.Manual);
        var waiting = await shop.TillAsync(1);
        var creating = await shop.TillAsync(2);
        var capturing = await shop.TillAsync(3);
        shop.Vipps.World.Faults.Add(new FaultRule("create", FaultKind.Delay, DelayMs: 1_500, Times: 1, Reference: "s1-t2-1-2"));
        shop.Vipps.World.Faults.Add(new FaultRule("capture", FaultKind.Delay, DelayMs: 1_500, Times: 1, Reference: "s1-t3-1-2"));

        await waiting.AsksForPaymentAsync(shop, "sale-1", customer: "4791238001");
        await capturing.AsksForPaymentAsync(shop, "sale-3", customer: "4791238003");
        await capturing.SeesAsync("paying", "WaitingForCustomer");
        shop.Vipps.World.Approve(Shop.Msn, "s1-t3-1-2");
        await Shop.UntilAsync(() => shop.Struck("s1-t3-1-2") == 1, "the capture's call");
        await creating.AsksForPaymentAsync(shop, "sale-2", customer: "4791238002");
        await Shop.UntilAsync(() => shop.Struck("s1-t2-1-2") == 1, "the create's call");
        await first.KillAsync();

        shop.Vipps.World.Approve(Shop.Msn, "s1-t1-1-2");
        shop.Vipps.World.Approve(Shop.Msn, "s1-t2-1-2");
        var second = await ServerProcess.StartAsync(shop);
        foreach (var till in new[] { waiting, creating, capturing }) await till.SeesAsync("paid");
        await second.KillAsync();

        // Paid was said, so it is stored: a third server says the same without asking anybody.
        await shop.TakeVippsAwayAsync();
        await using var third = await ServerProcess.StartAsync(shop);
        var epoch = waiting.Epoch;
        await Shop.UntilAsync(() => waiting.Epoch > epoch, "the till is back");

        Assert.Equal("s1-t1-1-2", waiting.View!.Receipt!.Reference);
        foreach (var reference in new[] { "s1-t1-1-2", "s1-t2-1-2", "s1-t3-1-2" })
        {
            Assert.Single(shop.Ledger(reference, "created"));
            Assert.Equal(20_000, Assert.Single(shop.Ledger(reference, "captured")).AmountMinor);
        }
    }

    private sealed class ServerProcess(Process process) : IAsyncDisposable
    {
        public static async Task<ServerProcess> StartAsync(Shop shop)
        {
            var program = Path.Combine(AppContext.BaseDirectory, "ChainCheckout.Standalone.dll");
            var process = Process.Start(new ProcessStartInfo("dotnet", [program, "--settings", shop.SettingsFile])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            using var admin = shop.Admin();
            for (var tries = 0; ; tries++)
            {
                Assert.False(process.HasExited, "The server did not start.");
                Assert.True(tries < 400, "The server is not ready.");
                try
                {
                    if ((await admin.GetAsync("/health/ready")).IsSuccessStatusCode) return new ServerProcess(process);
                }
                catch (HttpRequestException notYet)
                {
                    Assert.NotNull(notYet);
                }

                await Task.Delay(50);
            }
        }

        public async Task KillAsync()
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        public async ValueTask DisposeAsync()
        {
            if (!process.HasExited) await KillAsync();
            process.Dispose();
        }
    }
}
