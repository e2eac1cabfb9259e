using System.Text.Json.Nodes;
using ChainCheckout.Standalone;
using ChainCheckout.Tests.EndToEnd;

namespace ChainCheckout.Tests.Standalone;

/// <summary>Secrets as containers are handed them: a file each.</summary>
public sealed class SecretsFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secrets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task AFilePerSecret_GoesOverTheSettings()
    {
        await using var shop = await Shop.OpenAsync(start: false, change: settings =>
        {
            settings["Gateway"]!["Admin"]!["Token"] = "FILL-IN";
            settings["Secrets"] = new JsonObject { ["Folder"] = _folder };
        });
        await File.WriteAllTextAsync(Path.Combine(_folder, "Gateway__Admin__Token"), Shop.AdminToken + "\n");

        await shop.StartServerAsync();
        using var admin = shop.Admin();

        Assert.True((await admin.GetAsync("/admin/figures")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task AnArgument_GoesOverTheFileOfASecret()
    {
        await using var shop = await Shop.OpenAsync(start: false);
        await File.WriteAllTextAsync(Path.Combine(_folder, "Gateway__Admin__Token"), "short");
        string[] args = ["--settings", shop.SettingsFile, $"Secrets:Folder={_folder}"];

        Assert.Contains("Gateway:Admin:Token", string.Join(' ', Assert.Throws<SettingsException>(() => StandaloneProgram.Build(args)).Wrong), StringComparison.Ordinal);
        await using var built = StandaloneProgram.Build([.. args, $"Gateway:Admin:Token={Shop.AdminToken}"]);
    }

    [Fact]
    public async Task AFolderThatIsNotThere_StopsTheStartAndIsNotRepeated()
    {
        await using var shop = await Shop.OpenAsync(start: false);

        var wrong = Assert.Throws<SettingsException>(() => StandaloneProgram.Build(["--settings", shop.SettingsFile, "Secrets:Folder=/nowhere/secret"]));

        Assert.Equal("Secrets:Folder must name a folder.", Assert.Single(wrong.Wrong));
    }
}
