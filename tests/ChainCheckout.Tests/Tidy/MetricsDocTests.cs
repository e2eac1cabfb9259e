using System.Text.RegularExpressions;

namespace ChainCheckout.Tests.Tidy;

/// <summary>docs/operations.md has a row for each family of metrics, and no other.</summary>
public sealed partial class MetricsDocTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs/operations.md"));

    /// <summary>The rows of the table; <c>Where</c> is empty, <c>standalone</c> or <c>cluster</c>.</summary>
    public static IReadOnlyList<(string Name, string Type, string[] Labels, string Where)> Rows { get; } =
    [
        .. Row().Matches(Page).Select(row => (
            row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value.Replace("`", "", StringComparison.Ordinal).Split(", ", StringSplitOptions.RemoveEmptyEntries), row.Groups[4].Value)),
    ];

    [Fact]
    public void Table_HasTheNamesThatTheCodeHas()
    {
        var named = Repository.Files("*.cs", "src").SelectMany(file => Name().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value));

        Assert.Equal(named.Distinct().Order(StringComparer.Ordinal), Rows.Select(row => row.Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryNameThatThePageUses_IsInTheTable() => Assert.Empty(
        Used().Matches(Page).Select(match => match.Value).Except(Rows.SelectMany(row => new[] { row.Name, row.Name + "_bucket" })));

    [GeneratedRegex(@"^\| `(chaincheckout_[a-z_]+)` \| (counter|gauge|histogram) \| ?([a-z`, ]*?) ?\| ?(standalone|cluster|) ?\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("\"(chaincheckout_[a-z_]+)\"")]
    private static partial Regex Name();

    [GeneratedRegex("chaincheckout_[a-z_]+")]
    private static partial Regex Used();
}
