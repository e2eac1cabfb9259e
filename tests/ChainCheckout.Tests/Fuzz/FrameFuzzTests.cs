using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Tests.Protocol;
using Xunit.Abstractions;

namespace ChainCheckout.Tests.Fuzz;

public sealed class FrameFuzzTests(ITestOutputHelper output)
{
    private static readonly byte[][] Payloads =
    [
        .. EveryCommand.All.Select(command => Encoding.UTF8.GetBytes(EveryCommand.Wire(command, 12))),
        """{"store":1,"till":2,"role":"pos","versions":[1],"lastEpoch":3,"lastAnswered":4,"nonce":"AAECAwQFBgcICQoLDA0ODw==","software":"till 1"}"""u8.ToArray(),
        """{"proof":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}"""u8.ToArray(),
        """{"nonce":"AAECAwQFBgcICQoLDA0ODw==","version":1}"""u8.ToArray(),
        """{"status":"done","code":"PushOrdered","text":"t","reference":"s1-t2-3-4","saleId":"S-1"}"""u8.ToArray(),
        """{"version":7,"saleId":"S-1","stage":"paid","code":"Paid","text":"t","hint":"h","allowed":["scan"],"customer":{"masked":"+47","membership":"member","points":5},"payment":{"reference":"s1-t2-3-4","amountMinor":100,"currency":"NOK","attempt":1,"stage":"paid"},"receipt":{"saleId":"S-1","tender":"vipps","amountMinor":100,"currency":"NOK","paidAt":"2026-01-01T00:00:00+00:00"}}"""u8.ToArray(),
        """{"retryAfterMs":100}"""u8.ToArray(),
        """{"code":"WrongType","field":"saleId","message":"m","lastApplied":3}"""u8.ToArray(),
        """{"reason":"shutdown","reconnectAfterMs":300}"""u8.ToArray(),
    ];

    private static readonly byte[][] Streams =
    [
        FrameBytes.Of(FrameType.Ping, 0, 7, []),
        .. Payloads.Select((payload, i) => FrameBytes.Of(Types[i % Types.Length], (ushort)i, (uint)i, payload)),
        [.. FrameBytes.Of(FrameType.Command, 1, 1, Payloads[0]), .. FrameBytes.Of(FrameType.Pong, 0, 1, []), .. FrameBytes.Of(FrameType.Command, 2, 9, Payloads[2])],
        FrameBytes.Of(FrameType.View, 1, 0, new byte[5_000]),
    ];

    private static FrameType[] Types => [FrameType.Command, FrameType.Hello, FrameType.View, FrameType.Reply, FrameType.Proof, FrameType.Error];

