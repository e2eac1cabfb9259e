using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ChainCheckout.Gateway;
using ChainCheckout.Standalone;
using ChainCheckout.Tests.EndToEnd;

namespace ChainCheckout.Tests.Standalone;

/// <summary>Starts the program itself; what it says on standard error is read, so these run one after another.</summary>
[Collection(nameof(Console))]
public sealed class SettingsTests
{
    [Fact]
    public async Task EmptyKeys_StopTheStartAndEachIsNamed()
    {
        var (code, said) = await StartAsync("""
            {
              "Chain": { "PseudonymSecret": "" },
              "Storage": { "Folder": "", "KeyId": "", "Keys": { "k1": "" } },
              "Gateway": { "Admin": { "Token": "" } },
              "Vipps": { "SalesUnits": [ { "MerchantSerialNumber": "", "ClientId": "", "ClientSecret": "", "SubscriptionKey": "" } ] },
              "Stores": [ { "Number": 0, "Name": "", "MerchantSerialNumber": "", "Country": "", "Currency": "", "TimeZone": "", "Language": "", "Tills": [ { "Number": 0, "PosSecret": "" } ] } ]
            }
            """);

        Assert.Equal(CheckoutHost.WrongSettings, code);
        string[] wanted =
        [
            "Chain:PseudonymSecret", "Storage:Folder", "Storage:KeyId", "Storage:Keys:k1", "Gateway:Admin:Token",
            "Vipps:AccessToken:BaseAddress", "Vipps:Qr:BaseAddress", "Vipps:EPayment:BaseAddress", "Vipps:Webhooks:BaseAddress",
            "Vipps:SalesUnits:0:MerchantSerialNumber", "Vipps:SalesUnits:0:ClientId", "Vipps:SalesUnits:0:ClientSecret", "Vipps:SalesUnits:0:SubscriptionKey",
            "Stores:0:Number", "Stores:0:Name", "Stores:0:MerchantSerialNumber", "Stores:0:Country", "Stores:0:Currency", "Stores:0:TimeZone",
            "Stores:0:Language", "Stores:0:Tills:0:Number", "Stores:0:Tills:0:PosSecret",
        ];
        foreach (var path in wanted) Assert.Contains(path, said, StringComparison.Ordinal);
        AssertNoStackTrace(said);
    }

    [Theory]
    [InlineData("{}", "Stores")]
    [InlineData("{ \"Stores\": null, \"Vipps\": null, \"Gateway\": null }", "Stores")]
    [InlineData("this is not json", "settings.json")]
    [InlineData("{ \"Chain\": { \"PseudonymSecret\": \"a\", \"PseudonymSecret\": \"b\" } }", "settings.json")]
    [InlineData("[1]", "settings.json")]
    [InlineData("", "settings.json")]
    public async Task AFileWithoutSettings_IsNamed(string text, string named)
    {
        var (code, said) = await StartAsync(text);

        Assert.Equal(CheckoutHost.WrongSettings, code);
        Assert.Contains(named, said, StringComparison.Ordinal);
        AssertNoStackTrace(said);
    }

    [Theory]
    [InlineData("--settings", "/nowhere/settings.json")]
    [InlineData("--settings")]
    [InlineData("--verbose")]
    public async Task ArgumentsThatLeadNowhere_AreNamed(params string[] args)
    {
        var (code, said) = await RunAsync(args);

        Assert.Equal(CheckoutHost.WrongSettings, code);
        Assert.StartsWith("settings: ", said, StringComparison.Ordinal);
        AssertNoStackTrace(said);
    }

