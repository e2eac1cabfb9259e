using ChainCheckout.Protocol;

namespace ChainCheckout.Tests.Fuzz;

/// <summary>
/// The framing as docs/protocol.md tells it, read as slowly and plainly as can be: what the fast reader is compared
/// with.
/// </summary>
internal static class NaiveFrames
{
    public readonly record struct Found(int At, int Length);

    /// <summary>The frames from the front, then how many bytes were left over, or which fault ended it.</summary>
    public static (int Left, FrameFault Fault) Read(byte[] bytes, List<Found> frames)
    {
        var at = 0;
        while (bytes.Length - at >= 12)
        {
            var length = (bytes[at] * 16_777_216L) + (bytes[at + 1] * 65_536L) + (bytes[at + 2] * 256L) + bytes[at + 3];
            var type = bytes[at + 4];
            if (length > 65_536) return (0, FrameFault.LengthTooLarge);
            if (bytes[at + 5] != 1) return (0, FrameFault.WrongVersion);
            var isKnown = type is 1 or 2 or 3 or 4 or 5 or 0x81 or 0x82 or 0x83 or 0x84 or 0x85 or 0x86 or 0x87 or 0x88;
            if (!isKnown) return (0, FrameFault.UnknownType);
            if (type is 1 or 2 && length > 2_048) return (0, FrameFault.LengthTooLarge);
            var isBare = type is 4 or 5 or 0x88;
            if (isBare && length != 0) return (0, FrameFault.UnexpectedPayload);
            if (!isBare && length == 0) return (0, FrameFault.EmptyPayload);
            if (bytes.Length - at - 12 < length) break;
            frames.Add(new Found(at, (int)length));
            at += 12 + (int)length;
        }

        return (bytes.Length - at, FrameFault.None);
    }
}