    [Fact]
    public void Frames_OfAnyBytes_AreThoseOfTheNaiveReader_HoweverTheyArrive_WithoutAnAllocation()
    {
        var (known, places, mutator) = (new List<NaiveFrames.Found>(), new List<int>(), new Mutator(1, Streams));
        long allocated = 0;
        Fuzzing.Run(mutator, Fuzzing.Frames, bytes =>
        {
            known.Clear();
            places.Clear();
            var end = NaiveFrames.Read(bytes, known);
            for (var cuts = mutator.Below(4); cuts > 0; cuts--) places.Add(mutator.Below(bytes.Length + 1));
            places.Sort();
            var pieces = FrameBytes.Cut(bytes, places);
            var before = GC.GetAllocatedBytesForCurrentThread();

            var whole = Agrees(bytes, new ReadOnlySequence<byte>(bytes), known, end);
            var cut = Agrees(bytes, pieces, known, end);
            var arriving = AgreesInTime(bytes, places, known, end);

            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(whole && cut && arriving, $"whole {whole}, in pieces {cut}, piece by piece {arriving}; naive: {known.Count} frames, {end}");
        });

        output.WriteLine($"{Fuzzing.Frames} streams of frames, {allocated} bytes allocated");
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Commands_OfAnyBytes_AreACommandOrOneFault_TheSameInPieces_AndCheap()
    {
        var mutator = new Mutator(2, Payloads);
        int refused = 0, most = 0;
        foreach (var payload in Payloads) CommandReader.Read(new ReadOnlySequence<byte>(payload));
        Fuzzing.Run(mutator, Fuzzing.Commands, bytes =>
        {
            CommandReadResult whole = default;
            var cost = Fuzzing.Allocated(Fuzzing.BytesMax(bytes.Length), () => whole = CommandReader.Read(new ReadOnlySequence<byte>(bytes)));
            var cut = CommandReader.Read(FrameBytes.Cut(bytes, mutator.Below(bytes.Length + 1)));

            Assert.Equal(whole.IsCommand, whole.Fault is null);
            Assert.Equal(whole.Fault, cut.Fault);
            if (whole.Command is { } command) Assert.Equal(CommandCanonical.ToBytes(command), CommandCanonical.ToBytes(cut.Command!));
            if (whole.IsCommand) return;
            refused++;
            most = Math.Max(most, (int)cost);
            Assert.InRange(cost, 0, Fuzzing.BytesMax(bytes.Length));
        });

        output.WriteLine($"{Fuzzing.Commands} commands, {refused} refused, at most {most} bytes for one of them");
        Assert.InRange(refused, Fuzzing.Commands / 2, Fuzzing.Commands);
    }

    [Fact]
    public void Payloads_OfAnyBytes_AreReadOrNot_AndCheap()
    {
        var mutator = new Mutator(3, Payloads);
        var most = 0;
        Fuzzing.Run(mutator, Fuzzing.Payloads, bytes =>
        {
            var cost = OfAStranger(bytes);
            OfAServer(bytes);
            most = Math.Max(most, (int)cost);
            Assert.InRange(cost, 0, Fuzzing.BytesMax(bytes.Length));
        });

        output.WriteLine($"{Fuzzing.Payloads} payloads, each read as all nine kinds; a Hello or Proof that is refused costs at most {most} bytes");
    }

    /// <summary>What the dearer of two refusals cost.</summary>
    private static long OfAStranger(byte[] bytes)
    {
        bool isHello = false, isProof = false;
        var hello = Fuzzing.Allocated(Fuzzing.BytesMax(bytes.Length), () => isHello = PayloadReader.TryRead(new(bytes), ProtocolJson.Default.Hello, out _));
        var proof = Fuzzing.Allocated(Fuzzing.BytesMax(bytes.Length), () => isProof = PayloadReader.TryRead(new(bytes), ProtocolJson.Default.Proof, out _));
        Assert.Equal(isHello, PayloadReader.TryRead(FrameBytes.Cut(bytes, bytes.Length / 2), ProtocolJson.Default.Hello, out _));
        return Math.Max(isHello ? 0 : hello, isProof ? 0 : proof);
    }

    /// <summary>A till trusts its server more, and is as little to be brought down by it.</summary>
    private static void OfAServer(byte[] bytes)
    {
        PayloadReader.TryRead(new(bytes), ProtocolJson.Default.Challenge, out _);
        PayloadReader.TryRead(new(bytes), ProtocolJson.Default.Welcome, out _);
        PayloadReader.TryRead(new(bytes), ProtocolJson.Default.Reply, out _);
        PayloadReader.TryRead(new(bytes), ProtocolJson.Default.ViewPayload, out _);
        PayloadReader.TryRead(new(bytes), ProtocolJson.Default.Busy, out _);
        PayloadReader.TryRead(new(bytes), ProtocolJson.Default.Error, out _);
        PayloadReader.TryRead(new(bytes), ProtocolJson.Default.Goodbye, out _);
    }

    private static bool Agrees(byte[] bytes, ReadOnlySequence<byte> input, List<NaiveFrames.Found> known, (int Left, FrameFault Fault) end)
    {
        var at = 0;
        while (true)
        {
            switch (FrameReader.TryRead(ref input, out var frame, out var fault))
            {
                case ReadStatus.Frame:
                    if (at == known.Count || !IsTheSame(bytes, known[at++], frame)) return false;
                    break;
                case ReadStatus.Malformed:
                    return at == known.Count && fault == end.Fault;
                default:
                    return at == known.Count && end == ((int)input.Length, FrameFault.None);
            }
        }
    }

    /// <summary>As a socket gives it: each time a little more, read as far as it goes.</summary>
    private static bool AgreesInTime(byte[] bytes, List<int> places, List<NaiveFrames.Found> known, (int Left, FrameFault Fault) end)
    {
        int consumed = 0, at = 0;
        for (var i = 0; i <= places.Count; i++)
        {
            var arrived = i < places.Count ? places[i] : bytes.Length;
            var input = new ReadOnlySequence<byte>(bytes, consumed, arrived - consumed);
            while (true)
            {
                var status = FrameReader.TryRead(ref input, out var frame, out var fault);
                if (status == ReadStatus.Malformed) return at == known.Count && fault == end.Fault;
                if (status == ReadStatus.NeedMoreData) break;
                if (at == known.Count || !IsTheSame(bytes, known[at++], frame)) return false;
            }

            consumed = arrived - (int)input.Length;
        }

        return at == known.Count && end == (bytes.Length - consumed, FrameFault.None);
    }

    private static bool IsTheSame(byte[] bytes, NaiveFrames.Found found, Frame frame)
    {
        var header = bytes.AsSpan(found.At);
        if ((byte)frame.Header.Type != header[4] || frame.Header.Version != header[5]) return false;
        if (frame.Header.Channel != BinaryPrimitives.ReadUInt16BigEndian(header[6..])) return false;
        if (frame.Header.Sequence != BinaryPrimitives.ReadUInt32BigEndian(header[8..])) return false;
        var rest = header.Slice(ProtocolLimits.HeaderBytes, found.Length);
        if (frame.Payload.Length != rest.Length) return false;
        foreach (var segment in frame.Payload)
        {
            if (!rest.StartsWith(segment.Span)) return false;
            rest = rest[segment.Length..];
        }

        return rest.IsEmpty;
    }
}
