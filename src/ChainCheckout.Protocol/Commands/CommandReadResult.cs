using System.Diagnostics.CodeAnalysis;

namespace ChainCheckout.Protocol.Commands;

/// <summary>Why a payload is not a command. It names fields and rules, never a value.</summary>
/// <param name="Code">One of <see cref="Payloads.ErrorCodes"/>.</param>
/// <param name="Field">Path of the field, e.g. <c>lines[3].taxRate</c>; empty where no field is to blame.</param>
/// <param name="Message">One English sentence for the till's programmer.</param>
public sealed record CommandFault(string Code, string Field, string Message);

/// <summary>A command with the session that it claims, or the fault.</summary>
public readonly record struct CommandReadResult
{
    public CommandReadResult(uint session, TillCommand command)
    {
        Session = session;
        Command = command;
    }

    public CommandReadResult(CommandFault fault) => Fault = fault;

    [MemberNotNullWhen(true, nameof(Command))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsCommand => Command is not null;

    public uint Session { get; }

    public TillCommand? Command { get; }

    public CommandFault? Fault { get; }
}
