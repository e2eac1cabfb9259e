using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChainCheckout.Simulation.Time;

namespace ChainCheckout.Simulation;

/// <summary>
/// The event log of one run. It is hashed as it grows and not kept, unless a story is wanted: then every line stays, to be
/// read by a person.
/// </summary>
internal sealed class Trace(Schedule schedule, bool keepsStory)
{
    private const ulong Prime = 0x100000001B3;

    private readonly List<(DateTimeOffset At, string Subject, string What)> _story = [];
    private ulong _one = 0xCBF29CE484222325;
    private ulong _two = 0x84222325CBF29CE4;

    public bool KeepsStory => keepsStory;

    /// <summary>The same for the same seed, in every process and on every machine.</summary>
    public string Digest
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            BitConverter.TryWriteBytes(bytes, _one);
            BitConverter.TryWriteBytes(bytes[8..], _two);
            return Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8));
        }
    }

    /// <param name="subject">Whom it is about: an actor, a reference, a till.</param>
    public void Say(string subject, string what)
    {
        Mix((ulong)schedule.Now.Ticks);
        foreach (var letter in subject) Mix(letter);
        foreach (var letter in what) Mix(letter);
        if (keepsStory) _story.Add((schedule.Now, subject, what));
    }

    /// <summary>Hashed and not told: nobody reads it.</summary>
    public void Hash(string subject, ReadOnlySpan<byte> bytes)
    {
        Mix((ulong)schedule.Now.Ticks);
        foreach (var letter in subject) Mix(letter);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes) Mix(one);
    }

    /// <summary>For the story only: it says again, in fewer words, what was hashed already.</summary>
    public void Tell(string subject, string what)
    {
        if (keepsStory) _story.Add((schedule.Now, subject, what));
    }

    /// <summary>The lines about any of these, in order; all of them when none is given.</summary>
    public string Story(IReadOnlyCollection<string> about)
    {
        var text = new StringBuilder();
        foreach (var (at, subject, what) in _story)
        {
            if (about.Count > 0 && !about.Any(one => subject.Contains(one, StringComparison.Ordinal) || what.Contains(one, StringComparison.Ordinal))) continue;
            text.Append(CultureInfo.InvariantCulture, $"  {at:dd HH:mm:ss.fff}  {subject,-28} {what}\n");
        }

        return text.ToString();
    }

    private void Mix(ulong value)
    {
        _one = (_one ^ value) * Prime;
        _two = ((_two << 5) | (_two >> 59)) ^ (value * 0x9E3779B97F4A7C15);
    }
}
