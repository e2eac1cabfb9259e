using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;

namespace ChainCheckout.Load.Transcripts;

/// <summary>
/// Writes what the tills saw. A till only hands its line over; one writer spells and stores them in big pieces, so that
/// observing a sale costs it next to nothing.
/// </summary>
public sealed class TillTranscript : IAsyncDisposable
{
    private const int PieceBytes = 256 * 1024;

    // Unbounded: a line that was dropped would later look like a till that was never told.
    private readonly Channel<TranscriptLine> _lines =
        Channel.CreateUnbounded<TranscriptLine>(new UnboundedChannelOptions { SingleReader = true });

    private readonly FileStream _file;
    private readonly Task _writing;

    public TillTranscript(string path)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0, useAsync: true);
        _writing = WriteAsync();
    }

    public void Add(TranscriptLine line) => _lines.Writer.TryWrite(line);

    /// <summary>Returns when every line is in the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing;
        await _file.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        var piece = new ArrayBufferWriter<byte>(PieceBytes + 4_096);
        await using var writer = new Utf8JsonWriter(piece, new JsonWriterOptions { SkipValidation = true });
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (piece.WrittenCount < PieceBytes && _lines.Reader.TryRead(out var line))
            {
                JsonSerializer.Serialize(writer, line, TranscriptJson.Default.TranscriptLine);
                await writer.FlushAsync();
                piece.Write("\n"u8);
                writer.Reset();
            }

            await _file.WriteAsync(piece.WrittenMemory);
            piece.ResetWrittenCount();
        }
    }
}
