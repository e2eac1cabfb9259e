using System.Text.Json;
using System.Text.Json.Serialization;
using ChainCheckout.Load.Fleets;

namespace ChainCheckout.Cli.Processes;

/// <summary>What the commands beside the server need of its settings file.</summary>
internal sealed record SettingsFile(GatewayPart? Gateway, StorePart[]? Stores)
{
    public const string Default = "appsettings.json";

    /// <exception cref="CommandException">There is none, or it cannot be read. The file's text is never
    /// repeated.</exception>
    public static SettingsFile Read(FileInfo? file)
    {
        var path = file?.FullName ?? Path.GetFullPath(Default);
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, SettingsJson.Default.SettingsFile) ?? throw new CommandException(
                $"{path} holds no settings.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                $"There are no settings to read in {path}; name the server's file with --settings.", failure);
        }
        catch (JsonException wrong)
        {
            throw new CommandException($"{path} is not a settings file: line {wrong.LineNumber + 1}.", wrong);
        }
    }

    /// <summary>The stores with their tills, for a fleet.</summary>
    public FleetLayout Layout() => new([.. (Stores ?? []).Select(store => new StoreLayout(
        store.Number, store.Currency,
        [.. (store.Tills ?? []).Select(till => new TillLayout(till.Number, till.PosSecret, till.ScannerSecret))]))]);
}

internal sealed record GatewayPart(ListenerPart? Tills, ListenerPart? Admin);

/// <param name="Token">Of the admin listener.</param>
internal sealed record ListenerPart(string? Address, int? Port, string? Token)
{
    public override string ToString() => $"{Address}:{Port}";
}

internal sealed record StorePart(int Number, string Currency, TillPart[]? Tills);

internal sealed record TillPart(int Number, string PosSecret, string ScannerSecret)
{
    public override string ToString() => $"till {Number}";
}

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(SettingsFile))]
internal sealed partial class SettingsJson : JsonSerializerContext;
