using System.Buffers;

namespace ChainCheckout.Protocol;

/// <summary>The fields of a header that a writer chooses; the length follows from the payload.</summary>
/// <param name="Type">What the frame is.</param>
/// <param name="Version">The wire version, 1.</param>
/// <param name="Channel">1 to 65,535: one (till, role) of this connection; 0: the connection itself.</param>
/// <param name="Sequence">A command's number, echoed by what answers it; 0 where there is none.</param>
public readonly record struct FrameHeader(FrameType Type, byte Version, ushort Channel, uint Sequence)
{
    public FrameHeader(FrameType type, ushort channel, uint sequence = 0)
        : this(type, ProtocolLimits.WireVersion, channel, sequence)
    {
    }
}

/// <summary>One whole frame, lying in the buffer that it was read from: valid until that is given back.</summary>
public readonly record struct Frame(FrameHeader Header, ReadOnlySequence<byte> Payload);
