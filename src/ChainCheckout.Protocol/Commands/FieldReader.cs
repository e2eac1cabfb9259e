using System.Text;
using System.Text.Json;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Protocol.Commands;

/// <summary>
/// Reads one field's value at a time and keeps the first fault of each kind. After a fault it goes on, so that what is
/// blamed does not depend on the order in which a till writes its fields.
/// </summary>
internal ref struct FieldReader(ReadOnlySpan<byte> utf8)
{
    private const int TopLevel = -1;

    private Utf8JsonReader _json = new(utf8, new JsonReaderOptions { MaxDepth = 8 });
    private CommandFault? _unknown;
    private CommandFault? _value;
    private int _line = TopLevel;

    /// <summary>The payload cannot be read to its end in any sensible way: nothing else is to be blamed.</summary>
    public CommandFault? Fatal { get; private set; }

    public readonly CommandFault? Unknown => _unknown;

    public readonly CommandFault? Value => _value;

    public bool EnterObject() => _json.TokenType == JsonTokenType.StartObject || WrongType("", "an object");

    public bool EnterRoot()
    {
        if (_json.Read() && _json.TokenType == JsonTokenType.StartObject) return true;
        Fatal = new CommandFault(ErrorCodes.MalformedJson, "", "The payload must be one JSON object.");
        return false;
    }

    public void ExpectEnd() => _json.Read();

    /// <summary>Moves to the next property's value; false at the object's end or after a fatal fault.</summary>
    /// <param name="index">Its place in <paramref name="names"/>; -1 for a name that is not there.</param>
    public bool NextField(ReadOnlySpan<string> names, ref uint seen, out int index)
    {
        index = -1;
        if (Fatal is not null || !_json.Read() || _json.TokenType != JsonTokenType.PropertyName) return false;

        var name = "";
        if (_json.ValueIsEscaped && !TryGetText(out name)) return false;
        for (var i = 0; i < names.Length && index < 0; i++)
        {
            if (_json.ValueIsEscaped ? name == names[i] : _json.ValueTextEquals(names[i])) index = i;
        }

        if (index < 0)
        {
            AddUnknown(_json.ValueIsEscaped ? name : _json.GetString()!);
        }
        else if ((seen & (1u << index)) != 0)
        {
            var path = Path(names[index]);
            Fatal = new CommandFault(ErrorCodes.MalformedJson, path, $"{path} is given twice.");
            return false;
        }
        else
        {
            seen |= 1u << index;
        }

        _json.Read();
        return true;
    }

    public bool NextElement(int index, bool isLine)
    {
        _line = TopLevel;
        if (Fatal is not null || !_json.Read() || _json.TokenType == JsonTokenType.EndArray) return false;
        if (isLine) _line = index;
        return true;
    }

    public bool EnterArray(string field) =>
        _json.TokenType == JsonTokenType.StartArray || WrongType(field, "an array");

    public void Skip() => _json.Skip();

    public string Text(string field, int charsMax, int charsMin = 0)
    {
        if (_json.TokenType != JsonTokenType.String)
        {
            WrongType(field, "text");
            return "";
        }

        if (!TryGetText(out var text)) return "";
        if (text.Length > charsMax) Add(ErrorCodes.TooLong, field, $"may have at most {charsMax} characters");
        else if (text.Length < charsMin) Add(ErrorCodes.OutOfRange, field, "must not be empty");
        return text;
    }

    /// <summary>Text judged by its UTF-8 length: a code is bytes to whoever made it.</summary>
    public string TextOfBytes(string field, int bytesMax)
    {
        var text = Text(field, bytesMax);
        if (Encoding.UTF8.GetByteCount(text) > bytesMax)
            Add(ErrorCodes.TooLong, field, $"may have at most {bytesMax} bytes");
        return text;
    }

    public string TextLike(string field, int charsMax, Func<string, bool> isWellFormed, string rule)
    {
        var text = Text(field, charsMax);
        if (_json.TokenType == JsonTokenType.String && text.Length <= charsMax && !isWellFormed(text))
            Add(ErrorCodes.OutOfRange, field, rule);
        return text;
    }

    public long Whole(string field, string unit, long min = long.MinValue, long max = long.MaxValue)
    {
        var isWhole = _json.TokenType == JsonTokenType.Number && _json.ValueSpan.IndexOfAny(".eE"u8) < 0;
        if (!isWhole)
        {
            WrongType(field, $"a whole number{unit}");
            return min;
        }

        if (_json.TryGetInt64(out var number) && number >= min && number <= max) return number;
        Add(ErrorCodes.OutOfRange, field, min == long.MinValue ? "is too large" : $"must be {min} to {max}");
        return min;
    }

    public bool Flag(string field)
    {
        if (_json.TokenType is JsonTokenType.True or JsonTokenType.False) return _json.GetBoolean();
        return WrongType(field, "true or false");
    }

    public void AddTooMany(string field, int max)
    {
        _line = TopLevel;
        Add(ErrorCodes.TooLong, field, $"may have at most {max} entries");
    }

    public void Missing(string field) => Add(ErrorCodes.MissingField, field, "is missing");

    public void Add(string code, string field, string rule) =>
        _value ??= new CommandFault(code, Path(field), $"{Path(field)} {rule}.");

    private bool WrongType(string field, string wanted)
    {
        Add(ErrorCodes.WrongType, field, $"must be {wanted}");
        _json.Skip();
        return false;
    }

    private void AddUnknown(string name)
    {
        var shown = Path(Shown(name));
        _unknown ??= new CommandFault(ErrorCodes.UnknownField, shown, $"{shown} is not a field of this command.");
    }

    private readonly string Path(string field)
    {
        if (_line == TopLevel) return field;
        return field.Length == 0 ? $"lines[{_line}]" : $"lines[{_line}].{field}";
    }

    // A till that mixes up names and values must not get a phone number or a token into our logs.
    private static string Shown(string name)
    {
        var digits = name.Count(char.IsAsciiDigit);
        var isPlain = name.Length is > 0 and <= 32 && digits < 5 && name.All(char.IsAsciiLetterOrDigit);
        return isPlain ? name : "?";
    }

    private bool TryGetText(out string text)
    {
        try
        {
            text = _json.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // JSON by its grammar, but half a surrogate pair is no text.
            text = "";
            Fatal = new CommandFault(ErrorCodes.MalformedJson, "", "The payload holds half a surrogate pair.");
            return false;
        }
    }
}
