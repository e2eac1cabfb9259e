namespace ChainCheckout.Cli.Processes;

/// <summary>A command cannot be done; the message is one line for the person who gave it, without secrets.</summary>
public sealed class CommandException(string message, Exception? inner = null) : Exception(message, inner)
{
    public const int ExitCode = 2;
}
