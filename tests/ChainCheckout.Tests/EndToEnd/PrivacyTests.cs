using System.Text;
using System.Text.Json.Nodes;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Tests.Gateway;

namespace ChainCheckout.Tests.EndToEnd;

public sealed class PrivacyTests
{
    private const string Phone = "4791239876";

    [Fact]
    public async Task NothingPersonalAndNoSecret_StandsInAnyFileOrLogOfTheServer()
    {
        await using var shop = await Shop.OpenAsync(change: LogEverything);
        var code = shop.Vipps.World.MintQr(Phone);
        var till = await shop.TillAsync();
        await till.GetsDoneAsync(new TillCommand.Scan(code, "sale-1"));
        await till.SeesAsync("ready");
        await till.GetsDoneAsync(new TillCommand.Pay("sale-1", 20_000, "NOK"));
        await till.SeesAsync("paid");
        await till.GetsDoneAsync(new TillCommand.Phone("91239876", "sale-2"));
        await till.DoesAsync(new TillCommand.Scan("4925000000000004"));
        await till.DoesAsync(new TillCommand.Phone("9123987655512345"));
        await using (var raw = await RawTill.ConnectAsync(shop))
        {
            await raw.ShakeAsync(2, shop.SecretOf(1));
            await raw.SendBytesAsync(Encoding.UTF8.GetBytes(Phone + code));
            await raw.IsCutAsync(TimeSpan.FromSeconds(3));
        }

        var hook = await SignedWebhook.SecretOfAsync(shop);
        var written = await ReadFilesAsync(shop);
        await shop.StopServerAsync();
        written += await ReadFilesAsync(shop) + string.Join('\n', shop.Logs.All.Select(line => line.Text));

        // What must be found, or nothing was looked through: a sale's id, a log line, a till's key.
        Assert.Contains("sale-1", written, StringComparison.Ordinal);
        Assert.Contains("0001-01", written, StringComparison.Ordinal);
        Assert.Contains("Ready: tills on port", written, StringComparison.Ordinal);
        foreach (var forbidden in shop.AllSecrets.Concat([Phone, "91239876", code, code[^40..], "4925000000000004", "9123987655512345", hook.Reveal]))
        {
            Assert.True(written.IndexOf(forbidden, StringComparison.Ordinal) < 0, $"Found: {Around(written, forbidden)}");
        }
    }

    private static void LogEverything(JsonObject settings) => settings["Logging"]!["LogLevel"]!["Default"] = "Trace";

    private static string Around(string written, string forbidden)
    {
        var at = Math.Max(0, written.IndexOf(forbidden, StringComparison.Ordinal) - 200);
        return written.Substring(at, Math.Min(400 + forbidden.Length, written.Length - at));
    }

    private static async Task<string> ReadFilesAsync(Shop shop)
    {
        var all = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(shop.DataFolder, "*", SearchOption.AllDirectories))
        {
            // Held while the server runs, and empty.
            if (file.EndsWith(".lock", StringComparison.Ordinal) && shop.IsRunning) continue;
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            all.Append(Encoding.Latin1.GetString(copy.ToArray())).Append('\n');
        }

        return all.ToString();
    }
}
