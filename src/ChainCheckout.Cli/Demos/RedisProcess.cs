using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using ChainCheckout.Cli.Processes;

namespace ChainCheckout.Cli.Demos;

/// <summary>
/// A redis-server of its own in a folder, that keeps every write on disk before it answers. A shell holds it, so that it ends with
/// whoever started it, however that ends.
/// </summary>
/// <param name="others">Further settings, or others than its own.</param>
internal sealed class RedisProcess(string folder, int port, TextWriter log, TimeProvider clock, params string[] others) : IAsyncDisposable
{
    /// <summary>Says the server's process id, waits for its own input to end, and takes the server with it.</summary>
    private const string Holder = "redis-server \"$@\" >&2 & echo $!; cat >/dev/null; kill -9 $!";

    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(25);

    private ChildProcess? _holder;
    private Process? _server;
    private TimeSpan _cpuOfTheDead;

    public int Port => port;

    public TimeSpan CpuTime => _cpuOfTheDead + CpuOf(_server);

    /// <exception cref="CommandException">There is no redis-server, or it does not answer.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        string[] settings =
        [
            "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes",
            "--appendfsync", "always", "--save", "", "--maxmemory-policy", "noeviction", .. others,
        ];
        _holder = ChildProcess.StartTool(log, "sh", ["-c", Holder, "redis", .. settings]);
        var said = await _holder.FirstLine.WaitAsync(AnswersWithin, clock, cancellation);
        _server = Process.GetProcessById(int.Parse(said ?? "0", CultureInfo.InvariantCulture));
        var begun = clock.GetTimestamp();
        while (!await AnswersAsync(cancellation))
        {
            if (_server.HasExited || clock.GetElapsedTime(begun) > AnswersWithin)
                throw new CommandException("redis-server did not start: is it installed?");
            await Task.Delay(AskEvery, clock, cancellation);
        }
    }

    /// <summary>Ends it at once; the shell that held it goes too.</summary>
    public Task KillAsync()
    {
        _cpuOfTheDead += CpuOf(_server);
        _server!.Kill();
        return GoneAsync();
    }

    /// <summary>As its operator stops it.</summary>
    public Task StopAsync()
    {
        _cpuOfTheDead += CpuOf(_server);
        Signal.TrySend(_server!, Signal.Terminate);
        return GoneAsync();
    }

    /// <summary>Holds it still until <see cref="Resume"/>. False where the system cannot do it.</summary>
    public bool TryPause() => Signal.TrySend(_server!, Signal.Stop);

    public void Resume() => Signal.TrySend(_server!, Signal.Continue);

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false }) await KillAsync();
        else if (_holder is not null) await _holder.DisposeAsync();
    }

    private async Task GoneAsync()
    {
        await _server!.WaitForExitAsync();
        _server.Dispose();
        _server = null;
        await _holder!.DisposeAsync();
    }

    private static TimeSpan CpuOf(Process? process)
    {
        try
        {
            process?.Refresh();
            return process is { HasExited: false } ? process.TotalProcessorTime : TimeSpan.Zero;
        }
        catch (InvalidOperationException)
        {
            // It ended between the two questions.
            return TimeSpan.Zero;
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, cancellation);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray(), cancellation);
            var answer = new byte[16];
            var length = await client.GetStream().ReadAsync(answer, cancellation);
            return length > 0 && answer[0] == '+';
        }
        catch (Exception away) when (away is SocketException or IOException)
        {
            return false;
        }
    }
}
