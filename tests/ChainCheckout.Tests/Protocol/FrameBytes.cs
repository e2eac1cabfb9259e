using System.Buffers;
using ChainCheckout.Protocol;

namespace ChainCheckout.Tests.Protocol;

/// <summary>Builds streams of bytes and cuts them up.</summary>
internal static class FrameBytes
{
    public static byte[] Of(FrameType type, ushort channel, uint sequence, ReadOnlySpan<byte> payload)
    {
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.Write(output, new FrameHeader(type, channel, sequence), payload);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>One sequence of several segments, cut before each of the given places.</summary>
    public static ReadOnlySequence<byte> Cut(byte[] bytes, params IEnumerable<int> places)
    {
        Segment? first = null, last = null;
        var start = 0;
        foreach (var end in places.Append(bytes.Length))
        {
            var segment = new Segment(bytes.AsMemory(start, end - start), last);
            first ??= segment;
            last = segment;
            start = end;
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    /// <summary>
    /// What a reader says of a stream that arrives in pieces: each frame, or the fault, or the bytes left over.
    /// </summary>
    public static List<string> ReadInPieces(byte[] bytes, params IEnumerable<int> places)
    {
        var said = new List<string>();
        var consumed = 0;
        foreach (var arrived in places.Append(bytes.Length))
        {
            var buffer = new ReadOnlySequence<byte>(bytes, consumed, arrived - consumed);
            while (true)
            {
                var status = FrameReader.TryRead(ref buffer, out var frame, out var fault);
                if (status == ReadStatus.NeedMoreData) break;
                if (status == ReadStatus.Malformed) return [.. said, fault.ToString()];
                said.Add($"{frame.Header} {Convert.ToHexString(frame.Payload.ToArray())}");
            }

            consumed = arrived - (int)buffer.Length;
        }

        return [.. said, $"{bytes.Length - consumed} left"];
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is null) return;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
