using ChainCheckout.Load.Books;
using ChainCheckout.Load.Transcripts;

namespace ChainCheckout.Tests.Load;

public sealed class TranscriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chaincheckout-tests-").FullName;

    [Fact]
    public async Task Transcript_Closed_HoldsEveryLineInItsOrder()
    {
        var path = Path.Combine(_folder, "tills.jsonl");
        var lines = Enumerable.Range(0, 20_000)
            .Select(i => new TranscriptLine(DateTimeOffset.UnixEpoch.AddTicks(i), 1, 2, "pos",
                TranscriptKinds.View) { Version = i, Stage = "idle" })
            .ToList();

        await using (var transcript = new TillTranscript(path)) lines.ForEach(transcript.Add);

        Assert.Equal(lines, BookFiles.ReadTills(path));
    }

    [Fact]
    public void BookFile_WithABrokenLine_IsRefusedByItsNumber()
    {
        var path = Path.Combine(_folder, "ledger.jsonl");
        File.WriteAllText(path, """
            {"n":1,"at":"2026-10-20T10:00:00.0000000Z","kind":"created","reference":"s1-t1-1-1","amountMinor":100}
            {"n":2,"at":"2026-
            """);

        var failure = Assert.Throws<InvalidDataException>(() => BookFiles.ReadLedger(path).Count());

        Assert.Equal("ledger.jsonl, line 2 cannot be read.", failure.Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
