using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Values;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Ledgers;
using ChainCheckout.Tests.EndToEnd;
using ChainCheckout.Tests.Gateway;
using ChainCheckout.Tests.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace ChainCheckout.Tests.Wires;

/// <summary>
/// A whole visit, with its connection cut behind every byte that either end sends: whatever the till was in the middle
/// of, it comes back and finishes, and the books are those of one undisturbed visit. Alone, because it takes all
/// processors for its time.
/// </summary>
[Collection(nameof(Timing))]
public sealed class WireTests(WireTests.Club fixture, ITestOutputHelper output) : IClassFixture<WireTests.Club>
{
    private const int TillCount = 40;

    /// <summary>What the two directions of one visit are known to hold together; shorter ones would prove less.</summary>
    private const int PositionsMin = 5_000;

    private readonly Shop _shop = fixture.Shop;

    public sealed class Club : ShopFixture
    {
        private int _visits;

        /// <summary>The next visit, by a customer who was never here.</summary>
        internal Journey Next()
        {
            var number = Interlocked.Increment(ref _visits);
            return new Journey(Shop, number, $"4792{number:D6}");
        }

        private protected override void Change(JsonObject settings)
        {
            EnrolmentTests.MakeAClub(settings);
            settings["Vipps"]!["CallsInFlightMax"] = 1_000;
        }
    }

