using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ChainCheckout.Cli.Processes;

/// <summary>Signals that .NET cannot send: a process stands still, and goes on, and is asked to end.</summary>
internal static class Signal
{
    // The numbers are the system's own.
    public const int Terminate = 15;
    public static readonly int Stop = OperatingSystem.IsMacOS() ? 17 : 19;
    public static readonly int Continue = OperatingSystem.IsMacOS() ? 19 : 18;

    /// <summary>False where the process has ended, or the system has no signals.</summary>
    public static bool TrySend(Process process, int signal)
    {
        if (OperatingSystem.IsWindows()) return false;
        try
        {
            // Asked before each signal: a number that is free again may be somebody else's.
            return !process.HasExited && Kill(process.Id, signal) == 0;
        }
        catch (InvalidOperationException)
        {
            // It was disposed of between the two: killed meanwhile.
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
