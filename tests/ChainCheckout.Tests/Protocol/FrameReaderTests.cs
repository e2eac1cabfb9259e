using System.Buffers;
using System.Buffers.Binary;
using ChainCheckout.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ChainCheckout.Tests.Protocol;

public sealed class FrameReaderTests
{
    private static readonly byte[] Stream =
    [
        .. FrameBytes.Of(FrameType.Hello, 1, 0, "{\"store\":1}"u8),
        .. FrameBytes.Of(FrameType.Ping, 0, 7, []),
        .. FrameBytes.Of(FrameType.Command, 65_535, uint.MaxValue, "{}"u8),
    ];

    [Fact]
    public void Header_IsTwelveBytesBigEndian()
    {
        var bytes = FrameBytes.Of(FrameType.View, 0x0102, 0x03040506, "{}"u8);

        Assert.Equal("00000002" + "84" + "01" + "0102" + "03040506" + "7B7D", Convert.ToHexString(bytes));
    }

    [Fact]
    public void Stream_CutAnywhereOnceOrTwice_ReadsTheSame()
    {
        var whole = FrameBytes.ReadInPieces(Stream);
        Assert.Equal(4, whole.Count);

        for (var first = 0; first <= Stream.Length; first++)
        {
            for (var second = first; second <= Stream.Length; second++)
                Assert.Equal(whole, FrameBytes.ReadInPieces(Stream, first, second));
        }
    }

    [Fact]
    public void Stream_LyingInSegmentsOfAnySize_ReadsTheSame()
    {
        for (var size = 1; size <= Stream.Length; size++)
        {
            var places = Enumerable.Range(1, (Stream.Length - 1) / size).Select(i => i * size);
            var buffer = FrameBytes.Cut(Stream, places);
            var frames = new List<Frame>();
            while (FrameReader.TryRead(ref buffer, out var frame, out _) == ReadStatus.Frame) frames.Add(frame);

            Assert.True(buffer.IsEmpty);
            Assert.Equal(3, frames.Count);
            Assert.Equal("{\"store\":1}"u8, frames[0].Payload.ToArray());
        }
    }

    /// <summary>Any bytes at all: the same verdict however they arrive, and never an exception.</summary>
    [Fact]
    public void AnyBytes_InAnyPieces_ReadAsTheWhole()
    {
        // Small numbers make headers that are nearly right.
        var nearlyFrames = Gen.Choose(0, 6).Select(n => (byte)n).ArrayOf();
        var anything = Gen.Choose(0, 255).Select(n => (byte)n).ArrayOf();
        var real = Gen.Elements(Stream, Stream[..20], Stream[11..]);
        var bytes = Gen.OneOf(nearlyFrames, anything, real, nearlyFrames.Select(tail => (byte[])[.. Stream, .. tail]));
        var cuts = Gen.Choose(0, 200).ArrayOf();

        Prop.ForAll(bytes.ToArbitrary(), cuts.ToArbitrary(), (stream, places) =>
        {
            var pieces = places.Where(p => p < stream.Length).Order();
            return FrameBytes.ReadInPieces(stream).SequenceEqual(FrameBytes.ReadInPieces(stream, pieces));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    [Theory]
    [InlineData(65_537u, 0x03, 1, FrameFault.LengthTooLarge)]
    [InlineData(0x8000_0000u, 0x03, 1, FrameFault.LengthTooLarge)]
    [InlineData(uint.MaxValue, 0x84, 1, FrameFault.LengthTooLarge)]
    [InlineData(2_049u, 0x01, 1, FrameFault.LengthTooLarge)]
    [InlineData(2_049u, 0x02, 1, FrameFault.LengthTooLarge)]
    [InlineData(2u, 0x03, 0, FrameFault.WrongVersion)]
    [InlineData(2u, 0x03, 2, FrameFault.WrongVersion)]
    [InlineData(2u, 0x00, 1, FrameFault.UnknownType)]
    [InlineData(2u, 0x06, 1, FrameFault.UnknownType)]
    [InlineData(2u, 0x80, 1, FrameFault.UnknownType)]
    [InlineData(2u, 0x89, 1, FrameFault.UnknownType)]
    [InlineData(0u, 0x03, 1, FrameFault.EmptyPayload)]
    [InlineData(0u, 0x84, 1, FrameFault.EmptyPayload)]
    [InlineData(1u, 0x04, 1, FrameFault.UnexpectedPayload)]
    [InlineData(1u, 0x05, 1, FrameFault.UnexpectedPayload)]
    [InlineData(1u, 0x88, 1, FrameFault.UnexpectedPayload)]
    public void Header_ThatLies_IsAFaultBeforeAnyPayloadComes(uint length, byte type, byte version, FrameFault expected)
    {
        var header = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(header, length);
        header[4] = type;
        header[5] = version;
        var input = new ReadOnlySequence<byte>(header);

        var status = FrameReader.TryRead(ref input, out _, out var fault);

        Assert.Equal(ReadStatus.Malformed, status);
        Assert.Equal(expected, fault);
        Assert.Equal(12, input.Length);
    }

    [Fact]
    public void LowerLimit_ForAPeerNotYetWelcome_IsJudgedByTheHeader()
    {
        var input = new ReadOnlySequence<byte>(FrameBytes.Of(FrameType.Command, 1, 1, new byte[100]));
        var same = input;

        Assert.Equal(ReadStatus.Malformed, FrameReader.TryRead(ref input, out _, out _, payloadBytesMax: 99));
        Assert.Equal(ReadStatus.Frame, FrameReader.TryRead(ref same, out _, out _, payloadBytesMax: 100));
    }

    [Fact]
    public void LargestFrame_IsRead_AndOneByteMoreIsNotWritten()
    {
        var input = new ReadOnlySequence<byte>(FrameBytes.Of(FrameType.View, 1, 0, new byte[65_536]));

        Assert.Equal(ReadStatus.Frame, FrameReader.TryRead(ref input, out var frame, out _));
        Assert.Equal(65_536, frame.Payload.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameBytes.Of(FrameType.View, 1, 0, new byte[65_537]));
    }

    [Fact]
    public void TryRead_AllocatesNothing()
    {
        var whole = new ReadOnlySequence<byte>(Stream);
        var cut = FrameBytes.Cut(Stream, 5, 14, 30);
        ReadAll(whole);
        ReadAll(cut);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            ReadAll(whole);
            ReadAll(cut);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void ReadAll(ReadOnlySequence<byte> input)
    {
        while (FrameReader.TryRead(ref input, out _, out _) == ReadStatus.Frame)
        {
        }
    }
}
