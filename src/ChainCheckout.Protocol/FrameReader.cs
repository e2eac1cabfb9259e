using System.Buffers;
using System.Buffers.Binary;

namespace ChainCheckout.Protocol;

/// <summary>Cuts a stream of bytes into frames. Pure: never throws, allocates nothing, owns no buffer.</summary>
public static class FrameReader
{
    /// <summary>
    /// On <see cref="ReadStatus.Frame"/>, <paramref name="input"/> is moved past the frame; otherwise it is untouched.
    /// </summary>
    /// <param name="payloadBytesMax">A lower limit than the protocol's own, for a peer that is not yet welcome.</param>
    public static ReadStatus TryRead(
        ref ReadOnlySequence<byte> input,
        out Frame frame,
        out FrameFault fault,
        int payloadBytesMax = ProtocolLimits.FrameBytesMax)
    {
        frame = default;
        fault = FrameFault.None;
        if (input.Length < ProtocolLimits.HeaderBytes) return ReadStatus.NeedMoreData;

        Span<byte> bytes = stackalloc byte[ProtocolLimits.HeaderBytes];
        input.Slice(0, ProtocolLimits.HeaderBytes).CopyTo(bytes);
        var payloadBytes = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var header = new FrameHeader(
            (FrameType)bytes[4],
            bytes[5],
            BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));

        // Judge the header before trusting it: a bad length can never become a slice or an allocation.
        fault = Judge(header, payloadBytes, payloadBytesMax);
        if (fault != FrameFault.None) return ReadStatus.Malformed;
        if (input.Length < ProtocolLimits.HeaderBytes + payloadBytes) return ReadStatus.NeedMoreData;

        frame = new Frame(header, input.Slice(ProtocolLimits.HeaderBytes, payloadBytes));
        input = input.Slice(ProtocolLimits.HeaderBytes + payloadBytes);
        return ReadStatus.Frame;
    }

    private static FrameFault Judge(FrameHeader header, uint payloadBytes, int payloadBytesMax)
    {
        if (payloadBytes > payloadBytesMax) return FrameFault.LengthTooLarge;
        if (header.Version != ProtocolLimits.WireVersion) return FrameFault.WrongVersion;
        if (!FrameTypes.IsKnown(header.Type)) return FrameFault.UnknownType;
        if (FrameTypes.IsHandshake(header.Type) && payloadBytes > ProtocolLimits.HandshakeBytesMax)
            return FrameFault.LengthTooLarge;
        if (FrameTypes.IsBare(header.Type)) return payloadBytes == 0 ? FrameFault.None : FrameFault.UnexpectedPayload;
        return payloadBytes == 0 ? FrameFault.EmptyPayload : FrameFault.None;
    }
}
