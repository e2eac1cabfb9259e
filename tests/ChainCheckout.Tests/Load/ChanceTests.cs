using ChainCheckout.Load.Chance;
using ChainCheckout.Load.Crowds;
using ChainCheckout.Load.Journeys;
using ChainCheckout.Load.Measure;
using ChainCheckout.Load.Pacing;

namespace ChainCheckout.Tests.Load;

public sealed class ChanceTests
{
    [Fact]
    public void Deck_InEveryRound_DealsExactShares()
    {
        var deck = new Deck<char>([('a', 1), ('b', 4), ('c', 15)], new Random(5));

        for (var round = 0; round < 10; round++)
        {
            var dealt = Enumerable.Range(0, 20).Select(_ => deck.Draw()).CountBy(card => card).ToDictionary();
            Assert.Equal((1, 4, 15), (dealt['a'], dealt['b'], dealt['c']));
        }
    }

    [Fact]
    public void SaleDecks_InAHundredSales_HoldEveryEnding()
    {
        var decks = new SaleDecks(seed: 1);

        var endings = Enumerable.Range(0, 100).Select(_ => decks.DrawEnding()).CountBy(ending => ending).ToDictionary();

        Assert.Equal(Enum.GetValues<Ending>().Order(), endings.Keys.Order());
        var otherTender = endings[Ending.OtherTender] + endings[Ending.RefuseThenOtherTender] +
            endings[Ending.CancelThenOtherTender];
        Assert.Equal(10, otherTender);
        Assert.Equal(0.80, (double)endings[Ending.Approve] / (100 - endings[Ending.OtherTender]), tolerance: 0.01);
    }

    [Fact]
    public void SalePlans_OfOneSeed_AreTheSame()
    {
        Shopper[] people = [new("4791234567", "clear", "token")];
        SalePlan[] Plans() =>
        [
            .. Enumerable.Repeat(new SalePlanner(1, 2, people, new SaleDecks(7), new Random(7)), 50)
                .Select(planner => planner.Next()),
        ];

        var (one, other) = (Plans(), Plans());

        Assert.Equal(one.Select(plan => (plan.SaleId, plan.Ending, plan.AmountMinor)),
            other.Select(plan => (plan.SaleId, plan.Ending, plan.AmountMinor)));
        Assert.All(one, plan => Assert.Equal(plan.AmountMinor, plan.Lines.Sum(line => line.TotalMinor)));
        Assert.All(one, plan => Assert.InRange(plan.Lines.Count, 1, 5));
        Assert.All(one, plan => Assert.True(plan.RefundMinor < plan.AmountMinor));
        Assert.Equal(50, one.Select(plan => plan.SaleId).Distinct().Count());
    }

    [Fact]
    public void Schedule_HasTheMeanRate_AndTheSpreadOfAPoissonProcess()
    {
        var at = PoissonArrivals.Schedule(perSecond: 100, from: 0, until: 100_000_000, frequency: 1_000_000,
            new Random(3)).SkipLast(1).ToList();

        Assert.InRange(at.Count, 9_700, 10_300);
        Assert.Equal(at.Order(), at);

        // In a Poisson process the variance of the counts equals their mean; an even beat would have next to none.
        var perSecond = at.CountBy(instant => instant / 1_000_000).Select(second => (double)second.Value).ToList();
        var variance = perSecond.Average(count => Math.Pow(count - perSecond.Average(), 2));
        Assert.InRange(variance, 60, 150);
    }

    [Fact]
    public async Task Arrivals_ThatNoTillTookInTime_AreNeverStarted()
    {
        var clock = TimeProvider.System;
        var now = clock.GetTimestamp();
        var arrivals = new PoissonArrivals(2_000, clock, now, now + (clock.TimestampFrequency / 20), new Random(1));

        await arrivals.RunAsync(CancellationToken.None);

        Assert.Null(await arrivals.NextAsync(CancellationToken.None));
        Assert.InRange(arrivals.NeverStarted, 40, 200);
    }

    [Theory]
    [InlineData(0.50, 500)]
    [InlineData(0.99, 990)]
    [InlineData(1.00, 1_000)]
    public void Histogram_IsWithinTwoPercent_OfTheTruth(double share, double wantedMs)
    {
        var histogram = new Histogram();
        for (var ms = 1; ms <= 1_000; ms++) histogram.Record(TimeSpan.FromMilliseconds(ms));

        Assert.Equal(wantedMs, histogram.PercentileMs(share), tolerance: wantedMs * 0.02);
        Assert.Equal(1_000, histogram.MaxMs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(1_000_000)]
    [InlineData(3_600_000_000)]
    [InlineData(9_000_000_000)]
    public void Histogram_TakesEveryValue_AndNeverTellsMoreThanTheLargest(long micros)
    {
        var histogram = new Histogram();
        histogram.Record(TimeSpan.FromMicroseconds(micros));

        Assert.Equal(Math.Min(micros, 3_600_000_000) / 1_000.0, histogram.PercentileMs(1), precision: 6);
    }

    [Fact]
    public void Histogram_WithoutRecords_TellsZero() =>
        Assert.Equal(new LatencyMs(0, 0, 0), new Histogram().ToLatency());
}
