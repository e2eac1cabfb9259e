using System.Buffers;
using System.Buffers.Text;

namespace ChainCheckout.Protocol.Commands;

/// <summary>
/// What a till sends: the session, then the canonical body, which stays the same however often it is sent.
/// </summary>
public static class CommandWriter
{
    private static ReadOnlySpan<byte> Start => "{\"session\":"u8;

    // The start, ten digits and a comma; the body's own brace is not sent.
    private const int HeadBytesMax = 11 + 10 + 1;

    /// <summary>Largest canonical body that fits a frame whatever the session number.</summary>
    public const int CanonicalBytesMax = ProtocolLimits.FrameBytesMax - HeadBytesMax;

    /// <param name="canonical">As written by <see cref="CommandCanonical"/>.</param>
    public static void Write(
        IBufferWriter<byte> output, ushort channel, uint number, uint session, ReadOnlySpan<byte> canonical)
    {
        Span<byte> head = stackalloc byte[HeadBytesMax];
        Start.CopyTo(head);
        Utf8Formatter.TryFormat(session, head[Start.Length..], out var digits);
        head[Start.Length + digits] = (byte)',';
        var header = new FrameHeader(FrameType.Command, channel, number);
        FrameWriter.Write(output, header, head[..(Start.Length + digits + 1)], canonical[1..]);
    }
}
