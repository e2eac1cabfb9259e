using ChainCheckout.Cli.Demos;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Cluster.Storage;

namespace ChainCheckout.Cluster.Tests;

/// <summary>A real redis-server in a temporary folder, which ends with the test.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chaincheckout-redis-").FullName;
    private readonly RedisProcess _process;

    private RedisServer(string[] settings)
    {
        Port = FreePorts.Take(1)[0];
        _process = new RedisProcess(_folder, Port, TextWriter.Null, TimeProvider.System, settings);
    }

    public int Port { get; }

    /// <summary>Patient: ten thousand saves at once take a busy machine longer than a till would wait.</summary>
    public RedisOptions Options => new() { Storage = $"127.0.0.1:{Port}", Timeout = TimeSpan.FromSeconds(60) };

    private string AppendOnlyFolder => Path.Combine(_folder, "appendonlydir");

    /// <summary>Keeps every write on disk before it answers, unless told otherwise.</summary>
    public static async Task<RedisServer> StartAsync(params string[] settings)
    {
        var server = new RedisServer(settings);
        await server._process.StartAsync(CancellationToken.None);
        return server;
    }

    public Task<RedisActorStorage> OpenAsync() => RedisActorStorage.OpenAsync(Options);

    /// <summary>As a machine ends that is unplugged; it is started again on the same files.</summary>
    public async Task KillAndStartAsync()
    {
        await _process.KillAsync();
        await StartAgainAsync();
    }

    /// <summary>As its operator restarts it.</summary>
    public async Task RestartAsync()
    {
        await _process.StopAsync();
        await StartAgainAsync();
    }

    /// <summary>It stands still: it has every connection, and answers nobody.</summary>
    public async Task StandStillAsync(TimeSpan time)
    {
        Assert.True(_process.TryPause());
        await Task.Delay(time);
        _process.Resume();
    }

    public Task KillAsync() => _process.KillAsync();

    public Task StartAgainAsync() => _process.StartAsync(CancellationToken.None);

    /// <summary>A copy of its files as they are now: call it while nobody writes.</summary>
    public void CopyFilesTo(string folder) => Copy(AppendOnlyFolder, folder);

    /// <summary>What it has forgotten since the copy was made is gone. Call it while it is down.</summary>
    public void PutBack(string folder)
    {
        Directory.Delete(AppendOnlyFolder, recursive: true);
        Copy(folder, AppendOnlyFolder);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
    }
}
