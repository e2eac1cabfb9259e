using System.CommandLine;
using System.Net;
using ChainCheckout.Cli.Processes;

namespace ChainCheckout.Cli.Commands;

/// <summary>Asks a program of ours how it is, for probes that have nothing else to ask with.</summary>
internal static class HealthCommand
{
    private const int NotHealthy = 1;
    private const string Ready = "/health/ready";

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(4);

    public static Command Create()
    {
        var admin = HttpAddress.Option(
            "--admin", "http://host:port of the admin or metrics listener (default: the settings', or 127.0.0.1:7702); with a path, that page.");
        var settings = new Option<FileInfo?>("--settings") { Description = "The running server's settings file." };
        var command = new Command("health", "Exit code 0 if tills may come; 1, and what is missing, if not.") { admin, settings };
        command.SetAction((parsed, cancellation) => RunAsync(Page(parsed.GetValue(admin), parsed.GetValue(settings)), cancellation));
        return command;
    }

    /// <exception cref="CommandException">The settings cannot be read.</exception>
    private static Uri Page(Uri? admin, FileInfo? settings)
    {
        var listener = settings is null ? null : SettingsFile.Read(settings).Gateway?.Admin;
        var asked = admin ?? new Uri($"http://{listener?.Address ?? "127.0.0.1"}:{listener?.Port ?? AdminClient.Port}");
        return asked.AbsolutePath == "/" ? new Uri(asked, Ready) : asked;
    }

    private static async Task<int> RunAsync(Uri page, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Within };
        try
        {
            using var answer = await http.GetAsync(page, cancellation);
            if (answer.StatusCode == HttpStatusCode.OK) return 0;
            await Console.Error.WriteLineAsync($"health: {(int)answer.StatusCode} {(await answer.Content.ReadAsStringAsync(cancellation)).TrimEnd()}");
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            await Console.Error.WriteLineAsync($"health: nobody answers at {page.Authority}.");
        }

        return NotHealthy;
    }
}
