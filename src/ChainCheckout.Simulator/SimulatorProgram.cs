using System.Runtime.InteropServices;
using System.Text.Json;
using ChainCheckout.Simulator.Control;
using ChainCheckout.Simulator.Http;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Simulator;

/// <summary>
/// The simulator as a program: says its address in one line of JSON, then serves until it is told to stop.
/// </summary>
public static class SimulatorProgram
{
    /// <returns>0 after a clean stop, 1 if it could not start (a port in use), 2 for a wrong command line.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellation = default)
    {
        SimulatorOptions options;
        try
        {
            options = CommandLine.Parse(args);
            options.Validate();
        }
        catch (ArgumentException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            await Console.Error.WriteLineAsync(CommandLine.Usage);
            return 2;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var loggers = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(LogLevel.Warning)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));

        SimulatorHost host;
        try
        {
            // Told to stop while it starts, it starts and then stops: there is one way out.
            host = await SimulatorHost.StartAsync(options, loggers: loggers, cancellation: CancellationToken.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The simulator can not start: {failure.Message}");
            return 1;
        }

        await using var ended = host;
        var address = host.Address.GetLeftPart(UriPartial.Authority);
        Console.WriteLine(JsonSerializer.Serialize(new StartedBody(address), SimulatorJson.Default.StartedBody));
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Token.Register(() => stopped.TrySetResult());
        await stopped.Task;
        return 0;

        void Stop(PosixSignalContext signal)
        {
            // Without it the runtime would end the process before the ledger is written.
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
