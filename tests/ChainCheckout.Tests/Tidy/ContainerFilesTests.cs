using System.Text;
using System.Text.RegularExpressions;
using ChainCheckout.Simulator;
using Microsoft.Extensions.Configuration;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace ChainCheckout.Tests.Tidy;

/// <summary>What can be said of Dockerfile and docker-compose.yml without an engine: that they parse, and name what is there.</summary>
public sealed partial class ContainerFilesTests
{
    private const string Prefix = "CHAINCHECKOUT_";

    private static readonly string Dockerfile = File.ReadAllText(Repository.PathOf("Dockerfile"));

    private static readonly Dictionary<object, object> Compose = Read("docker-compose.yml");

    [Fact]
    public void Services_AreThoseOfAChain()
    {
        Assert.Equal(["fleet", "redis", "silo", "simulator"], Map(Compose["services"]).Keys.Select(name => (string)name).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("ports", Service("silo").Keys);
        Assert.DoesNotContain("container_name", Service("silo").Keys);
    }

    [Fact]
    public void Redis_KeepsEveryWriteBeforeItAnswersAndDropsNothing()
    {
        var redis = Service("redis");
        var command = string.Join(' ', Texts(redis["command"]));

        Assert.StartsWith("redis:7", (string)redis["image"], StringComparison.Ordinal);
        foreach (var setting in new[] { "--appendonly yes", "--appendfsync always", "--maxmemory-policy noeviction" })
            Assert.Contains(setting, command, StringComparison.Ordinal);
        Assert.Contains("redis:/data", Texts(redis["volumes"]));
    }

    [Fact]
    public void Silo_HasSettingsThatTheServerTakes()
    {
        var given = new Dictionary<string, string?>();
        foreach (var (name, value) in Map(Service("silo")["environment"]))
            given[((string)name)[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal)] = (string)value;
        foreach (var (name, file) in Secrets())
            given[name.Replace("__", ":", StringComparison.Ordinal)] = File.ReadAllText(file).TrimEnd();
        var configuration = new ConfigurationBuilder().AddJsonFile(ChainFile("silo")).AddInMemoryCollection(given).Build();

        var settings = ChainCheckout.Standalone.Settings.Read(configuration);

        Assert.Equal(40, settings.Stores.Sum(store => store.Tills.Select(till => till.Till).Distinct().Count()));
        Assert.Equal(("auto", "redis:6379"), (configuration["Cluster:Address"], configuration["Cluster:Redis:Storage"]));
        Assert.Equal("/run/secrets", configuration["Secrets:Folder"]);
    }

    [Fact]
    public void Silo_IsHandedEverySecretOfItsOwnAsAFile()
    {
        var handed = Texts(Service("silo")["secrets"]).Order(StringComparer.Ordinal);

        Assert.Equal(Secrets().Select(secret => secret.Name).Order(StringComparer.Ordinal), handed);
        Assert.DoesNotContain(Map(Service("silo")["environment"]).Keys, name => SecretName().IsMatch((string)name));
    }

    [Fact]
    public void Secrets_SayThatTheyAreOfADemo()
    {
        var tills = Secret().Matches(File.ReadAllText(ChainFile("silo"))).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(80, tills.Distinct().Count());
        Assert.All(tills.Concat(Secrets().Select(secret => File.ReadAllText(secret.File).TrimEnd())), AssertDemo);
    }

    [Fact]
    public void Simulator_TakesItsCommandLine()
    {
        string[] command = [.. Texts(Service("simulator")["command"])];
        var unit = Assert.Single(CommandLine.Parse(command[2..]).SalesUnits);

        Assert.Equal(["checkout", "simulator"], command[..2]);
        Assert.Equal(File.ReadAllText(Secrets().Single(secret => secret.Name.EndsWith("ClientSecret", StringComparison.Ordinal)).File).TrimEnd(), unit.ClientSecret);
        Assert.Equal(Map(Service("silo")["environment"])["CHAINCHECKOUT_Vipps__SalesUnits__0__ClientId"], unit.ClientId);
    }

    [Fact]
    public void Fleet_SellsAtTheSilosWithTheirOwnTills()
    {
        var command = string.Join(' ', Texts(Service("fleet")["command"]));

        Assert.StartsWith("checkout fleet --settings /settings/chain.json --address silo:7700 --simulator http://simulator:18000", command, StringComparison.Ordinal);
        Assert.Equal(ChainFile("silo"), ChainFile("fleet"));
        Assert.Equal("no", Service("fleet")["restart"]);
    }

    [Theory]
    [InlineData("simulator")]
    [InlineData("silo")]
    [InlineData("fleet")]
    public void EveryProgramThatIsStarted_IsInTheImage(string service)
    {
        var program = Texts(Service(service)["command"])[0];

        Assert.Matches($@"ln -s /app/[a-z]+/[A-Za-z.]+ /usr/local/bin/{Regex.Escape(program)}\s", Dockerfile);
        Assert.Equal(".", Service(service)["build"]);
    }

    [Fact]
    public void Image_PublishesProjectsThatExistAndStartsWhatTheyMake()
    {
        foreach (Match publish in Publish().Matches(Dockerfile))
            Assert.Single(Repository.Files("*.csproj", publish.Groups[1].Value));
        var made = Publish().Matches(Dockerfile).ToDictionary(publish => publish.Groups[2].Value, publish => Path.GetFileName(publish.Groups[1].Value));

        Assert.Equal(2, made.Count);
        foreach (Match link in Link().Matches(Dockerfile)) Assert.Equal(made[link.Groups[1].Value], link.Groups[2].Value);
    }

    [Fact]
    public void Image_RunsAsNobodyInParticularAndAsksItsOwnProgramForItsHealth()
    {
        var last = Dockerfile[Dockerfile.LastIndexOf("FROM ", StringComparison.Ordinal)..];

        Assert.Contains("\nUSER $APP_UID\n", last, StringComparison.Ordinal);
        Assert.Matches(@"\nHEALTHCHECK [^\n]*CMD \[""checkout"", ""health""\]", last);
        Assert.DoesNotContain("curl", Dockerfile, StringComparison.Ordinal);
        Assert.All(From().Matches(Dockerfile), from => Assert.StartsWith("mcr.microsoft.com/dotnet/", from.Groups[1].Value, StringComparison.Ordinal));
    }

    /// <summary>A project that the two programs are built of and the ignore file leaves out would be missed in the image alone.</summary>
    [Fact]
    public void IgnoreFile_LeavesOutNoProjectThatIsBuilt()
    {
        var ignored = File.ReadAllLines(Repository.PathOf(".dockerignore")).Where(line => line.Length > 0 && line[0] != '#').ToList();
        var needed = new HashSet<string>(StringComparer.Ordinal);
        foreach (Match publish in Publish().Matches(Dockerfile)) Need(Assert.Single(Repository.Files("*.csproj", publish.Groups[1].Value)), needed);

        Assert.True(needed.Count > 8);
        Assert.All(needed, folder => Assert.DoesNotContain(ignored, line => folder == line || folder.StartsWith(line + "/", StringComparison.Ordinal)));
        Assert.Contains("**/bin", ignored);
        Assert.Contains("**/obj", ignored);
    }

    private static void Need(string project, HashSet<string> folders)
    {
        var folder = Path.GetDirectoryName(project)!;
        if (!folders.Add(Path.GetRelativePath(Repository.Root, folder).Replace('\\', '/'))) return;
        foreach (Match other in Reference().Matches(File.ReadAllText(project))) Need(Path.GetFullPath(Path.Combine(folder, other.Groups[1].Value)), folders);
    }

    private static void AssertDemo(string secret)
    {
        var bytes = new byte[secret.Length];
        var isBase64 = Convert.TryFromBase64String(secret, bytes, out var length);
        var text = isBase64 ? Encoding.ASCII.GetString(bytes, 0, length) : secret;
        Assert.Matches("^demo[ -]only", text);
    }

    private static string ChainFile(string service)
    {
        var mount = Assert.Single(Texts(Service(service)["volumes"]));
        Assert.EndsWith(":/settings/chain.json:ro", mount, StringComparison.Ordinal);
        return Repository.PathOf(mount[..mount.IndexOf(':', StringComparison.Ordinal)][2..]);
    }

    private static IEnumerable<(string Name, string File)> Secrets() =>
        Map(Compose["secrets"]).Select(secret => ((string)secret.Key, Repository.PathOf(((string)Map(secret.Value)["file"])[2..])));

    private static Dictionary<object, object> Service(string name) => Map(Map(Compose["services"])[name]);

    private static Dictionary<object, object> Map(object node) => Assert.IsType<Dictionary<object, object>>(node);

    private static List<string> Texts(object node) => [.. Assert.IsType<List<object>>(node).Cast<string>()];

    private static Dictionary<object, object> Read(string path) => new DeserializerBuilder().Build()
        .Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(new StringReader(File.ReadAllText(Repository.PathOf(path))))));

    [GeneratedRegex(@"dotnet publish (\S+) .*-o (\S+)")]
    private static partial Regex Publish();

    [GeneratedRegex(@"ln -s (/app/[a-z]+)/(\S+) ")]
    private static partial Regex Link();

    [GeneratedRegex(@"^FROM (?:--\S+ )?(\S+)", RegexOptions.Multiline)]
    private static partial Regex From();

    [GeneratedRegex(@"ProjectReference Include=""([^""]+)""")]
    private static partial Regex Reference();

    [GeneratedRegex(@"Secret"": ""([^""]+)""")]
    private static partial Regex Secret();

    [GeneratedRegex("Secret$|Token$|SubscriptionKey$|Storage__Keys__")]
    private static partial Regex SecretName();
}
