using System.Diagnostics;

namespace ChainCheckout.Cli.Processes;

/// <summary>The <c>dotnet</c> that runs this program, as a tool.</summary>
internal static class Dotnet
{
    public static string Path { get; } = Find();

    /// <summary>Runs it to its end; when cancelled it is killed with all that it has started.</summary>
    /// <param name="onLine">Gets every line of both outputs, one at a time.</param>
    public static async Task<int> RunAsync(
        string folder, Action<string> onLine, CancellationToken cancellation, params string[] args)
    {
        var start = new ProcessStartInfo(Path, args)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";

        // A build node that stays behind would hold our pipe open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = new Process { StartInfo = start };
        var gate = new Lock();
        process.OutputDataReceived += (_, said) => Pass(said.Data);
        process.ErrorDataReceived += (_, said) => Pass(said.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        void Pass(string? line)
        {
            if (line is null) return;
            lock (gate) onLine(line);
        }
    }

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host) return host;
        var own = Environment.ProcessPath;
        return System.IO.Path.GetFileNameWithoutExtension(own) == "dotnet" ? own! : "dotnet";
    }
}
