using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChainCheckout.Protocol;

/// <summary>
/// One JSON writer and one scratch buffer a thread: a payload's length must be known before its first byte is sent.
/// </summary>
internal sealed class JsonPen
{
    private const int KeptBytesMax = 16_384;

    [ThreadStatic]
    private static JsonPen? _ofThisThread;

    private ArrayBufferWriter<byte> _scratch = new(1024);
    private readonly Utf8JsonWriter _json;

    private JsonPen() => _json = new Utf8JsonWriter(_scratch, new JsonWriterOptions
    {
        // The text goes to a till, never into a page: æ, ø and the + of base64 stay what they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    });

    /// <summary>
    /// The writer, pointed at an empty scratch buffer. Valid until the next call on this thread: write, read, forget.
    /// </summary>
    public static JsonPen Take()
    {
        var pen = _ofThisThread ??= new JsonPen();
        if (pen._scratch.Capacity > KeptBytesMax) pen._scratch = new ArrayBufferWriter<byte>(1024);
        else pen._scratch.ResetWrittenCount();
        pen._json.Reset(pen._scratch);
        return pen;
    }

    public Utf8JsonWriter Json => _json;

    public ReadOnlySpan<byte> Written()
    {
        _json.Flush();
        return _scratch.WrittenSpan;
    }
}
