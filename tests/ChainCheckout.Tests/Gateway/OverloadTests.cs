using System.Diagnostics;
using System.Text.Json.Nodes;
using ChainCheckout.Client;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Tests.EndToEnd;

namespace ChainCheckout.Tests.Gateway;

[Collection(nameof(Timing))]
public sealed class OverloadTests
{
    private static void FourAtATime(JsonObject settings) => settings["Gateway"]!["Tills"]!["CommandsInFlightMax"] = 4;

    [Fact]
    public async Task MoreThanTheProcessTakes_IsToldBusyAndGetsThroughAllTheSame()
    {
        await using var shop = await Shop.OpenAsync(change: FourAtATime, tills: 40);
        var busy = new BusyCount();
        var tills = await Task.WhenAll(Enumerable.Range(1, 40).Select(till => shop.TillAsync(till, observer: busy)));

        for (var round = 0; round < 20 && busy.Count == 0; round++)
            await Task.WhenAll(tills.Select(till => till.GetsDoneAsync(new TillCommand.Phone("91234567"))));
        await Task.WhenAll(tills.Select(till => till.SellsAsync(shop, "sale-1")));

        Assert.True(busy.Count > 0, "Nobody was told Busy: nothing was tried.");
        Assert.Equal(40, shop.Vipps.Ledger.Lines().Count(line => line.Kind == "captured"));
    }

    [Fact]
    public async Task ASecondCommandBesideTheFirst_IsToldBusyUnderItsOwnNumber()
    {
        await using var shop = await Shop.OpenAsync();
        await using var raw = await RawTill.WelcomeAsync(shop, 1);
        var told = new List<Received>();

        // Both frames arrive in one piece, so that the second is read while the first one's turn is under way.
        for (var tries = 0; tries < 20 && told.All(one => one.Header.Type != FrameType.Busy); tries++)
        {
            var next = raw.LastApplied + 1;
            var (first, second) = (Bytes(raw, next), Bytes(raw, next + 1));
            await raw.SendBytesAsync([.. first, .. second]);
            told.Clear();
            while (told.Count < 2) told.Add(await raw.NextAsync());
            raw.Heard(told);
        }

        var busy = Assert.Single(told, one => one.Header.Type == FrameType.Busy);
        var reply = Assert.Single(told, one => one.Header.Type == FrameType.Reply);
        Assert.Equal(reply.Header.Sequence + 1, busy.Header.Sequence);
        Assert.InRange((int)busy.Body["retryAfterMs"]!, 1, 5_000);
    }

    [Fact]
    public async Task AFloodOnOneTill_LeavesAnothersSaleAlone()
    {
        await using var shop = await Shop.OpenAsync();
        var till = await shop.TillAsync(1);
        await till.SellsAsync(shop, "warm");
        using var stop = new CancellationTokenSource();
        var flooding = FloodAsync(shop, stop.Token);

        var started = Stopwatch.GetTimestamp();
        for (var sale = 0; sale < 5; sale++) await till.SellsAsync(shop, $"sale-{sale}");
        var took = Stopwatch.GetElapsedTime(started);
        await stop.CancelAsync();
        var sent = await flooding;

        Assert.True(sent > 1_000, $"Only {sent} frames were sent: that is no flood.");
        Assert.True(took < TimeSpan.FromSeconds(10), $"Five sales took {took}.");
    }

    private static byte[] Bytes(RawTill raw, uint number) => ChainCheckout.Tests.Protocol.FrameBytes.Of(
        FrameType.Command, 1, number, System.Text.Encoding.UTF8.GetBytes($$"""{"session":{{raw.Session}},"type":"phone","phone":"91234567"}"""));

    /// <summary>As fast as the server takes it; one that does not read its answers fast enough is cut, and comes back.</summary>
    private static async Task<int> FloodAsync(Shop shop, CancellationToken stop)
    {
        var sent = 0;
        while (!stop.IsCancellationRequested)
        {
            await using var raw = await RawTill.WelcomeAsync(shop, 2);
            var frames = Enumerable.Range(1, 50).SelectMany(number => Bytes(raw, (uint)number)).ToArray();
            try
            {
                for (; !stop.IsCancellationRequested; sent += 50)
                {
                    await raw.SendUnheardAsync(frames);
                    await raw.AnyAsync();
                }
            }
            catch (IOException cut)
            {
                Assert.NotNull(cut);
            }
        }

        return sent;
    }

    private sealed class BusyCount : ITillObserver
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void OnBusy(Till till, uint number, TimeSpan retryAfter, long receivedAt) => Interlocked.Increment(ref _count);
    }
}
