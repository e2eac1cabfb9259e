using System.Reflection;
using System.Text.RegularExpressions;
using ChainCheckout.Cli.Demos;
using ChainCheckout.Load.Books;

namespace ChainCheckout.Tests.Tidy;

/// <summary>docs/reliability.md names every rule and failure, and only tests and checkers that exist.</summary>
public sealed partial class ReliabilityDocTests
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.PathOf("docs/reliability.md"));

    private static readonly Assembly[] Searched = [typeof(ReliabilityDocTests).Assembly, typeof(BookRules).Assembly, typeof(PrivacyScan).Assembly];

    [Theory]
    [InlineData("I", 40)]
    [InlineData("F", 66)]
    public void EveryNumber_HasItsRow_AndIsCoveredOrSaysThatItIsNot(string kind, int count)
    {
        var rows = Lines.Select(line => Row().Match(line)).Where(row => row.Success && row.Groups[1].Value == kind).ToArray();

        Assert.Equal(Enumerable.Range(1, count).Select(number => $"{number}"), rows.Select(row => row.Groups[2].Value));
        Assert.All(rows, row => Assert.True(
            Name().IsMatch(row.Value) || row.Value.Contains("not covered", StringComparison.Ordinal), $"nothing is said of {row.Value}"));
    }

    [Fact]
    public void EveryTestAndChecker_ThatIsNamed_Exists()
    {
        var named = Lines.SelectMany(line => Name().Matches(line)).Select(name => (IsOfSimulation: name.Groups[1].Success, Name: name.Groups[2].Value)).Distinct().ToArray();

        Assert.NotEmpty(named);
        Assert.Empty(named.Where(one => one.IsOfSimulation ? !IsInSimulation(one.Name) : !Exists(one.Name)).Select(one => one.Name));
    }

    private static bool Exists(string name)
    {
        var parts = name.Split('.');
        var types = Searched.SelectMany(one => one.GetTypes()).Where(type => type.Name == parts[0]);
        return parts.Length == 1
            ? types.Any()
            : types.Any(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public).Any(method => method.Name == parts[1]));
    }

    /// <summary>The simulation is a program beside the tests: its checkers are looked up in its source.</summary>
    private static bool IsInSimulation(string name)
    {
        var files = Repository.Files("*.cs", "tests/ChainCheckout.Simulation").ToArray();
        return files.Length == 0 || files.Any(file => Regex.IsMatch(File.ReadAllText(file), $@"\bclass {name}\b"));
    }

    [GeneratedRegex(@"^\| ([IF])-(\d+) \|.*$")]
    private static partial Regex Row();

    [GeneratedRegex("(simulation: )?`([A-Z][A-Za-z0-9]+(?:\\.[A-Z][A-Za-z0-9_]+)?)`")]
    private static partial Regex Name();
}
