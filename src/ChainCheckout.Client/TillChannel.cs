using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Protocol;

namespace ChainCheckout.Client;

/// <summary>Where a channel's frames go. Called on the connection's reading thread, one call at a time.</summary>
internal interface IChannelSink
{
    void OnFrame(Frame frame, long receivedAt);

    /// <summary>The connection is gone; nothing comes any more.</summary>
    void OnCut(Exception? failure);
}

/// <summary>One till's share of a connection.</summary>
internal sealed class TillChannel(TillConnection connection, ushort number, IChannelSink sink)
{
    public TillConnection Connection => connection;

    public ushort Number => number;

    public IChannelSink Sink => sink;

    public void Send<T>(FrameType type, T payload, JsonTypeInfo<T> json) =>
        connection.Outbound.Write(new FrameHeader(type, number), payload, json);

    public void SendCommand(uint commandNumber, uint session, ReadOnlySpan<byte> canonical) =>
        connection.Outbound.WriteCommand(number, commandNumber, session, canonical);

    public void Close()
    {
        connection.Outbound.Write(new FrameHeader(FrameType.Bye, number));
        connection.Release(this);
    }
}
