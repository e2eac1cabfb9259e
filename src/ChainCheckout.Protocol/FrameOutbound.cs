using System.Buffers;
using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Protocol.Commands;

namespace ChainCheckout.Protocol;

/// <summary>
/// What one end of a connection has to send: frames gather while a write is under way and leave in one piece. Bounded:
/// a peer that does not read costs <paramref name="bytesMax"/> and then its connection.
/// </summary>
/// <param name="onFailed">Called once, when nothing more can be sent.</param>
public sealed class FrameOutbound(Stream stream, int bytesMax, Action<Exception> onFailed)
{
    private const int FirstBytes = 512;

    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte> _filling = new(FirstBytes);
    private ArrayBufferWriter<byte> _leaving = new(FirstBytes);
    private bool _isPumping;

    public void Write(FrameHeader header)
    {
        lock (_gate)
        {
            FrameWriter.Write(_filling, header, []);
            if (!ClaimPump()) return;
        }

        _ = PumpAsync();
    }

    public void Write<T>(FrameHeader header, T payload, JsonTypeInfo<T> type)
    {
        lock (_gate)
        {
            FrameWriter.Write(_filling, header, payload, type);
            if (!ClaimPump()) return;
        }

        _ = PumpAsync();
    }

    public void WriteCommand(ushort channel, uint number, uint session, ReadOnlySpan<byte> canonical)
    {
        lock (_gate)
        {
            CommandWriter.Write(_filling, channel, number, session, canonical);
            if (!ClaimPump()) return;
        }

        _ = PumpAsync();
    }

    private bool ClaimPump()
    {
        // Checked while filling, too: a peer that reads nothing keeps one write under way for ever.
        if (_isPumping && _filling.WrittenCount <= bytesMax) return false;
        if (_isPumping)
        {
            _filling.ResetWrittenCount();
            onFailed(new IOException("The peer does not read what it is sent."));
            return false;
        }

        _isPumping = true;
        return true;
    }

    private async Task PumpAsync()
    {
        try
        {
            while (true)
            {
                lock (_gate)
                {
                    if (_filling.WrittenCount == 0)
                    {
                        _isPumping = false;
                        return;
                    }

                    (_filling, _leaving) = (_leaving, _filling);
                }

                await stream.WriteAsync(_leaving.WrittenMemory);
                _leaving.ResetWrittenCount();
            }
        }
        catch (Exception failure)
        {
            // The pump stays claimed: what is written from here on has nowhere to go.
            onFailed(failure);
        }
    }
}