    [Fact]
    public async Task AVisit_CutBehindAnyByteOfEitherDirection_IsFinishedWithOnePaymentAndOneSetOfEvents()
    {
        var whole = new ConcurrentBag<(long ToServer, long ToTill)>();
        await EachAsync(Enumerable.Repeat<Cut?>(null, 2 * TillCount), (_, wire) => whole.Add(wire.Carried));
        var cuts = Positions(true, whole.Max(one => one.ToServer)).Concat(Positions(false, whole.Max(one => one.ToTill)));

        var (there, back, missed) = (0, 0, 0);
        await EachAsync(cuts, (cut, wire) =>
        {
            if (!wire.WasCut || wire.Connections == 1) Interlocked.Increment(ref missed);
            else if (cut!.IsTowardsServer) Interlocked.Increment(ref there);
            else Interlocked.Increment(ref back);
        });

        // The longest visits hold a view more than others: a cut behind the end of a shorter one comes too late, and one
        // behind its last frame finds a till that has gone.
        output.WriteLine($"cut at {there + back} positions: {there} towards the server, {back} towards the till; {missed} lay behind the end");
        Assert.True(there + back >= PositionsMin, $"Only {there + back} positions were cut.");
        Assert.True(there >= whole.Min(one => one.ToServer) && missed < (there + back) / 4, $"{there} there, {back} back, {missed} missed");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task AVisit_OverAWireThatCarriesAFewBytesAtATime_IsTheSame(int pieceBytes) =>
        await EachAsync(Enumerable.Repeat<Cut?>(null, 8), (_, wire) => Assert.Equal(1, wire.Connections), pieceBytes);

    [Fact]
    public async Task AThousandFramesInOneWrite_AreAnsweredEach_AndTheCommandTakesEffectOnce()
    {
        const int Channels = 20;
        const int FramesEach = 50;
        var exchanges = _shop.Exchanges;
        await using var gateway = await RawTill.ConnectAsync(_shop);
        var frames = new List<byte[]>();
        for (ushort channel = 1; channel <= Channels; channel++)
        {
            var answer = await gateway.ShakeAsync(channel, _shop.SecretOf(channel), channel: channel);
            Assert.Equal(FrameType.Welcome, answer.Header.Type);
            var code = _shop.Vipps.World.MintQr($"47930{channel:D5}");
            var command = $$"""{"session":{{gateway.Session}},"type":"scan","qr":"{{code}}"}""";
            for (var i = 0; i < FramesEach; i++)
                frames.Add(FrameBytes.Of(FrameType.Command, channel, gateway.Next(), System.Text.Encoding.UTF8.GetBytes(command)));
        }

        // One till's frames lie between those of all others.
        var together = Enumerable.Range(0, FramesEach).SelectMany(i => Enumerable.Range(0, Channels).SelectMany(c => frames[(c * FramesEach) + i]));
        await gateway.SendBytesAsync([.. together]);
        var answers = new Dictionary<ushort, List<Received>>();
        for (var left = Channels * FramesEach; left > 0;)
        {
            var frame = Assert.IsType<Received>(await gateway.AnyAsync());
            if (frame.Header.Type is not (FrameType.Reply or FrameType.Busy)) continue;
            (answers.TryGetValue(frame.Header.Channel, out var known) ? known : answers[frame.Header.Channel] = []).Add(frame);
            left--;
        }

        Assert.All(answers.Values, of => Assert.Equal(FramesEach, of.Count));
        Assert.All(answers.Values, of => Assert.Single(of.Where(one => one.Header.Type == FrameType.Reply).Select(one => one.Json).Distinct()));
        await Shop.UntilAsync(() => _shop.Exchanges - exchanges >= Channels, "the codes are exchanged");
        Assert.Equal(Channels, _shop.Exchanges - exchanges);
    }

    private static IEnumerable<Cut?> Positions(bool isTowardsServer, long bytes)
    {
        for (long after = 0; after < bytes; after++) yield return new Cut(isTowardsServer, after);
    }

    /// <summary>A visit for each cut, every till busy; then the books of all of them.</summary>
    private async Task EachAsync(IEnumerable<Cut?> cuts, Action<Cut?, CutWire> done, int pieceBytes = int.MaxValue)
    {
        var journeys = new ConcurrentBag<Journey>();
        var work = new ConcurrentQueue<Cut?>(cuts);
        await Task.WhenAll(Enumerable.Range(1, TillCount).Select(till => Task.Run(async () =>
        {
            while (work.TryDequeue(out var cut))
            {
                var journey = fixture.Next();
                await using var wire = new CutWire(_shop.TillPort, cut, pieceBytes);
                await journey.RunAsync(till, wire);
                journeys.Add(journey);
                done(cut, wire);
            }
        })));
        await CloseTheBooksAsync(journeys);
    }

    private async Task CloseTheBooksAsync(IReadOnlyCollection<Journey> journeys)
    {
        foreach (var journey in journeys) await PublishedAsync(journey);
        var ledger = _shop.Vipps.Ledger.Lines();
        var ofPayment = ledger.Where(line => line.Reference is not null).ToLookup(line => line.Reference!);
        var ofCustomer = ledger.Where(line => line.Customer is not null).ToLookup(line => line.Customer!);
        foreach (var journey in journeys)
        {
            var lines = ofPayment[journey.Reference!].ToLookup(line => line.Kind);
            var customer = ofCustomer[CustomerHandle.Of(journey.Phone)].ToLookup(line => line.Kind);
            Assert.Single(lines["created"]);
            Assert.Single(lines["authorized"]);
            Assert.Equal(Journey.PaidMinor, Assert.Single(lines["captured"]).AmountMinor);
            Assert.Equal(Journey.RefundedMinor, Assert.Single(lines["refunded"]).AmountMinor);
            Assert.Empty(lines["cancelled"]);
            Assert.Single(customer["loginAccepted"]);
            Assert.InRange(customer["checkIn"].Count(), 0, 1);
            Assert.Equal(Events(journey.Reference!), customer["loyalty"].Select(Name).Order(StringComparer.Ordinal).Except([$"{journey.Reference}-p"]));
            Assert.Equal(150, customer["loyalty"].MaxBy(line => line.Timestamp, StringComparer.Ordinal)!.Balance);

            var receipt = Assert.Single(journey.Receipts.Distinct());
            Assert.Equal((journey.SaleId, "vipps", journey.Reference, Journey.PaidMinor, "NOK"),
                (receipt.SaleId, receipt.Tender, receipt.Reference, receipt.AmountMinor, receipt.Currency));
        }

        Assert.Equal(journeys.Count, journeys.Select(journey => journey.Reference).Distinct().Count());
    }

    /// <summary>Asked of the customer: what Vipps has been told since the last save is not in storage.</summary>
    private async Task PublishedAsync(Journey journey)
    {
        Assert.True(Msisdn.TryParse(journey.Phone, out var phone));
        var id = _shop.Services.GetRequiredService<ChainSecret>().Pseudonym(phone);
        while (((CustomerReply.Story)await _shop.Actors.SendAsync(id, new CustomerMessage.Tell())).State.EventsOwed.Length > 0)
            await Task.Delay(20);
    }

    /// <summary>
    /// The new member, the welcome coupon, the stamp, and the points after the refund. The points before it may have
    /// been told, or been made old before they were.
    /// </summary>
    private static IEnumerable<string> Events(string reference) =>
        new[] { "m", "w", $"{reference}-s", $"{reference}-p{Journey.RefundedMinor}" }.Order(StringComparer.Ordinal);

    private static string Name(LedgerLine line) => line.Event is "benefits.member.registered" or "benefits.coupon.updated" ? line.EventId![^1..] : line.EventId!;
}
