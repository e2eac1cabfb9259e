using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ChainCheckout.Standalone.Storage;

/// <summary>
/// One connection, without SQLite's own lock: one thread at a time. The plain API, because a save is bound and stepped
/// tens of thousands of times a second and ADO.NET boxes every parameter of it.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly List<SqliteStatement> _statements = [];

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(sqlite3 handle) => _handle = handle;

    /// <summary>Rows changed by the last statement.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    public static SqliteDatabase Open(string path, bool readOnly, TimeSpan busyTimeout)
    {
        var access = readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE;
        var code = raw.sqlite3_open_v2(path, out var handle, access | raw.SQLITE_OPEN_NOMUTEX, vfs: null);
        var database = new SqliteDatabase(handle);
        try
        {
            database.Check(code);
            raw.sqlite3_extended_result_codes(handle, 1);
            database.Check(raw.sqlite3_busy_timeout(handle, (int)busyTimeout.TotalMilliseconds));
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle));
        var statement = new SqliteStatement(this, handle);
        _statements.Add(statement);
        return statement;
    }

    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>For the way out of a failure, where the failure is what matters: false if this failed too.</summary>
    public bool TryExecute(string sql) => raw.sqlite3_exec(_handle, sql) == raw.SQLITE_OK;

    public long ReadNumber(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Number(0) : 0;
    }

    public string ReadText(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Text(0) : "";
    }

    public void Check(int code)
    {
        if (code is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE) return;
        throw new SqliteException(
            $"SQLite error {code}: '{raw.sqlite3_errmsg(_handle).utf8_to_string()}'.", code & 0xff, code);
    }

    public void Dispose()
    {
        foreach (var statement in _statements) statement.Dispose();
        raw.sqlite3_close_v2(_handle);
    }
}
