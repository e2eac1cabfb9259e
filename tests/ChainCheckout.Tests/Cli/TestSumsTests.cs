using ChainCheckout.Cli.Tests;

namespace ChainCheckout.Tests.Cli;

public sealed class TestSumsTests
{
    [Theory]
    [InlineData("Passed!  - Failed:     0, Passed:   120, Skipped:     3, Total:   123, Duration: 4 s - ChainCheckout.Tests.dll (net10.0)", 120, 0, 3)]
    [InlineData("Failed!  - Failed:     2, Passed:     1, Skipped:     0, Total:     3, Duration: 1 m 2 s - X.dll (net10.0)", 1, 2, 0)]
    public void SummaryLine_OfAProject_IsRead(string line, int passed, int failed, int skipped) =>
        Assert.Equal(new TestSums(passed, failed, skipped), TestSums.Parse(line));

    [Theory]
    [InlineData("  Failed ChainCheckout.Tests.SomeTest [1 ms]")]
    [InlineData("")]
    public void AnyOtherLine_IsNone(string line) => Assert.Null(TestSums.Parse(line));

    [Fact]
    public void LastLine_HasTheFormThatBuildsLookFor() =>
        Assert.Equal("121 passed, 2 failed, 3 skipped", (new TestSums(120, 0, 3) + new TestSums(1, 2, 0)).ToString());
}
