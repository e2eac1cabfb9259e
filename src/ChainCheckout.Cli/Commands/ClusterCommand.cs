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
            Description = "kill -9 one silo after another every so many seconds, each when all have joined.",
        };
        var killRedis = new Option<double?>("--kill-redis-every")
        {
            Description = "kill -9 Redis every so many seconds, each time when all silos are ready.",
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

        // Compiled before it runs, as in the container: a silo that is started again under load has no time to spare for that.
        // Where the compiler's package is not to be had, a silo is only slower to start.
        var lines = new List<string>();
        string[] publish = ["publish", Project, "-c", "Release", "-o", Path.Combine(Project, "bin", "publish"), "-v", "q", "--nologo"];
        if (await Dotnet.RunAsync(root, _ => { }, cancellation, [.. publish, "--use-current-runtime", "--no-self-contained", "-p:PublishReadyToRun=true"]) != 0 &&
            await Dotnet.RunAsync(root, lines.Add, cancellation, publish) != 0)
            throw new CommandException($"cluster: {Project} does not build: {lines.FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal))}");
        return Path.Combine(root, Project, "bin", "publish", "ChainCheckout.Cluster.dll");
    }

    private static TimeSpan? Seconds(double? seconds) => seconds is { } given ? TimeSpan.FromSeconds(given) : null;
}
