using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Load.Transcripts;

namespace ChainCheckout.Load.Books;

/// <summary>Reads the books that a run leaves behind, line by line.</summary>
public static class BookFiles
{
    public static IEnumerable<LedgerEntry> ReadLedger(string path) => Read(path, LedgerJson.Default.LedgerEntry);

    public static IEnumerable<TranscriptLine> ReadTills(string path) =>
        Read(path, TranscriptJson.Default.TranscriptLine);

    /// <exception cref="InvalidDataException">A line is not what it should be; the message names it by its
    /// number.</exception>
    private static IEnumerable<T> Read<T>(string path, JsonTypeInfo<T> type) where T : class
    {
        var number = 0;
        foreach (var text in File.ReadLines(path))
        {
            number++;
            yield return Parse(path, number, text, type);
        }
    }

    private static T Parse<T>(string path, int number, string text, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new InvalidDataException(
                $"{Path.GetFileName(path)}, line {number} is null.");
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"{Path.GetFileName(path)}, line {number} cannot be read.", wrong);
        }
    }
}
