using System.Diagnostics;
using ChainCheckout.Standalone;

namespace ChainCheckout.Cli.Processes;

/// <summary>
/// A program in a process of its own. It lives as long as its standard input stays open: closing that
/// stops it gracefully, and the end of this process, however it comes, closes it too.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<string?> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process) => _process = process;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The first line that it says; null if it says none.</summary>
    public Task<string?> FirstLine => _firstLine.Task;

    /// <summary>This program once more.</summary>
    /// <param name="log">Gets every line of both outputs; may be shared.</param>
    public static ChildProcess Start(TextWriter log, params string[] args) =>
        StartProgram(log, Path.Combine(AppContext.BaseDirectory, "ChainCheckout.Cli.dll"), args);

    /// <summary>Another program of ours, by its assembly.</summary>
    public static ChildProcess StartProgram(TextWriter log, string assembly, params string[] args) =>
        StartTool(log, Dotnet.Path, [assembly, .. args, InputEnd.Option]);

    /// <summary>Whatever ends when its standard input does.</summary>
    public static ChildProcess StartTool(TextWriter log, string file, params string[] args)
    {
        var start = new ProcessStartInfo(file, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        var process = new Process { StartInfo = start };
        var child = new ChildProcess(process);
        process.OutputDataReceived += (_, said) => child.OnOutput(log, said.Data);
        process.ErrorDataReceived += (_, said) =>
        {
            if (said.Data is not null) log.WriteLine(said.Data);
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Processor time so far; zero once it has ended.</summary>
    public TimeSpan CpuTime()
    {
        try
        {
            _process.Refresh();
            return _process.HasExited ? TimeSpan.Zero : _process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            // It ended between the two questions.
            return TimeSpan.Zero;
        }
    }

    /// <summary>Holds it still until <see cref="Resume"/>. False where it has ended, or the system cannot do it.</summary>
    public bool TryPause() => Signal.TrySend(_process, Signal.Stop);

    public void Resume() => Signal.TrySend(_process, Signal.Continue);

    /// <summary>Ends it at once, without any chance to tidy up.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, and kills it if it has not done so in time.</summary>
    /// <returns>Whether it ended by itself with exit code 0.</returns>
    public Task<bool> StopAsync(TimeSpan patience)
    {
        _process.StandardInput.Close();
        return EndsAsync(patience);
    }

    /// <summary>As <see cref="StopAsync"/>, but by the signal that a service's supervisor sends.</summary>
    public Task<bool> TerminateAsync(TimeSpan patience)
    {
        Signal.TrySend(_process, Signal.Terminate);
        return EndsAsync(patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private async Task<bool> EndsAsync(TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
            return _process.ExitCode == 0;
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            return false;
        }
    }

    private void OnOutput(TextWriter log, string? line)
    {
        if (line is not null) log.WriteLine(line);
        _firstLine.TrySetResult(line);
    }
}
