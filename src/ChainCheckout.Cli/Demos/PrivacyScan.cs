using System.Buffers;
using System.Text;
using System.Text.Json;
using ChainCheckout.Cli.Processes;

namespace ChainCheckout.Cli.Demos;

/// <summary>A personal text that stands where none may: where, and of what kind; never the text itself.</summary>
public sealed record PrivacyFinding(string File, long Offset, string Kind);

/// <param name="Bytes">Read, in all files together.</param>
public sealed record PrivacyReport(int Files, long Bytes, IReadOnlyList<PrivacyFinding> Findings);

/// <summary>
/// Looks through every file that a run's server has left for phone numbers, QR texts and tokens of the run's customers,
/// as UTF-8 and as UTF-16, whatever the file is.
/// </summary>
public sealed class PrivacyScan
{
    private const int PieceBytes = 1 << 20;

    // The longest text looked for, twice over for UTF-16, and a little more.
    private const int OverlapBytes = 512;

    private const int DigitsMin = 8;
    private const int DigitsMax = 15;
    private const int TokenMin = 16;

    private readonly HashSet<string> _phones = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tokens = new(StringComparer.Ordinal);
    private readonly int _tokenLength;

    private PrivacyScan(IEnumerable<KeptCustomer> customers)
    {
        foreach (var customer in customers)
        {
            _phones.Add(customer.Msisdn);
            if (NationalOf(customer.Msisdn) is { Length: >= DigitsMin } national) _phones.Add(national);
            _tokens.Add(customer.QrToken[(customer.QrToken.LastIndexOf('/') + 1)..]);
        }

        _tokenLength = _tokens.Select(token => token.Length).DefaultIfEmpty(TokenMin).Max();
    }

    /// <exception cref="CommandException">This is not what <c>demo --keep</c> leaves.</exception>
    public static PrivacyScan Of(string customersFile)
    {
        try
        {
            return new PrivacyScan(File.ReadLines(customersFile).Select(line =>
                JsonSerializer.Deserialize(line, KeptJson.Default.KeptCustomer) ?? throw new JsonException()));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CommandException("privacy-scan: the folder must be one that demo --keep has left, with customers.jsonl and server/.", failure);
        }
    }

    public PrivacyReport Scan(string folder)
    {
        var findings = new List<PrivacyFinding>();
        int files = 0;
        long bytes = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            files++;
            bytes += ScanFile(file, Path.GetRelativePath(folder, file), findings);
        }

        return new PrivacyReport(files, bytes, findings);
    }

    /// <summary>In pieces that overlap, so that nothing hides across the seam of two.</summary>
    private long ScanFile(string path, string shown, List<PrivacyFinding> findings)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes + OverlapBytes);
        var seen = new HashSet<(long, string)>();
        try
        {
            long start = 0;
            var kept = 0;
            for (int read; (read = file.Read(buffer, kept, PieceBytes)) > 0;)
            {
                var length = kept + read;
                ScanPiece(buffer.AsSpan(0, length), start, (offset, kind) =>
                {
                    if (seen.Add((offset, kind))) findings.Add(new PrivacyFinding(shown, offset, kind));
                });
                var keep = Math.Min(OverlapBytes, length);
                buffer.AsSpan(length - keep, keep).CopyTo(buffer);
                start += length - keep;
                kept = keep;
            }

            return start + kept;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void ScanPiece(ReadOnlySpan<byte> piece, long start, Action<long, string> found)
    {
        ScanText(piece, 1, 0, start, found);

        // UTF-16: every other byte is nothing, whichever of the two begins.
        for (var shift = 0; shift < 2; shift++) ScanText(piece, 2, shift, start, found);
    }

    /// <summary>Runs of digits, with blanks, hyphens and a plus between them, and runs of token characters.</summary>
    private void ScanText(ReadOnlySpan<byte> piece, int step, int shift, long start, Action<long, string> found)
    {
        var digits = new StringBuilder();
        var token = new StringBuilder();
        var (digitsAt, tokenAt) = (0, 0);
        for (var i = shift; i <= piece.Length; i += step)
        {
            var character = i < piece.Length && (step == 1 || i + 1 >= piece.Length || piece[i + 1] == 0) ? (char)piece[i] : '\0';
            if (char.IsAsciiDigit(character))
            {
                if (digits.Length == 0) digitsAt = i;
                digits.Append(character);
            }
            else if (digits.Length > 0 && character is not (' ' or '-'))
            {
                if (IsPhone(digits.ToString())) found(start + digitsAt, "phone number");
                digits.Clear();
            }

            if (char.IsAsciiLetterOrDigit(character) || character is '-' or '_')
            {
                if (token.Length == 0) tokenAt = i;
                token.Append(character);
            }
            else if (token.Length > 0)
            {
                if (token.Length >= TokenMin) ScanToken(token.ToString(), start + tokenAt, step, found);
                token.Clear();
            }
        }
    }

    private void ScanToken(string run, long at, int step, Action<long, string> found)
    {
        for (var i = 0; i + _tokenLength <= run.Length; i++)
        {
            if (_tokens.Contains(run.Substring(i, _tokenLength))) found(at + (i * step), "QR token");
        }
    }

    /// <summary>The whole run is a number of theirs, perhaps with 00 before it. A part of a longer run is no phone number.</summary>
    private bool IsPhone(string digits)
    {
        if (digits.StartsWith("00", StringComparison.Ordinal)) digits = digits[2..];
        return digits.Length is >= DigitsMin and <= DigitsMax && _phones.Contains(digits);
    }

    private static string NationalOf(string msisdn) => msisdn.StartsWith("358", StringComparison.Ordinal) ? msisdn[3..] : msisdn[2..];
}
