using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ChainCheckout.Protocol;

/// <summary>Puts whole frames into a buffer; flushing it is the owner's business.</summary>
public static class FrameWriter
{
    public static void Write(IBufferWriter<byte> output, FrameHeader header, ReadOnlySpan<byte> payload) =>
        Write(output, header, payload, []);

    /// <summary>A payload in two parts, so that a stored body can follow a fresh beginning without a copy.</summary>
    public static void Write(
        IBufferWriter<byte> output, FrameHeader header, ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        var payloadBytes = head.Length + tail.Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadBytes, ProtocolLimits.FrameBytesMax);

        var frameBytes = ProtocolLimits.HeaderBytes + payloadBytes;
        var span = output.GetSpan(frameBytes);
        BinaryPrimitives.WriteUInt32BigEndian(span, (uint)payloadBytes);
        span[4] = (byte)header.Type;
        span[5] = header.Version;
        BinaryPrimitives.WriteUInt16BigEndian(span[6..], header.Channel);
        BinaryPrimitives.WriteUInt32BigEndian(span[8..], header.Sequence);
        head.CopyTo(span[ProtocolLimits.HeaderBytes..]);
        tail.CopyTo(span[(ProtocolLimits.HeaderBytes + head.Length)..]);
        output.Advance(frameBytes);
    }

    public static void Write<T>(IBufferWriter<byte> output, FrameHeader header, T payload, JsonTypeInfo<T> type)
    {
        var pen = JsonPen.Take();
        JsonSerializer.Serialize(pen.Json, payload, type);
        Write(output, header, pen.Written());
    }
}
