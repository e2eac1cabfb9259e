using ChainCheckout.Simulator;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Login;

namespace ChainCheckout.Tests.Simulator;

public sealed class CommandLineTests
{
    [Fact]
    public void Options_AllOfThem_AreRead()
    {
        var options = CommandLine.Parse(
        [
            "--port", "8099", "--ledger", "l.jsonl", "--ledger-calls", "--time-factor", "2.5",
            "--script", "mixed", "--seed", "11",
            "--login-pings", "early", "--loyalty-status", "202", "--loyalty-away", "--loyalty-per-second-max", "50",
            "--allow-http-webhooks", "--sales-units", "1234:id:se+cret/==:key,5678:id:se+cret/==:key:DKK",
        ]);

        Assert.Equal(
            (8099, "l.jsonl", true, 2.5), (options.Port, options.Ledger, options.LedgerCalls, options.TimeFactor));
        Assert.Equal((Script.Mixed, 11, true), (options.Script, options.Seed, options.AllowHttpWebhooks));
        Assert.Equal(
            (LoginPings.Early, 202, true, 50),
            (options.LoginPings, options.LoyaltyStatus, options.LoyaltyAway, options.LoyaltyPerSecondMax));
        Assert.Equal([("1234", "NOK"), ("5678", "DKK")], options.SalesUnits.Select(unit => (unit.Msn, unit.Currency)));
        Assert.Equal("se+cret/==", options.SalesUnits[0].ClientSecret);
    }

    [Fact]
    public void Settings_FromAFile_KeepTheDefaultsOfWhatItLeavesOut_AndOptionsAfterItOverride()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """
                {"timeFactor":60,"script":"mixed","salesUnits":[{"msn":"1234","clientId":"a",
                  "clientSecret":"b","subscriptionKey":"c","partialCaptureAllowed":false}]}
                """);

            var options = CommandLine.Parse(["--settings", file, "--time-factor", "30"]);

            Assert.Equal(
                (30, Script.Mixed, "127.0.0.1", 7), (options.TimeFactor, options.Script, options.Host, options.Seed));
            var unit = Assert.Single(options.SalesUnits);
            Assert.Equal(("NOK", true, false), (unit.Currency, unit.PushAllowed, unit.PartialCaptureAllowed));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--prot", "1")]
    [InlineData("--port", "x")]
    [InlineData("--script", "slow")]
    [InlineData("--login-pings", "sometimes")]
    [InlineData("--settings", "/no/such/file.json")]
    public void Options_WrongOnes_AreRefusedByName(params string[] args)
    {
        var wrong = Assert.Throws<ArgumentException>(() => CommandLine.Parse(args));

        Assert.Contains(args[0], wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SalesUnits_Malformed_AreRefusedWithoutRepeatingTheSecret()
    {
        var wrong = Assert.Throws<ArgumentException>(() => CommandLine.Parse(["--sales-units", "1234:id:hush"]));

        Assert.DoesNotContain("hush", wrong.ToString(), StringComparison.Ordinal);
        var unit = new ChainCheckout.Simulator.Access.SalesUnit("1234", "id", "hush", "key");
        Assert.DoesNotContain("hush", unit.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_ToldToStop_EndsWithZero_AndAWrongLineWithTwo()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        Assert.Equal(0, await SimulatorProgram.RunAsync(["--port", "0"], stop.Token));
        Assert.Equal(2, await SimulatorProgram.RunAsync(["--port", "-1"]));
    }
}
