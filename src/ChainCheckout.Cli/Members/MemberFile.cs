using System.Globalization;
using System.Text;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Values;
using ChainCheckout.Gateway.Admin;

namespace ChainCheckout.Cli.Members;

/// <summary>
/// Reads a member file: CSV with one header, UTF-8. A row that is wrong is told by its line and field, never by what
/// stands in it.
/// </summary>
public sealed class MemberFile
{
    public static readonly string[] Header = ["memberId", "phone", "joinedOn", "points", "acceptsEmail", "acceptsSms", "acceptsPostal"];

    private readonly Dictionary<string, (int Line, MemberRow Row)> _byPhone = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _byMember = new(StringComparer.Ordinal);
    private readonly List<RefusedRow> _wrong = [];

    /// <summary>Rows that were not given out, the first lines first.</summary>
    public IReadOnlyList<RefusedRow> Wrong => _wrong;

    /// <exception cref="CommandException">The header is not the one above.</exception>
    public IEnumerable<MemberRow> Read(TextReader file)
    {
        CheckHeader(file.ReadLine());
        var line = 1;
        while (file.ReadLine() is { } text)
        {
            line++;
            if (text.Length == 0) continue;
            if (RowOf(text, line) is { } row && IsNew(row)) yield return row;
        }
    }

    private static void CheckHeader(string? text)
    {
        var names = text is null ? [] : Fields(text.TrimStart('\ufeff')) ?? [];
        for (var i = 0; i < Header.Length; i++)
        {
            if (i >= names.Count || names[i] != Header[i])
                throw new CommandException($"members import: column {i + 1} of the header must be {Header[i]}; the header is {string.Join(',', Header)}.");
        }

        if (names.Count > Header.Length)
            throw new CommandException($"members import: the header has {names.Count} columns, it must have {Header.Length}: {string.Join(',', Header)}.");
    }

    private MemberRow? RowOf(string text, int line)
    {
        if (Fields(text) is not { } fields) return Refuse(line, "a quoted field is not closed");
        if (fields.Count != Header.Length) return Refuse(line, $"there are {fields.Count} fields, not {Header.Length}");
        if (!IsMemberId(fields[0])) return Refuse(line, "memberId must be 1 to 64 letters, digits, dots, hyphens and underscores");
        if (!Msisdn.TryParse(string.Concat(fields[1].Where(character => character is not (' ' or '+' or '-'))), out var phone))
            return Refuse(line, "phone must be digits with the country code of Norway, Denmark, Finland or Sweden");
        if (!DateTimeOffset.TryParse(
            fields[2], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var joined) || joined.Year < 1900)
        {
            return Refuse(line, "joinedOn must be a date such as 2026-10-20, or an instant by RFC 3339");
        }

        if (!long.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var points) || points > CustomerSettings.PointsMax)
            return Refuse(line, $"points must be a whole number, 0 to {CustomerSettings.PointsMax}");
        var flags = new bool[3];
        for (var i = 0; i < flags.Length; i++)
        {
            if (Flag(fields[4 + i]) is not { } flag) return Refuse(line, $"{Header[4 + i]} must be true or false");
            flags[i] = flag;
        }

        return new MemberRow(line, fields[0], phone.Digits, joined, points, flags[0], flags[1], flags[2]);
    }

    /// <summary>The same row again is passed over; the same number or id with something else is refused.</summary>
    private bool IsNew(MemberRow row)
    {
        if (_byPhone.TryGetValue(row.Phone, out var known))
        {
            if (known.Row == row with { Line = known.Line }) return false;
            Refuse(row.Line, $"phone is in line {known.Line} already");
            return false;
        }

        if (!_byMember.TryAdd(row.MemberId, row.Line))
        {
            Refuse(row.Line, $"memberId is in line {_byMember[row.MemberId]} already");
            return false;
        }

        _byPhone.Add(row.Phone, (row.Line, row));
        return true;
    }

    private MemberRow? Refuse(int line, string why)
    {
        _wrong.Add(new RefusedRow(line, why));
        return null;
    }

    private static bool? Flag(string text) => text switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => null,
    };

    private static bool IsMemberId(string text) =>
        text.Length is >= 1 and <= CustomerSettings.MemberIdCharsMax && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_');

    /// <summary>RFC 4180 within one line; null when a quote is not closed.</summary>
    private static List<string>? Fields(string line)
    {
        var fields = new List<string>(Header.Length);
        var field = new StringBuilder();
        for (int i = 0; i <= line.Length; i++)
        {
            if (i == line.Length || line[i] == ',')
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else if (line[i] == '"' && field.Length == 0)
            {
                for (i++; ; i++)
                {
                    if (i >= line.Length) return null;
                    if (line[i] != '"') field.Append(line[i]);
                    else if (i + 1 < line.Length && line[i + 1] == '"') field.Append(line[++i]);
                    else break;
                }
            }
            else
            {
                field.Append(line[i]);
            }
        }

        return fields;
    }
}
