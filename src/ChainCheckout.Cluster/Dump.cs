using System.Globalization;
using ChainCheckout.Cluster.Storage;
using ChainCheckout.Core.Actors;
using ChainCheckout.Standalone;
using ChainCheckout.Standalone.Storage;

namespace ChainCheckout.Cluster;

/// <summary>
/// <c>dump --settings FILE</c>: what the chain's Redis holds, for comparing books: a line <c>KIND KEY BASE64</c> an actor, its state as
/// stored (personal values sealed), and a last line <c>stats SAVES BYTES SETTLES</c>.
/// </summary>
internal static class Dump
{
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        try
        {
            var settings = ClusterSettings.Read(CheckoutHost.NewBuilder(args).Configuration);
            await using var storage = await RedisActorStorage.OpenAsync(settings.Cluster.Redis);
            foreach (var kind in Enum.GetValues<ActorKind>())
            {
                await foreach (var (id, stored) in storage.ReadAllAsync(kind))
                    await output.WriteLineAsync($"{id.Kind} {id.Key} {Convert.ToBase64String(stored.State.Span)}");
            }

            var stats = await storage.ReadStatsAsync();
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"stats {stats.Saves} {stats.Bytes} {stats.Settles}"));
            return 0;
        }
        catch (Exception wrong) when (wrong is SettingsException or StorageOpenException)
        {
            await Console.Error.WriteLineAsync($"dump: {wrong.Message}");
            return CheckoutHost.WrongSettings;
        }
    }
}
