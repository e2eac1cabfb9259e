using System.CommandLine;
using ChainCheckout.Cli.Demos;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Cli.Tests;

namespace ChainCheckout.Cli.Commands;

internal static class ClusterCommand
{
    /// <summary>The cluster's packages are not to be had here.</summary>
    public const int NotHere = 3;

    private const string Project = "src/ChainCheckout.Cluster";

    public static Command Create()
    {
        var silos = new Option<int>("--silos") { Description = "Processes that carry actors and tills' connections.",
            DefaultValueFactory = _ => 3 };
        var killSilo = new Option<double?>("--kill-silo-every")
        {
            Description = "kill -9 one silo after another, each so many seconds after all were ready.",
        };
        var killRedis = new Option<double?>("--kill-redis-every")
        {
            Description = "kill -9 Redis so many seconds after all were ready, again and again.",
        };
        var rolling = new Option<bool>("--rolling-restart") { Description = "Stop and start every silo, one after another." };
        var common = new DemoArguments();
        var demo = new Command("demo", "A chain of silos on one Redis at work; then the books are compared.")
        {
            silos, killSilo, killRedis, rolling,
        };
        common.AddTo(demo);
        demo.SetAction(async (parsed, cancellation) =>
        {
            var root = TestRun.FindRoot();
            if (await BuildAsync(root, cancellation) is not { } program) return NotHere;
            var cluster = new ClusterOptions(
                program, parsed.GetValue(silos), Seconds(parsed.GetValue(killSilo)), Seconds(parsed.GetValue(killRedis)), parsed.GetValue(rolling));
            return await DemoCommand.RunAsync(common.Read(parsed) with { Cluster = cluster }, cancellation);
        });
        return new Command("cluster", "The chain: Orleans silos on Redis.") { demo };
    }

    /// <returns>The built program; null, and a line that says so, where its packages do not restore.</returns>
    private static async Task<string?> BuildAsync(string root, CancellationToken cancellation)
    {
        if (await Dotnet.RunAsync(root, _ => { }, cancellation, "restore", Project, "-v", "q") != 0)
        {
            await Console.Error.WriteLineAsync("cluster: its packages (Orleans, StackExchange.Redis) do not restore from the feeds of this machine.");
            return null;
        }

        var lines = new List<string>();
        if (await Dotnet.RunAsync(root, lines.Add, cancellation, "build", Project, "-c", "Release", "-v", "q", "--nologo") != 0)
            throw new CommandException($"cluster: {Project} does not build: {lines.FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal))}");
        return Path.Combine(root, Project, "bin", "Release", "net10.0", "ChainCheckout.Cluster.dll");
    }

    private static TimeSpan? Seconds(double? seconds) => seconds is { } given ? TimeSpan.FromSeconds(given) : null;
}
