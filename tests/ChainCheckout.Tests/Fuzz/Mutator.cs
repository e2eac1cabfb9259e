using System.Buffers.Binary;
using System.Text;

namespace ChainCheckout.Tests.Fuzz;

/// <summary>
/// Makes bad inputs of good ones: bits turned, lengths that lie, ends cut off, pieces of others put in, numbers at their
/// limits, JSON nested deep, bytes that are no UTF-8. All chance comes from the seed.
/// </summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> corpus)
{
    private static readonly uint[] Lengths =
    [
        0, 1, 2, 11, 12, 13, 127, 128, 255, 256, 2_047, 2_048, 2_049, 4_096, 65_535, 65_536, 65_537, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
    ];

    private static readonly byte[] Telling = [0, 1, 4, 0x7F, 0x80, 0x84, 0xC3, 0xED, 0xFF, .. "\"\\{}[],:-0+e"u8];

    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "null", "true", "{}", "[]", "\"\"", "0", "-0", "-1", "1.0", "1e400", "9223372036854775807", "9223372036854775808",
            "-9223372036854775809", "4294967296", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"NaN\"", "\"1e9\"", "\"$type\":\"x\",",
            "\"\\ud800\":1,", "/**/", "\r\n", "\"\"\"", ",,", "\ufeff", "0001-01-01T00:00:00Z", "\"9999-12-31T23:59:59.9999999-14:00\"",
            new string('[', 70), new string('9', 400), string.Concat(Enumerable.Repeat("{\"a\":", 70)), new string('[', 3_000),
        }.Select(Encoding.UTF8.GetBytes),
        [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFF, 0xFE], [0xE2, 0x82],
    ];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var bytes = (byte[])Pick(corpus).Clone();
        for (var times = _random.Next(1, 5); times > 0; times--) bytes = Change(bytes);
        return bytes;
    }

    public int Below(int limit) => _random.Next(limit);

    private byte[] Change(byte[] bytes)
    {
        var at = _random.Next(bytes.Length + 1);
        switch (_random.Next(10))
        {
            case 0 when at < bytes.Length:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 1 when at < bytes.Length:
                bytes[at] = Telling[_random.Next(Telling.Length)];
                return bytes;
            case 2 when bytes.Length >= 4:
                var start = _random.Next(2) == 0 ? 0 : _random.Next(bytes.Length - 3);
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(start), Lengths[_random.Next(Lengths.Length)]);
                return bytes;
            case 3:
                return bytes[..at];
            case 4:
                var other = Pick(corpus);
                return [.. bytes[..at], .. other[_random.Next(other.Length + 1)..]];
            case 5:
                return [.. bytes[..at], .. bytes[_random.Next(at + 1)..]];
            case 6:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + _random.Next(8))..]];
            case 7:
                return [.. bytes[..at], .. Pick(Tokens), .. bytes[at..]];
            default:
                return Revalued(bytes, at);
        }
    }

    /// <summary>Another value behind some colon: the JSON still holds, its fields say something else.</summary>
    private byte[] Revalued(byte[] bytes, int from)
    {
        var colon = Array.IndexOf(bytes, (byte)':', Math.Min(from, bytes.Length));
        if (colon < 0) return bytes;
        var end = bytes.AsSpan(colon).IndexOfAny(",}]"u8);
        return end < 0 ? bytes : [.. bytes[..(colon + 1)], .. Pick(Tokens), .. bytes[(colon + end)..]];
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];
}
