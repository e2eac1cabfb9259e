using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChainCheckout.Gateway;
using ChainCheckout.Standalone;
using ChainCheckout.Tests.EndToEnd;
using ChainCheckout.Vipps.Options;
using Microsoft.Extensions.Configuration;

namespace ChainCheckout.Tests.Standalone;

/// <summary>The sample is what an operator begins with: whole, true to the defaults, and startable once it is filled in.</summary>
public sealed class SampleSettingsTests
{
    private const string FillIn = "FILL-IN";

    private static readonly string Text = Read();

    [Fact]
    public async Task TheSampleWithItsBlanksFilledIn_StartsAndSells()
    {
        await using var shop = await Shop.OpenAsync(start: false, tills: 1);
        var filled = Parsed();
        Fill(filled, shop.Settings);
        shop.Settings.Clear();
        foreach (var (name, value) in filled.ToList())
        {
            filled.Remove(name);
            shop.Settings[name] = value;
        }

        await shop.WriteSettingsAsync();
        await shop.StartServerAsync();
        var till = await shop.TillAsync();

        await till.SellsAsync(shop, "sale-1");
    }

    [Fact]
    public void EverySetting_IsInTheSampleWithItsDefault()
    {
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Text))).Build();
        var missing = new List<string>();

        Compare("Gateway", new GatewayOptions());
        Compare("Storage", new StorageOptions());
        Compare("Secrets", new SecretsOptions());
        Compare("Standalone", new StandaloneOptions());
        Compare("Timing", new TimingOptions());
        Compare("Chain", new ChainOptions());
        Compare("Vipps", new VippsOptions());
        Compare("Vipps:SalesUnits:0", new SalesUnitOptions());
        Compare("Stores:0", new StoreOptions());
        Compare("Stores:0:Tills:0", new ChainCheckout.Standalone.TillOptions());

        Assert.Empty(missing);

        void Compare(string path, object defaults)
        {
            foreach (var property in defaults.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                var (here, value) = ($"{path}:{property.Name}", property.GetValue(defaults));
                if (here is "Vipps:System:Version" or "Vipps:System:PluginVersion") continue;
                if (!configuration.GetSection(here).Exists()) missing.Add($"{here} is not there");
                else if (value is { } nested && property.PropertyType.Namespace!.StartsWith("ChainCheckout", StringComparison.Ordinal)) Compare(here, nested);
                else if (value is not (null or IEnumerable and not string) && !IsBlank(configuration[here], value) && !Same(property.PropertyType, configuration[here], value))
                    missing.Add($"{here} is {configuration[here]}, the default {value}");
            }
        }

        // What has no default to be true to: a number of a store, a name.
        static bool IsBlank(string? text, object value) => text == FillIn || value is "" or 0;
        static bool Same(Type type, string? text, object value) =>
            Equals(System.ComponentModel.TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text!), value);
    }

    [Fact]
    public void TheSampleAsItIs_DoesNotStart()
    {
        var folder = Directory.CreateTempSubdirectory("sample-");
        var file = Path.Combine(folder.FullName, "settings.json");
        File.WriteAllText(file, Text);

        var wrong = Assert.Throws<SettingsException>(() => StandaloneProgram.Build(["--settings", file])).Wrong;

        Assert.Contains(wrong, one => one.StartsWith("Chain:PseudonymSecret", StringComparison.Ordinal));
        Assert.Contains(wrong, one => one.StartsWith("Stores:0:Tills:0:PosSecret", StringComparison.Ordinal));
        Assert.Contains(wrong, one => one.StartsWith("Storage:Keys:k1", StringComparison.Ordinal));
        Assert.Contains(wrong, one => one.Contains("Gateway:Admin:Token", StringComparison.Ordinal));
        folder.Delete(recursive: true);
    }

    /// <summary>Takes over what the sample leaves open, and where to listen and to call.</summary>
    private static void Fill(JsonObject sample, JsonObject settings)
    {
        foreach (var (name, value) in settings)
        {
            var isPlace = name is "Address" or "Port" or "BaseAddress" or "PublicAddress" or "Folder";
            if (value is JsonObject nested && sample[name] is JsonObject into) Fill(into, nested);
            else if (value is JsonArray from && sample[name] is JsonArray to) Fill((JsonObject)to[0]!, (JsonObject)from[0]!);
            else if (isPlace || sample[name]?.ToString() == FillIn) sample[name] = value!.DeepClone();
        }
    }

    private static JsonObject Parsed() =>
        (JsonObject)JsonNode.Parse(Text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!;

    private static string Read()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "src", "ChainCheckout.Standalone", "appsettings.sample.json");
            if (File.Exists(file)) return File.ReadAllText(file);
        }

        throw new FileNotFoundException("The sample is not above the tests.");
    }
}
