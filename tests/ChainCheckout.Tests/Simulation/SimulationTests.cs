using System.Diagnostics;
using System.Text.Json;
using ChainCheckout.Simulation;
using ChainCheckout.Simulation.Mutants;
using Xunit.Abstractions;

namespace ChainCheckout.Tests.Simulation;

/// <summary>Whole chains by their seeds. A seed that fails says how to run it again and tells the story of the sale that went wrong.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 2_000;
    private const ulong SeedOfDigests = 7;

    [Fact]
    public void EverySeed_KeepsTheInvariantsAndComesToRest()
    {
        using var text = new StringWriter();

        var code = SimulateProgram.Run(["--seeds", $"{Seeds}", "--json"], text);

        output.WriteLine(text.ToString());
        Assert.Equal(0, code);
        using var report = JsonDocument.Parse(text.ToString().TrimEnd().Split('\n')[^1]);
        var sums = report.RootElement;
        Assert.Equal(0, sums.GetProperty("failed").GetArrayLength());
        Assert.True(sums.GetProperty("sales").GetInt64() >= 100_000);
        Assert.True(sums.GetProperty("faults").GetInt64() >= 100_000);
        Assert.All(sums.GetProperty("faultsByKind").EnumerateObject(), kind => Assert.True(kind.Value.GetInt64() > 0, $"{kind.Name} never happened"));
        Assert.All(sums.GetProperty("outcomes").EnumerateObject(), end => Assert.True(end.Value.GetInt64() > 0, $"no sale ended {end.Name}"));
    }

    [Fact]
    public void EveryBugOnPurpose_IsCaughtByAChecker()
    {
        var hunt = MutantHunt.Run(MutantHunt.SeedsMax, told: null);

        output.WriteLine(hunt.ToTable());
        Assert.True(hunt.Catches.Length >= 20);
        Assert.Empty(hunt.Missed);
    }

    /// <summary>Another process has other string hashes, other addresses, another thread pool.</summary>
    [Fact]
    public async Task Seed_InAnotherProcess_HasTheSameDigest()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "ChainCheckout.Simulation.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--seed", $"{SeedOfDigests}", "--json"]) { RedirectStandardOutput = true };
        using var other = Process.Start(start)!;
        var text = await other.StandardOutput.ReadToEndAsync();
        await other.WaitForExitAsync();

        using var report = JsonDocument.Parse(text.TrimEnd().Split('\n')[^1]);
        Assert.Equal(SeedRuns.Of(SeedOfDigests, 1).Digest, report.RootElement.GetProperty("digest").GetString());
    }

    [Fact]
    public void Seed_ThatFails_TellsItsStory()
    {
        var told = Run.Of(1, Mutant.CheckingIsUnpaid, keepsStory: true);

        Assert.NotNull(told.Found);
        Assert.Contains("at Vipps", told.Story, StringComparison.Ordinal);
    }
}