    [Theory]
    [InlineData("Gateway:Admin:Address", "0.0.0.0", "Gateway:Admin:Address")]
    [InlineData("Gateway:Admin:Address", "localhost", "Gateway:Admin:Address")]
    [InlineData("Gateway:Tills:Address", "0.0.0.0", "Gateway:Tills:AllowPlaintext")]
    [InlineData("Gateway:Tills:Port", "seventy", "Gateway:Tills:Port")]
    [InlineData("Gateway:Tills:Port", "70000", "Gateway:Tills:Port")]
    [InlineData("Gateway:Tills:AllowPlaintext", "perhaps", "Gateway:Tills:AllowPlaintext")]
    [InlineData("Gateway:Tills:IdleTimeout", "soon", "Gateway:Tills:IdleTimeout")]
    [InlineData("Gateway:Tills:IdleTimeout", "00:00:05", "Gateway:Tills:Heartbeat")]
    [InlineData("Gateway:Webhooks:PublicAddress", "http://shop.example.com", "Gateway:Webhooks:PublicAddress")]
    [InlineData("Gateway:Webhooks:PublicAddress", "https://shop.example.com/path", "Gateway:Webhooks:PublicAddress")]
    [InlineData("Gateway:Webhooks:PublicAddress", "http://silo:7701", "Gateway:Webhooks:PublicAddress")]
    [InlineData("Gateway:Metrics:Address", "everywhere", "Gateway:Metrics:Address")]
    [InlineData("Vipps:EPayment:BaseAddress", "http://simulator:18000", "Vipps:EPayment:BaseAddress")]
    [InlineData("Timing:Window", "ten minutes", "Timing:Window")]
    [InlineData("Timing:Window", "00:20:00", "Timing:NotFoundFinal")]
    [InlineData("Timing:NextPoll", "00:00:00", "Timing:NextPoll")]
    [InlineData("Standalone:IdleFor", "00:00:00", "Standalone:IdleFor")]
    [InlineData("Standalone:IdleFor", "a while", "Standalone:IdleFor")]
    [InlineData("Timing:LoginExpiry", "00:20:00", "Timing:LoginExpiry")]
    [InlineData("Loyalty:MinorPerPoint", "-1", "Loyalty:MinorPerPoint")]
    [InlineData("Loyalty:Welcome:CampaignId", "a b", "Loyalty:Welcome:CampaignId")]
    [InlineData("Loyalty:Stamps:Full", "1", "Loyalty:Stamps:Full")]
    [InlineData("Loyalty:BonusCheck:Points", "0", "Loyalty:BonusCheck:Points")]
    [InlineData("Loyalty:BonusCheck:AmountMinor", "1000001", "Loyalty:BonusCheck:AmountMinor")]
    [InlineData("Loyalty:BonusCheck:Currency", "SEK", "Loyalty:BonusCheck:Currency")]
    [InlineData("Stores:0:Number", "one", "Stores:0:Number")]
    [InlineData("Stores:0:Tills:0:Number", "1.5", "Stores:0:Tills:0:Number")]
    [InlineData("Stores:0:Tills:0:PosSecret", "c2hvcnQ=", "Stores:0:Tills:0:PosSecret")]
    [InlineData("Stores:0:MerchantSerialNumber", "999999", "Stores:0:MerchantSerialNumber")]
    [InlineData("Stores:0:TimeZone", "Mars/Olympus", "Stores:0:TimeZone")]
    [InlineData("Stores:0:Country", "7", "Stores:0:Country")]
    [InlineData("Vipps:CallTimeout", "long", "Vipps:CallTimeout")]
    [InlineData("Vipps:SalesUnits:0:ClientId", "not-a-guid", "Vipps:SalesUnits:0:ClientId")]
    [InlineData("Vipps:PollsPerSecondMax", "many", "Vipps:PollsPerSecondMax")]
    [InlineData("Storage:KeyId", "k2", "Storage:KeyId")]
    [InlineData("Gateway:Tills:Prot", "7700", "Gateway:Tills:Prot")]
    [InlineData("Stores:0:Tills:0:Secret", "c2hvcnQ=", "Stores:0:Tills:0:Secret")]
    [InlineData("Timing", "fast", "Timing")]
    [InlineData("Gateway:Admin:Port", "", "Gateway:Admin:Port")]
    public async Task OneWrongSetting_IsNamedByItsPathAndNotRepeated(string path, string value, string named)
    {
        await using var shop = await Shop.OpenAsync(start: false);

        var (code, said) = await RunAsync(["--settings", shop.SettingsFile, $"{path}={value}"]);

        Assert.Equal(CheckoutHost.WrongSettings, code);
        Assert.Contains(named, said, StringComparison.Ordinal);
        if (value is "ten minutes" or "seventy" or "c2hvcnQ=" or "not-a-guid") Assert.DoesNotContain(value, said, StringComparison.Ordinal);
        AssertNoStackTrace(said);
        Assert.False(Directory.Exists(shop.DataFolder), "Storage was opened before the settings were judged.");
    }

