using ChainCheckout.Cli.Processes;
using ChainCheckout.Tests.EndToEnd;

namespace ChainCheckout.Tests.Cli;

/// <summary>The command line as a process, as a container's engine starts it.</summary>
public sealed class ProbeTests
{
    [Fact]
    public async Task Health_IsTheServersReadinessAsAnExitCode()
    {
        await using var shop = await Shop.OpenAsync();
        var admin = $"http://127.0.0.1:{shop.AdminPort}";

        Assert.Equal((0, ""), await RunAsync("health", "--admin", admin));
        Assert.Equal((0, ""), await RunAsync("health", "--settings", shop.SettingsFile));
        Assert.Equal((0, ""), await RunAsync("health", "--admin", $"{shop.Vipps.Address}simulator/health"));
        Assert.Equal((1, "health: 404"), await RunAsync("health", "--admin", $"{admin}/health/elsewhere"));
        await shop.StopServerAsync();
        Assert.Equal((1, $"health: nobody answers at 127.0.0.1:{shop.AdminPort}."), await RunAsync("health", "--admin", admin));
    }

    [Theory]
    [InlineData("health", "--admin", "elsewhere")]
    [InlineData("fleet", "--simulator", "ftp://127.0.0.1")]
    public async Task AnAddressThatIsNone_IsToldByItsOption(params string[] command)
    {
        var (code, said) = await RunAsync(command);

        Assert.NotEqual(0, code);
        // The help goes to the other output, and either may be read first.
        Assert.Contains($"{command[1]} must be http://host:port.", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fleet_WithoutItsSimulator_SaysSo()
    {
        await using var shop = await Shop.OpenAsync(start: false);
        var port = Shop.FreePort();

        var (code, said) = await RunAsync("fleet", "--settings", shop.SettingsFile, "--address", "localhost:7700", "--simulator", $"http://127.0.0.1:{port}");

        Assert.Equal((CommandException.ExitCode, $"fleet: no simulator answers at 127.0.0.1:{port}."), (code, said));
    }

    private static async Task<(int Code, string Said)> RunAsync(params string[] args)
    {
        await using var said = new StringWriter();
        await using var log = TextWriter.Synchronized(said);
        await using var process = ChildProcess.StartTool(log, "dotnet", [Path.Combine(AppContext.BaseDirectory, "ChainCheckout.Cli.dll"), .. args]);
        await Shop.UntilAsync(() => process.HasExited, $"{args[0]} ends", seconds: 30);
        await process.StopAsync(TimeSpan.FromSeconds(10));
        return (process.ExitCode, said.ToString().TrimEnd());
    }
}
