using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ChainCheckout.Tests.Tidy;

/// <summary>The small rules of the house, so that nobody has to remember them in a review.</summary>
public sealed partial class TidyTests
{
    private const int LinesMax = 400;

    /// <summary>Who may know whom. A program may know everything but another program of its kind.</summary>
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["ChainCheckout.Core"] = [],
        ["ChainCheckout.Protocol"] = [],
        ["ChainCheckout.Vipps"] = ["ChainCheckout.Core"],
        ["ChainCheckout.Gateway"] = ["ChainCheckout.Core", "ChainCheckout.Protocol"],
        ["ChainCheckout.Client"] = ["ChainCheckout.Protocol"],
    };

    private static readonly string[] ClusterProjects = ["ChainCheckout.Cluster", "ChainCheckout.Cluster.Tests"];
    private const string NBomberProject = "ChainCheckout.Load.NBomber";

    [Fact]
    public void LogMessages_HaveIdsOfTheirOwnInTheRangeOfTheirKind()
    {
        var found = (
            from file in Repository.Files("*.cs", "src", "load")
            from Match match in LogMessage().Matches(File.ReadAllText(file))
            select (File: Path.GetRelativePath(Repository.Root, file), Id: int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))).ToArray();

        Assert.NotEmpty(found);
        Assert.Empty(found.GroupBy(one => one.Id).Where(same => same.Count() > 1).Select(same => string.Join(" and ", same)));
        Assert.All(found, one => Assert.Contains(one.Id / 1_000, RangesOf(one.File)));
    }

    [Fact]
    public void Files_OfCode_AreShort() => Assert.All(
        Repository.Files("*.cs", "src", "load"), file => Assert.InRange(File.ReadLines(file).Count(), 0, LinesMax));

    [Fact]
    public void Types_AreNamedForWhatTheyAre() => Assert.Empty(
        from file in Repository.Files("*.cs", "src", "load", "tests")
        from Match match in VagueType().Matches(File.ReadAllText(file))
        select $"{Path.GetFileName(file)}: {match.Value}");

    [Fact]
    public void Projects_KnowOnlyWhomTheyMay()
    {
        foreach (var (name, allowed) in MayKnow)
        {
            var known = References(Project($"src/{name}/{name}.csproj"), "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path));
            Assert.Equal([], known.Except(allowed));
        }
    }

    [Fact]
    public void Core_HasNoPackage() => Assert.Empty(References(Project("src/ChainCheckout.Core/ChainCheckout.Core.csproj"), "PackageReference"));

    [Fact]
    public void Core_KnowsNeitherTheVendorsClientNorTheGateway()
    {
        var known = typeof(Core.Actors.Owed).Assembly.GetReferencedAssemblies().Select(one => one.Name!);

        Assert.DoesNotContain(known, name => name.StartsWith("ChainCheckout", StringComparison.Ordinal));
    }

    [Fact]
    public void CommandLine_StartsTheClustersProgramAndNeverReferencesIt() =>
        Assert.DoesNotContain(References(Project("src/ChainCheckout.Cli/ChainCheckout.Cli.csproj"), "ProjectReference"), path => path.Contains("Cluster", StringComparison.Ordinal));

    [Fact]
    public void PackagesOfTheCluster_AreWantedByItsProjectsOnly() => Assert.Empty(
        from file in Repository.Files("*.csproj", "src", "load", "tests")
        where !ClusterProjects.Contains(Path.GetFileNameWithoutExtension(file))
        from package in References(XDocument.Load(file), "PackageReference")
        where ClusterPackage().IsMatch(package)
        select $"{Path.GetFileName(file)}: {package}");

    [Fact]
    public void NBomber_IsWantedByItsProjectOnly() => Assert.Equal(
        [NBomberProject],
        from file in Repository.Files("*.csproj", "src", "load", "tests")
        where References(XDocument.Load(file), "PackageReference").Any(package => package.StartsWith("NBomber", StringComparison.Ordinal))
        select Path.GetFileNameWithoutExtension(file));

    /// <summary>Its package is not in every feed: who builds and tests the rest must not need it.</summary>
    [Fact]
    public void ProjectOfNBomber_IsInTheSolutionAndNothingElseNeedsIt()
    {
        Assert.Contains(NBomberProject, File.ReadAllText(Repository.PathOf("ChainCheckout.sln")), StringComparison.Ordinal);
        Assert.DoesNotContain(NBomberProject, File.ReadAllText(Repository.PathOf("ChainCheckout.Standalone.slnf")), StringComparison.Ordinal);
        Assert.Empty(
            from file in Repository.Files("*.csproj", "src", "load", "tests")
            from path in References(XDocument.Load(file), "ProjectReference")
            where Path.GetFileNameWithoutExtension(path) == NBomberProject
            select Path.GetFileName(file));
    }

    private static XDocument Project(string path) => XDocument.Load(Repository.PathOf(path));

    private static IEnumerable<string> References(XDocument project, string kind) =>
        project.Descendants(kind).Select(one => one.Attribute("Include")!.Value.Replace('\\', '/'));

    private static int[] RangesOf(string file) => file.Replace('\\', '/').Split('/')[1] switch
    {
        "ChainCheckout.Gateway" => [1],
        "ChainCheckout.Core" => [2],
        "ChainCheckout.Vipps" => [3],
        "ChainCheckout.Simulator" => [5],

        "ChainCheckout.Load" => [4, 6],

        // A host logs for the actors that it carries, too.
        _ => [2, 4],
    };

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:EventId\s*=\s*)?(\d+)")]
    private static partial Regex LogMessage();

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum)\s+\w*(?:Manager|Helper|Service|Common|Utils|Base)\b(?!\.)")]
    private static partial Regex VagueType();

    [GeneratedRegex("Orleans|StackExchange")]
    private static partial Regex ClusterPackage();
}
