using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Protocol.Commands;

/// <summary>
/// Reads what a stranger's till sends, strictly: an unknown, missing, doubled or ill-typed field is refused by name,
/// since a field that is ignored in silence can be an amount. Never throws; the order of fields means nothing.
/// </summary>
public static class CommandReader
{
    public static CommandReadResult Read(ReadOnlySequence<byte> payload)
    {
        if (payload.Length > ProtocolLimits.FrameBytesMax)
            return Refuse(ErrorCodes.TooLong, "", $"A payload has at most {ProtocolLimits.FrameBytesMax} bytes.");
        if (payload.IsSingleSegment) return Read(payload.FirstSpan);

        var rented = ArrayPool<byte>.Shared.Rent((int)payload.Length);
        try
        {
            payload.CopyTo(rented);
            return Read(rented.AsSpan(0, (int)payload.Length));
        }
        finally
        {
            // It may hold a phone number, and the next to rent it is not us.
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private static CommandReadResult Read(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8)) return Refuse(ErrorCodes.MalformedJson, "", "The payload is not UTF-8.");

        var reader = new FieldReader(utf8);
        var fields = default(CommandFields);
        try
        {
            if (reader.EnterRoot())
            {
                fields.ReadAll(ref reader);
                if (reader.Fatal is null) reader.ExpectEnd();
            }
        }
        catch (JsonException failure)
        {
            // Its message may quote the payload; its position does not.
            var place = $"line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1}";
            return Refuse(ErrorCodes.MalformedJson, "", $"The payload is not JSON at {place}.");
        }

        return reader.Fatal is { } fatal ? new(fatal) : Judge(ref reader, in fields);
    }

    private static CommandReadResult Judge(ref FieldReader reader, in CommandFields fields)
    {
        if (!fields.Has(CommandField.Type)) return Refuse(ErrorCodes.MissingField, "type", "type is missing.");
        if (reader.Value is { Field: "type" } notText) return new(notText);
        if (CommandShape.Of(fields.Type) is not { } shape)
            return Refuse(ErrorCodes.UnknownCommand, "type", "type names no command of this version.");
        if (reader.Unknown is { } unknown) return new(unknown);
        if (fields.FirstOf(fields.Seen & ~shape.Allowed) is { } stray)
            return Refuse(ErrorCodes.UnknownField, stray, $"{stray} is not a field of {fields.Type}.");
        if (reader.Value is { } value) return new(value);
        if (fields.FirstOf(shape.Required & ~fields.Seen) is { } missing)
            return Refuse(ErrorCodes.MissingField, missing, $"{missing} is missing.");
        return new(fields.Session, shape.Build(fields));
    }

    private static CommandReadResult Refuse(string code, string field, string message) =>
        new(new CommandFault(code, field, message));
}
