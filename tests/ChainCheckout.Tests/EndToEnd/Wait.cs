namespace ChainCheckout.Tests.EndToEnd;

/// <summary>Waits for what comes about outside of any till.</summary>
internal static class Wait
{
    public static async Task UntilAsync(Func<bool> holds, string what, double seconds = 10)
    {
        var clock = TimeProvider.System;
        for (var started = clock.GetTimestamp(); !holds();)
        {
            Assert.True(clock.GetElapsedTime(started) < TimeSpan.FromSeconds(seconds), $"It did not come about: {what}.");
            await Task.Delay(20);
        }
    }
}
