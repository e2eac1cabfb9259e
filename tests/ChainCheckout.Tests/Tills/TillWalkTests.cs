using Xunit.Abstractions;

namespace ChainCheckout.Tests.Tills;

public sealed class TillWalkTests(ITestOutputHelper output)
{
    [Fact]
    public void Till_EveryReachableTurn_KeepsTheRules()
    {
        output.WriteLine(TillWalk.Once.Report);

        Assert.True(TillWalk.Once.IsComplete);
    }
}
