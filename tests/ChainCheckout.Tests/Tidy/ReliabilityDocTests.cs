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
        var named = Lines.SelectMany(line => Name().Matches(line)).Select(name => (Where: name.Groups[1].Value, Name: name.Groups[2].Value)).Distinct().ToArray();

        Assert.NotEmpty(named);
        Assert.Empty(named.Where(one => !Exists(one.Where, one.Name)).Select(one => one.Where + one.Name));
    }

    private static bool Exists(string where, string name) => where switch
    {
        "simulation: " => IsIn("tests/ChainCheckout.Simulation", name),
        "cluster: " => IsIn("tests/ChainCheckout.Cluster.Tests", name),
        _ => Exists(name),
    };

    private static bool Exists(string name)
    {
        var parts = name.Split('.');
        var types = Searched.SelectMany(one => one.GetTypes()).Where(type => type.Name == parts[0]);
        return parts.Length == 1
            ? types.Any()
            : types.Any(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public).Any(method => method.Name == parts[1]));
    }

    /// <summary>The simulation is a program beside the tests, and the cluster's tests are not built everywhere: both are looked up in their sources.</summary>
    private static bool IsIn(string folder, string name)
    {
        var files = Repository.Files("*.cs", folder).Select(File.ReadAllText).ToArray();
        var parts = name.Split('.');
        return files.Length == 0 || files.Any(text =>
            Regex.IsMatch(text, $@"\bclass {parts[0]}\b") && (parts.Length == 1 || Regex.IsMatch(text, $@"\b{parts[1]}\(")));
    }

    [GeneratedRegex(@"^\| ([IF])-(\d+) \|.*$")]
    private static partial Regex Row();

    [GeneratedRegex("(simulation: |cluster: )?`([A-Z][A-Za-z0-9]+(?:\\.[A-Z][A-Za-z0-9_]+)?)`")]
    private static partial Regex Name();
}
