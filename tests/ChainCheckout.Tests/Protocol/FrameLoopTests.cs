using System.IO.Pipelines;
using ChainCheckout.Protocol;

namespace ChainCheckout.Tests.Protocol;

public sealed class FrameLoopTests
{
    private static readonly byte[] Two =
        [.. FrameBytes.Of(FrameType.Ping, 0, 1, []), .. FrameBytes.Of(FrameType.Command, 3, 2, "{}"u8)];

    [Fact]
    public async Task Peer_ThatHangsUpBetweenFrames_EndsTheLoopCleanly()
    {
        var seen = new List<FrameType>();

        await RunAsync(new MemoryStream(Two), frame => seen.Add(frame.Header.Type));

        Assert.Equal([FrameType.Ping, FrameType.Command], seen);
    }

    [Fact]
    public async Task Peer_ThatHangsUpInsideAFrame_IsAFaultAfterTheFramesBeforeIt()
    {
        var seen = new List<FrameType>();

        var fault = await Assert.ThrowsAsync<ProtocolException>(
            () => RunAsync(new MemoryStream(Two[..^1]), frame => seen.Add(frame.Header.Type)));

        Assert.Equal(FrameFault.CutInsideFrame, fault.Fault);
        Assert.Equal([FrameType.Ping], seen);
    }

    [Fact]
    public async Task Bytes_OneAtATime_AreTheSameFrames()
    {
        var pipe = new Pipe();
        var seen = new List<FrameType>();
        var reading = FrameLoop.RunAsync(pipe.Reader, (frame, _) =>
        {
            seen.Add(frame.Header.Type);
            return ValueTask.CompletedTask;
        });

        foreach (var one in Two)
        {
            await pipe.Writer.WriteAsync(new[] { one });
        }

        await pipe.Writer.CompleteAsync();
        await reading;
        Assert.Equal([FrameType.Ping, FrameType.Command], seen);
    }

    [Fact]
    public async Task Handler_ThatThrows_EndsTheLoopWithItsException()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => RunAsync(new MemoryStream(Two), _ => throw new InvalidOperationException()));
    }

    [Fact]
    public async Task Limit_IsAskedBeforeEachFrame()
    {
        var limits = new Queue<int>([0, 1]);
        var reader = PipeReader.Create(new MemoryStream(Two));

        var fault = await Assert.ThrowsAsync<ProtocolException>(
            () => FrameLoop.RunAsync(reader, (_, _) => ValueTask.CompletedTask, limits.Dequeue));

        Assert.Equal(FrameFault.LengthTooLarge, fault.Fault);
        Assert.Empty(limits);
    }

    private static Task RunAsync(Stream stream, Action<Frame> onFrame) =>
        FrameLoop.RunAsync(PipeReader.Create(stream), (frame, _) =>
        {
            onFrame(frame);
            return ValueTask.CompletedTask;
        });
}
