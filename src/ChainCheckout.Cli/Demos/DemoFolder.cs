namespace ChainCheckout.Cli.Demos;

/// <summary>Where a run keeps its files: the folder of <c>--keep</c>, or a temporary one that ends with it.</summary>
public sealed class DemoFolder : IDisposable
{
    private readonly bool _isTemporary;

    /// <param name="isNew">False: as an earlier run has left it; nothing is made.</param>
    public DemoFolder(DirectoryInfo? keep, bool isNew = true)
    {
        _isTemporary = keep is null;
        Root = keep?.FullName ?? Directory.CreateTempSubdirectory("chaincheckout-demo-").FullName;
        if (isNew) Directory.CreateDirectory(Server);
    }

    public string Root { get; }

    public string Server => Path.Combine(Root, "server");

    public string ServerLog => Path.Combine(Server, "server.log");

    public string ServerSettings => Path.Combine(Server, "settings.json");

    public string SiloSettings(int silo) => Path.Combine(Server, $"silo{silo + 1}.json");

    /// <summary>Redis' files.</summary>
    public string Redis => Path.Combine(Server, "redis");

    public string SimulatorSettings => Path.Combine(Root, "simulator.json");

    public string SimulatorLog => Path.Combine(Root, "simulator.log");

    public string Ledger => Path.Combine(Root, "ledger.jsonl");

    /// <summary>Whose numbers and codes no file of the server may hold.</summary>
    public string Customers => Path.Combine(Root, "customers.jsonl");

    public string Members => Path.Combine(Root, "members.csv");

    public string Tills => Path.Combine(Root, "tills.jsonl");

    /// <summary>Writes a file that only its owner may read.</summary>
    public static void WriteSecretly(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }

    public void Dispose()
    {
        if (_isTemporary) Directory.Delete(Root, recursive: true);
    }
}
