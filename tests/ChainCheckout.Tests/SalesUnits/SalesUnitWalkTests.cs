using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using Xunit.Abstractions;
using static ChainCheckout.Tests.SalesUnits.WebhookWorld;

namespace ChainCheckout.Tests.SalesUnits;

public sealed class SalesUnitWalkTests(ITestOutputHelper output)
{
    private static readonly WebhookRegistration Foreign = new("foreign", "https://other.example/hooks", ["authorized"]);
    private static readonly WebhookRegistration Stray = new("stray", Url, ["authorized", "captured"]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SalesUnit_WhateverIsLost_RestsWithExactlyOneHookWhoseSecretItKnows(bool strayBefore)
    {
        var begin = strayBefore ? Begin(3, Foreign, Stray) : Begin(3, Foreign);
        var seen = new HashSet<string>();
        var queue = new Queue<WebhookWorld>([begin.Told(new SalesUnitMessage.Ensure(Wanted(Url)))]);
        while (queue.TryDequeue(out var world))
        {
            ComesToRest(world);
            foreach (var next in world.Next())
            {
                if (seen.Add(next.Name())) queue.Enqueue(next);
            }
        }

        output.WriteLine($"{seen.Count} states");
        Assert.InRange(seen.Count, 1_000, 100_000);
    }

    /// <summary>From here on nothing goes wrong any more.</summary>
    private static void ComesToRest(WebhookWorld world)
    {
        for (var steps = 0; steps < 60; steps++)
        {
            if (world.Onward() is not { } next)
            {
                world.AskAtRest();
                return;
            }

            world = next;
        }

        Assert.Fail($"does not come to rest: {world.Name()}");
    }
}
