using System.Globalization;
using System.Text;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;
using ChainCheckout.Standalone.Storage;
using Microsoft.Data.Sqlite;

namespace ChainCheckout.Tests.Storage;

/// <summary>What only the file on disk has to keep.</summary>
public sealed partial class SqliteFileTests : IDisposable
{
    private const int PageBytes = 4_096;
    private const int SqliteBusy = 5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reopen_AfterClosing_SeesEverything()
    {
        await using (var storage = Open())
        {
            await SaveMany(storage, 100);
        }

        Assert.False(File.Exists(_folder["actors.db-wal"]));
        await using var reopened = Open();
        Assert.Equal("99", await StateOf(reopened, 99));
        Assert.Equal(100, (await reopened.DueAsync(DateTimeOffset.MaxValue, 1_000)).Count);
    }

    [Fact]
    public async Task Reopen_FilesOfAKilledServer_SeesEverySaveThatHadReturned()
    {
        // No checkpoint in between: then a copy of file and log is what a kill at some point leaves behind.
        await using var storage = Open(new SqliteStorageOptions { CheckpointPages = 1_000_000 });
        using var killed = new TemporaryFolder();
        var saving = Task.Run(() => SaveMany(storage, 5_000));
        while (storage.Counters.Saves < 1_000) await Task.Yield();
        await storage.SaveAsync(Save(9_999));

        File.Copy(_folder["actors.db"], killed["actors.db"]);
        File.Copy(_folder["actors.db-wal"], killed["actors.db-wal"]);
        await saving;

        await using (var books = SqliteActorStorage.ReadOnly(killed.Path))
            Assert.Equal("9999", await StateOf(books, 9_999));
        var verified = new SqliteStorageOptions { VerifyAtOpen = true };
        await using var reopened = SqliteActorStorage.Open(killed.Path, TimeProvider.System, verified);
        Assert.Equal("9999", await StateOf(reopened, 9_999));
        Assert.True(reopened.ReadStats().Saves >= 1_001);
        Assert.Equal(reopened.ReadStats().Saves, await CountAsync(reopened));
    }

    [Fact]
    public async Task Reopen_LogWithATornEnd_KeepsWhatWasCommittedBefore()
    {
        using var killed = new TemporaryFolder();
        await using (var storage = Open())
        {
            await storage.SaveAsync(Save(1));
            File.Copy(_folder["actors.db"], killed["actors.db"]);
            var committed = new FileInfo(_folder["actors.db-wal"]).Length;
            await storage.SaveAsync(Save(2));
            var log = await ReadShared(_folder["actors.db-wal"]);
            await File.WriteAllBytesAsync(killed["actors.db-wal"], log[..(int)((committed + log.Length) / 2)]);
        }

        await using var reopened = SqliteActorStorage.Open(killed.Path, TimeProvider.System);
        Assert.Equal("1", await StateOf(reopened, 1));
        Assert.Null(await reopened.LoadAsync(Save(2).Id));
    }

    [Fact]
    public async Task Open_FolderInUse_IsRefusedUntilTheOtherEnds()
    {
        var first = Open();

        var refusal = Assert.Throws<StorageOpenException>(() => Open());
        await first.DisposeAsync();
        await using var second = Open();

        Assert.Contains(_folder.Path, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NewerSchema_IsRefusedAndLeftAlone()
    {
        await Open().DisposeAsync();
        Sql("PRAGMA user_version=2");

        var refusal = Assert.Throws<StorageOpenException>(() => Open());
        Assert.Throws<StorageOpenException>(() => SqliteActorStorage.ReadOnly(_folder.Path));

        Assert.Contains("schema version 2", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2L, Sql("PRAGMA user_version"));
    }

    [Fact]
    public async Task Open_FileThatIsNoDatabase_IsRefused()
    {
        await File.WriteAllTextAsync(_folder["actors.db"], new string('x', 8_192));

        Assert.IsType<SqliteException>(Assert.Throws<StorageOpenException>(() => Open()).InnerException);
        await File.WriteAllBytesAsync(_folder["actors.db"], []);
        await Open().DisposeAsync();
    }

    [Fact]
    public async Task Open_FileWithoutItsEnd_IsRefused()
    {
        await using (var storage = Open()) await SaveMany(storage, 500);
        await using (var file = new FileStream(_folder["actors.db"], FileMode.Open))
            file.SetLength(file.Length / 2 / PageBytes * PageBytes);

        Assert.Throws<StorageOpenException>(() => Open());
    }

    [Fact]
    public async Task Open_DamagedPage_IsRefusedWhereThePagesAreVerified()
    {
        await using (var storage = Open()) await SaveMany(storage, 500);
        await using (var file = new FileStream(_folder["actors.db"], FileMode.Open))
        {
            file.Position = PageBytes;
            file.Write(Enumerable.Repeat((byte)0xee, PageBytes).ToArray());
        }

        Assert.Throws<StorageOpenException>(() => Open(new SqliteStorageOptions { VerifyAtOpen = true }));
    }

    [Fact]
    public async Task Open_FolderThatCannotBe_IsRefused()
    {
        await File.WriteAllTextAsync(_folder["taken"], "");

        Assert.Throws<StorageOpenException>(() => SqliteActorStorage.Open(_folder["taken"], TimeProvider.System));
        Assert.Throws<StorageOpenException>(() => SqliteActorStorage.ReadOnly(_folder["nothing"]));
    }

    private static ActorSave Save(int number) => new(
        new ActorId(ActorKind.Payment, $"k{number}"), StoredVersion.None, new StoredVersion(1, 7),
        Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)),
        WakeAt: DateTimeOffset.UnixEpoch, ForgetAt: null, ActorFlags.None);

    private static Task SaveMany(SqliteActorStorage storage, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => storage.SaveAsync(Save(i)).AsTask()));

    private static async Task<string?> StateOf(SqliteActorStorage storage, int number) =>
        await storage.LoadAsync(Save(number).Id) is { } stored ? Encoding.UTF8.GetString(stored.State.Span) : null;

    private static async Task<int> CountAsync(SqliteActorStorage storage)
    {
        var count = 0;
        await foreach (var _ in storage.ReadAllAsync(ActorKind.Payment)) count++;
        return count;
    }

    private static async Task<byte[]> ReadShared(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        await file.CopyToAsync(copy);
        return copy.ToArray();
    }

    private static object? Sql(string sql, SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private SqliteActorStorage Open(SqliteStorageOptions? options = null) =>
        SqliteActorStorage.Open(_folder.Path, TimeProvider.System, options);

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_folder["actors.db"]};Pooling=False");
        connection.Open();
        return connection;
    }

    private object? Sql(string sql)
    {
        using var connection = Connect();
        return Sql(sql, connection);
    }
}
