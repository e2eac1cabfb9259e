using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ChainCheckout.Core.Ports;
using ChainCheckout.Tests.Actors;
using ChainCheckout.Tests.Tidy;

namespace ChainCheckout.Tests.Golden;

/// <summary>
/// Bytes that an older version has written still load, and nothing of them is passed over. A file once written is never
/// changed; with <c>CHAINCHECKOUT_WRITE=1</c> in the environment the missing ones are written.
/// </summary>
public sealed class StoredBytesTests
{
    private static readonly string Folder = Repository.PathOf("tests/ChainCheckout.Tests/Golden/v1");

    public static TheoryData<string> Files => [.. FileNames()];

    [Fact]
    public void EveryStage_HasAFile()
    {
        if (Environment.GetEnvironmentVariable("CHAINCHECKOUT_WRITE") == "1") WriteTheMissing();

        Assert.Equal(GoldenStates.All().Keys.Select(name => $"{name}.json").Order(StringComparer.Ordinal), FileNames());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void File_OfAnOlderVersion_LoadsWhole(string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder, file));

        var again = WrittenAgain(file, bytes);

        Assert.Equal(FieldsOf(JsonNode.Parse(bytes)!), FieldsOf(JsonNode.Parse(again.Span)!));
        Assert.Equal(FieldsOf(JsonNode.Parse(bytes)!), FieldsOf(JsonNode.Parse(WrittenAgain(file, again).Span)!));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void File_HoldsNothingPersonalInTheOpen(string file)
    {
        var text = File.ReadAllText(Path.Combine(Folder, file));

        Assert.All(["91234567", "qr.vipps.no", "hush", "c2VjcmV0"], personal => Assert.DoesNotContain(personal, text, StringComparison.Ordinal));
        Assert.DoesNotContain("axMinor", text, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryDiscriminator_StandsInSomeFile()
    {
        var texts = Directory.EnumerateFiles(Folder).Select(File.ReadAllText).ToArray();
        var names =
            from type in typeof(IStateCodec).Assembly.GetTypes()
            from derived in type.GetCustomAttributes<JsonDerivedTypeAttribute>()
            select (string)derived.TypeDiscriminator!;

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains(texts, text => text.Contains($"\"$type\":\"{name}\"", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> FileNames() =>
        Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    private static ReadOnlyMemory<byte> WrittenAgain(string file, ReadOnlyMemory<byte> bytes)
    {
        var types = Stored.Codec.States;
        return file.Split('-', '.')[0] switch
        {
            "payment" => Again(types.PaymentState),
            "till" => Again(types.TillState),
            "salesUnit" => Again(types.SalesUnitState),
            "store" => Again(types.StoreState),
            "customer" => Again(types.CustomerState),
            "login" => Again(types.LoginState),
            var kind => throw new ArgumentException($"No actor is a {kind}.", nameof(file)),
        };

        ReadOnlyMemory<byte> Again<T>(System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => Stored.Codec.Encode(Stored.Codec.Decode(bytes, type), type);
    }

    /// <summary>Every field by its path, with its value; of a sealed one only that it is there.</summary>
    private static IEnumerable<string> FieldsOf(JsonNode node, string path = "") => node switch
    {
        JsonObject fields => fields.Where(field => field.Value is not null).SelectMany(field => FieldsOf(field.Value!, $"{path}/{field.Key}")).Order(StringComparer.Ordinal),
        JsonArray items => items.SelectMany((item, index) => FieldsOf(item!, $"{path}/{index}")).Append($"{path}: {items.Count}"),
        _ when node.GetValueKind() == JsonValueKind.String && node.GetValue<string>().StartsWith("1:test-1:", StringComparison.Ordinal) => [$"{path}: sealed"],
        _ => [$"{path}: {node.ToJsonString()}"],
    };

    private static void WriteTheMissing()
    {
        Directory.CreateDirectory(Folder);
        foreach (var (name, bytes) in GoldenStates.All())
        {
            var file = Path.Combine(Folder, $"{name}.json");
            if (!File.Exists(file)) File.WriteAllText(file, Encoding.UTF8.GetString(bytes.Span));
        }
    }
}
