using System.Text.RegularExpressions;
using ChainCheckout.Cli.Processes;

namespace ChainCheckout.Cli.Tests;

/// <summary>Builds and tests what builds everywhere, and the cluster's part where its packages are to be had.</summary>
internal sealed partial class TestRun(string root, Action<string> say)
{
    public const string Filter = "ChainCheckout.Standalone.slnf";

    private const string Cluster = "tests/ChainCheckout.Cluster.Tests";

    public async Task<TestSums> RunAsync(CancellationToken cancellation) =>
        await BuildAndTestAsync(Filter, cancellation) + await ClusterAsync(cancellation);

    /// <summary>The folder of this program's sources: above the program itself, or above the current folder.</summary>
    /// <exception cref="CommandException">It is in neither.</exception>
    public static string FindRoot()
    {
        foreach (var from in new[] { AppContext.BaseDirectory, Environment.CurrentDirectory })
        {
            for (var at = new DirectoryInfo(from); at is not null; at = at.Parent)
                if (File.Exists(Path.Combine(at.FullName, Filter))) return at.FullName;
        }

        throw new CommandException($"test: {Filter} is neither above this program nor above the current folder.");
    }

    private async Task<TestSums> BuildAndTestAsync(string what, CancellationToken cancellation)
    {
        if (await Dotnet.RunAsync(root, say, cancellation, "build", what, "-c", "Release", "-v", "q", "--nologo") != 0)
        {
            say($"{what} does not build.");
            return new TestSums(0, 1, 0);
        }

        var sums = default(TestSums);
        var seen = false;
        var code = await Dotnet.RunAsync(
            root, Read, cancellation, "test", what, "-c", "Release", "--no-build", "--nologo", "-v", "q");
        if (code != 0 && sums.Failed == 0)
        {
            // A test host that crashed has no sum of its own.
            say($"{what}: the tests ended with code {code}.");
            return sums + new TestSums(0, 1, 0);
        }

        if (!seen) say($"{what}: no tests were found.");
        return sums;

        void Read(string line)
        {
            say(line);
            if (TestSums.Parse(line) is not { } found) return;
            (sums, seen) = (sums + found, true);
        }
    }

    private async Task<TestSums> ClusterAsync(CancellationToken cancellation)
    {
        var folder = Path.Combine(root, Cluster);
        if (!Directory.Exists(folder)) return default;
        if (await Dotnet.RunAsync(root, _ => { }, cancellation, "restore", Cluster, "-v", "q") == 0)
            return await BuildAndTestAsync(Cluster, cancellation);

        var skipped = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Sum(file => TestAttribute().Count(File.ReadAllText(file)));
        say($"The cluster's packages do not restore here: its {skipped} tests are skipped.");
        return new TestSums(0, 0, skipped);
    }

    [GeneratedRegex(@"^\s*\[(Fact|Theory)\b", RegexOptions.Multiline)]
    private static partial Regex TestAttribute();
}
