using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ChainCheckout.Cluster;
using ChainCheckout.Cluster.Storage;
using ChainCheckout.Standalone.Storage;

namespace ChainCheckout.Cluster.Tests;

/// <summary>A real redis-server in a temporary folder, which ends with the test.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chaincheckout-redis-").FullName;
    private readonly string[] _settings;
    private readonly int _port;
    private Process _process;

    public RedisServer(params string[] settings)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        (_port, _settings) = (((IPEndPoint)listener.LocalEndpoint).Port, settings);
        listener.Stop();
        _process = Start();
    }

    /// <summary>Patient: ten thousand saves at once take a busy machine longer than a till would wait.</summary>
    public RedisOptions Options => new() { Storage = $"127.0.0.1:{_port}", Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Opens it once it answers.</summary>
    public async Task<RedisActorStorage> OpenAsync()
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await RedisActorStorage.OpenAsync(Options);
            }
            catch (StorageOpenException) when (tries < 50 && !_process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>As a machine ends that is unplugged; it is started again on the same files.</summary>
    public async Task KillAndStartAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process = Start();
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private Process Start() => Process.Start(new ProcessStartInfo("redis-server", [
        "--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--appendfsync", "always",
        .. _settings,
    ])
    { RedirectStandardOutput = true })!;
}
