using System.IO.Pipelines;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Gateway.Tills;
using ChainCheckout.Protocol;
using ChainCheckout.Tests.Simulator;

namespace ChainCheckout.Tests.Gateway;

/// <summary>What one till is shown, in which order, and when its actor is asked for more.</summary>
public sealed class TillChannelTests : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly HandTime _clock = new();
    private readonly Pipe _toTill = new();
    private readonly TillChannel _channel;

    public TillChannelTests() => _channel = new TillChannel(
        1, new TillId(1, 1), TillRole.Pos, 1, new FrameOutbound(_toTill.Writer.AsStream(), 65_536, _ => { }), _clock);

    [Fact]
    public async Task AViewFromBeforeACommand_IsNotShownAfterItsReply()
    {
        _channel.Show(View(4, "ready"));
        _channel.Reply(7, Done(view: 6));
        _channel.Show(View(5, "ready"));
        _channel.Show(View(6, "paying"));

        Assert.Equal([(FrameType.View, 4), (FrameType.Reply, 6), (FrameType.View, 6)], await ToldAsync(3));
    }

    [Fact]
    public void AViewThatAReplyPromised_IsAskedForUntilItComes()
    {
        _channel.Show(View(4, "idle"));
        _clock.Advance(Every);
        Assert.Null(_channel.WatchFrom(Every));

        _channel.Reply(7, Done(view: 6));
        Assert.Equal(4, _channel.WatchFrom(Every));

        _channel.Show(View(6, "idle"));
        _clock.Advance(Every);
        Assert.Null(_channel.WatchFrom(Every));
    }

    [Fact]
    public void ATillInDoubt_IsAskedForUntilItsActorHasAnsweredSince()
    {
        _channel.Show(View(4, "idle"));

        _channel.Doubt();
        Assert.Equal(4, _channel.WatchFrom(Every));
        var asking = _channel.Asking();
        _channel.Doubt();
        _channel.Answered(asking);
        Assert.Equal(4, _channel.WatchFrom(Every));

        _channel.Answered(_channel.Asking());
        Assert.Null(_channel.WatchFrom(Every));
    }

    public async ValueTask DisposeAsync() => await _toTill.Writer.CompleteAsync();

    private static TillView View(long version, string stage) =>
        new(version, null, stage, TillCode.Idle, "", "", [], null, null, null, null, null);

    private static TillAnswer Done(long view) => new(true, TillCode.PushOrdered, null, "", "", View: view);

    /// <summary>What was sent so far: each frame's type, with the version that it is about.</summary>
    private async Task<List<(FrameType, int)>> ToldAsync(int count)
    {
        var told = new List<(FrameType, int)>();
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await FrameLoop.RunAsync(
                _toTill.Reader,
                (frame, _) =>
                {
                    var body = System.Text.Json.Nodes.JsonNode.Parse(System.Buffers.BuffersExtensions.ToArray(frame.Payload))!;
                    told.Add((frame.Header.Type, (int)(body["version"] ?? body["view"])!));
                    if (told.Count == count) enough.Cancel();
                    return default;
                },
                cancellation: enough.Token);
        }
        catch (OperationCanceledException) when (told.Count == count)
        {
            return told;
        }

        return told;
    }
}
