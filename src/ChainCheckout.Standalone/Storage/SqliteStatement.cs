using System.Text;
using SQLitePCL;

namespace ChainCheckout.Standalone.Storage;

/// <summary>One prepared statement. Parameters count from 1 and columns from 0, as in SQLite.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    /// <summary>Strict: two keys that differ in a broken surrogate must not become one row.</summary>
    public static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private const int KeyBytesOnStack = 256;

    public SqliteStatement Bind(int parameter, long value)
    {
        database.Check(raw.sqlite3_bind_int64(handle, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, long? value)
    {
        if (value is { } number) return Bind(parameter, number);
        database.Check(raw.sqlite3_bind_null(handle, parameter));
        return this;
    }

    public SqliteStatement Bind(int parameter, string value)
    {
        var bytesMax = Utf8.GetMaxByteCount(value.Length);
        Span<byte> utf8 = bytesMax <= KeyBytesOnStack ? stackalloc byte[KeyBytesOnStack] : new byte[bytesMax];
        return BindText(parameter, utf8[..Utf8.GetBytes(value, utf8)]);
    }

    public SqliteStatement BindText(int parameter, ReadOnlySpan<byte> utf8)
    {
        database.Check(raw.sqlite3_bind_text(handle, parameter, utf8));
        return this;
    }

    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        database.Check(raw.sqlite3_bind_blob(handle, parameter, value));
        return this;
    }

    /// <summary>True for a row, false at the end.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        database.Check(code);
        return code == raw.SQLITE_ROW;
    }

    /// <summary>Steps a statement that gives no rows; returns how many it changed.</summary>
    public int Run()
    {
        try
        {
            Step();
            return database.Changes;
        }
        finally
        {
            Reset();
        }
    }

    public long Number(int column) => raw.sqlite3_column_int64(handle, column);

    public string Text(int column) => Utf8.GetString(Bytes(column));

    public byte[] Blob(int column) => raw.sqlite3_column_blob(handle, column).ToArray();

    /// <summary>Ends the statement's read transaction. Repeats the error of the step, which was thrown there.</summary>
    public void Reset() => raw.sqlite3_reset(handle);

    public void Dispose() => handle.Dispose();

    private ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);
}