    [Fact]
    public async Task SeveralIllegibleSettings_AreAllNamedBesideTheOthers()
    {
        await using var shop = await Shop.OpenAsync(start: false);

        var (_, said) = await RunAsync(
            ["--settings", shop.SettingsFile, "Timing:Window=x", "Timing:NextPoll=y", "Gateway:Tills:Port=z", "Vipps:CallTimeout=w", "Chain:PseudonymSecret=short"]);

        foreach (var path in new[] { "Timing:Window", "Timing:NextPoll", "Gateway:Tills:Port", "Vipps:CallTimeout", "Chain:PseudonymSecret" })
            Assert.Contains(path, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Gateway:Webhooks:PublicAddress")]
    [InlineData("Stores:0:Tills:0:ScannerSecret")]
    [InlineData("Timing:Window")]
    [InlineData("Vipps:System")]
    public async Task ANullInTheFile_IsASettingThatIsNotThere(string path)
    {
        await using var shop = await Shop.OpenAsync(start: false, change: settings => SetNull(settings, path.Split(':')));

        await shop.StartServerAsync();
    }

    [Fact]
    public async Task AnArgument_GoesOverTheFile()
    {
        await using var shop = await Shop.OpenAsync(start: false);
        var other = Shop.FreePort();
        await using var server = StandaloneProgram.Build(["--settings", shop.SettingsFile, $"Gateway:Admin:Port={other}"]);
        await server.StartAsync();
        using var client = new HttpClient();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"http://127.0.0.1:{other}/health/live")).StatusCode);
        await server.StopAsync();
    }

    [Theory]
    [InlineData("http://silo:7701", true)]
    [InlineData("https://shop.example.com", true)]
    [InlineData("http://shop.example.com", false)]
    [InlineData("http://10.0.0.7:7701", false)]
    [InlineData("ftp://silo", false)]
    public void PlaintextOfContainers_IsAllowedToHostsOfOneWordAlone(string address, bool isRight)
    {
        var options = new GatewayOptions { Admin = { Token = "a-token-that-is-long-enough" }, Webhooks = { PublicAddress = address, AllowPlaintext = true } };

        Assert.Equal(isRight, new GatewayOptionsRules().Validate(null, options).Succeeded);
    }

    [Fact]
    public void PortOfTheMetrics_CountsOnlyWhereTheyHaveAListener()
    {
        var options = new GatewayOptions { Admin = { Token = "a-token-that-is-long-enough" }, Metrics = { Port = 7700 } };
        Assert.True(new GatewayOptionsRules().Validate(null, options).Succeeded);

        options.Metrics.Address = "0.0.0.0";
        Assert.Contains("Metrics:Port", new GatewayOptionsRules().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APortThatIsTaken_IsToldInOneLine()
    {
        await using var shop = await Shop.OpenAsync(start: false);
        using var taken = new TcpListener(IPAddress.Loopback, shop.AdminPort);
        taken.Start();

        var (code, said) = await RunAsync(["--settings", shop.SettingsFile]);

        Assert.Equal(CheckoutHost.CannotStart, code);
        Assert.Contains($"{shop.AdminPort}", said, StringComparison.Ordinal);
        AssertNoStackTrace(said);
    }

    [Fact]
    public async Task AFolderThatAnotherServerHas_IsNotShared()
    {
        await using var shop = await Shop.OpenAsync();

        var (code, said) = await RunAsync(["--settings", shop.SettingsFile]);

        Assert.Equal(CheckoutHost.WrongSettings, code);
        Assert.StartsWith("storage: ", said, StringComparison.Ordinal);
        AssertNoStackTrace(said);
    }

    private static void SetNull(JsonNode node, string[] path)
    {
        foreach (var step in path[..^1]) node = node is JsonArray array ? array[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : node[step]!;
        ((JsonObject)node)[path[^1]] = null;
    }

    private static async Task<(int Code, string Said)> StartAsync(string settings)
    {
        var folder = Directory.CreateTempSubdirectory("settings-");
        var file = Path.Combine(folder.FullName, "settings.json");
        await File.WriteAllTextAsync(file, settings);
        try
        {
            return await RunAsync(["--settings", file]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(int Code, string Said)> RunAsync(string[] args)
    {
        var before = Console.Error;
        await using var said = new StringWriter();
        Console.SetError(said);
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            return (await StandaloneProgram.RunAsync(args, limit.Token), said.ToString());
        }
        finally
        {
            Console.SetError(before);
        }
    }

    private static void AssertNoStackTrace(string said)
    {
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", said, StringComparison.Ordinal);
    }
}
