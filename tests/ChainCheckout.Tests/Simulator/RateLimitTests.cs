using ChainCheckout.Simulator;
using ChainCheckout.Simulator.Payments;

namespace ChainCheckout.Tests.Simulator;

public sealed class RateLimitTests
{
    private const string Reference = "s041-t04-000123";

    [Fact]
    public async Task Mutations_SixthInAMinuteOfOnePayment_Is429WithRetryAfter_OthersAreFree()
    {
        await using var merchant = new Merchant();
        merchant.Create(Reference);
        merchant.Time.Advance(TimeSpan.FromSeconds(20));
        for (var i = 0; i < 4; i++) Assert.Equal(200, merchant.Capture(Reference, 1).Status);

        var reply = merchant.Capture(Reference, 1);

        Assert.Equal((429, 40), (reply.Status, reply.RetryAfterSeconds));
        Assert.Equal(429, (int)reply.Json["statusCode"]!);
        Assert.Equal(201, merchant.Create("s041-t04-000124").Status);
        merchant.Time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(200, merchant.Capture(Reference, 1).Status);
        Assert.Equal(429, merchant.Capture(Reference, 1).Status);
    }

    [Fact]
    public async Task Reads_The121stInAMinute_Is429()
    {
        await using var merchant = new Merchant();
        merchant.Create(Reference);
        for (var i = 0; i < 120; i++) Assert.Equal(200, merchant.Get(Reference).Status);

        Assert.Equal(429, merchant.Get(Reference).Status);
    }

    [Fact]
    public async Task Limit_TimeRunsSixtyTimesAsFast_IsOverInARealSecond()
    {
        await using var merchant = new Merchant(new SimulatorOptions { TimeFactor = 60 });
        merchant.Create(Reference);
        for (var i = 0; i < 4; i++) merchant.Capture(Reference, 1);
        Assert.Equal(1, merchant.Capture(Reference, 1).RetryAfterSeconds);

        merchant.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(200, merchant.Capture(Reference, 1).Status);
    }

    [Fact]
    public async Task Limit_ReferenceThatIsNone_SharesOneBucket()
    {
        await using var merchant = new Merchant();
        for (var i = 0; i < 5; i++) Assert.Equal(400, merchant.Create($"x{i}").Status);

        Assert.Equal(429, merchant.Create("y").Status);
    }

    [Fact]
    public void SlidingWindow_AnyMinute_LetsNoMoreThanTheLimitPass()
    {
        var window = new SlidingWindow(5, TimeSpan.FromMinutes(1));
        var random = new Random(11);
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var passed = new List<DateTimeOffset>();
        while (passed.Count < 2_000)
        {
            now += TimeSpan.FromSeconds(random.NextDouble() * 20);
            if (!window.TryPass(now, out var wait))
            {
                var early = now + wait - TimeSpan.FromTicks(1);
                Assert.False(window.TryPass(early, out _), "the wait is no longer than needed");
                now += wait;
                Assert.True(window.TryPass(now, out _), "the wait is enough");
            }

            passed.Add(now);
        }

        for (var i = 5; i < passed.Count; i++) Assert.True(passed[i] - passed[i - 5] >= TimeSpan.FromMinutes(1));
    }
}
