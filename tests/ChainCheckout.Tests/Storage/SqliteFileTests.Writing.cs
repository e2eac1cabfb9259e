using System.Text;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;
using ChainCheckout.Standalone.Storage;
using Microsoft.Data.Sqlite;

namespace ChainCheckout.Tests.Storage;

public sealed partial class SqliteFileTests
{
    [Fact]
    public async Task Save_RowThatTheFileRefuses_FailsItsWholeBatchAndNothingLater()
    {
        await using var storage = Open();
        Sql("""
            CREATE TRIGGER broken BEFORE INSERT ON actors WHEN new.key = 'k50' BEGIN SELECT RAISE(ABORT, 'no room'); END
            """);
        var before = storage.Counters.FailedBatches;

        var saves = Enumerable.Range(0, 100).Select(i => storage.SaveAsync(Save(i)).AsTask()).ToArray();
        var failure = await Assert.ThrowsAsync<SqliteException>(() => saves[50]);
        await Task.WhenAll(saves).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.Contains("no room", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before + 1, storage.Counters.FailedBatches);
        for (var i = 0; i < 100; i++)
            Assert.Equal(saves[i].IsCompletedSuccessfully, await StateOf(storage, i) is not null);
        Assert.All(saves.Where(save => save.IsFaulted), save => Assert.Same(failure, save.Exception!.InnerException));

        Sql("DROP TRIGGER broken");
        await storage.SaveAsync(Save(50));
        Assert.Equal("50", await StateOf(storage, 50));
    }

    [Fact]
    public async Task Save_ThatCannotBeWrittenAtAll_FailsAlone()
    {
        await using var storage = Open();
        var broken = Save(1) with { Id = new ActorId(ActorKind.Payment, "\ud83d") };
        var huge = Save(2) with { State = new byte[2 << 20] };

        var good = Enumerable.Range(10, 50).Select(i => storage.SaveAsync(Save(i)).AsTask()).ToArray();
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await storage.SaveAsync(broken));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await storage.SaveAsync(huge));

        await Task.WhenAll(good);
        Assert.Equal(0, storage.Counters.FailedBatches);
    }

    [Fact]
    public async Task Save_FileLockedByAnother_FailsAndWorksAgainAfterwards()
    {
        await using var storage = Open(new SqliteStorageOptions { BusyTimeout = TimeSpan.FromMilliseconds(20) });
        await using (var other = Connect())
        {
            Sql("BEGIN IMMEDIATE", other);
            var failure = await Assert.ThrowsAsync<SqliteException>(() => storage.SaveAsync(Save(1)).AsTask());
            Assert.Equal(SqliteBusy, failure.SqliteErrorCode);
            Assert.Null(await storage.LoadAsync(Save(1).Id));
            Sql("ROLLBACK", other);
        }

        await storage.SaveAsync(Save(1));
        Assert.Equal("1", await StateOf(storage, 1));
    }

    [Fact]
    public async Task Save_ManyAtOnce_ShareTransactions()
    {
        await using var storage = Open();

        await SaveMany(storage, 5_000);

        Assert.Equal(5_000, storage.Counters.Saves);
        Assert.InRange(storage.Counters.Batches, 1, 500);
        Assert.Equal(0, storage.Queued);
    }

    [Fact]
    public async Task Stats_AfterReopening_GoOn()
    {
        await using (var storage = Open())
        {
            await storage.SaveAsync(Save(10));
            await storage.SaveAsync(Save(11));
            await storage.SettleWakeAsync(Save(10).Id, Save(10).Next, null);
            await Assert.ThrowsAsync<StorageConflictException>(() => storage.SaveAsync(Save(11)).AsTask());
            var counters = storage.Counters;
            Assert.Equal((2, 4, 1, 1), (counters.Saves, counters.Bytes, counters.Settles, counters.Conflicts));
        }

        await using var reopened = Open();
        await reopened.SaveAsync(Save(12));
        Assert.Equal(new StorageStats(Saves: 3, Bytes: 6, Settles: 1, Batches: 5), reopened.ReadStats());
        Assert.Equal(1, reopened.Counters.Saves);
    }

    [Fact]
    public async Task Dispose_WithWritesWaiting_WritesThemAndRefusesLaterOnes()
    {
        var storage = Open();
        var saves = Enumerable.Range(0, 2_000).Select(i => storage.SaveAsync(Save(i)).AsTask()).ToArray();

        await storage.DisposeAsync();
        await storage.DisposeAsync();

        await Task.WhenAll(saves);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => storage.SaveAsync(Save(5_000)).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => storage.LoadAsync(Save(1).Id).AsTask());
        await using var books = SqliteActorStorage.ReadOnly(_folder.Path);
        Assert.Equal(2_000, await CountAsync(books));
    }

    [Fact]
    public async Task Save_CancelledWhileTheQueueIsFull_IsNotWritten()
    {
        var narrow = new SqliteStorageOptions { QueueMax = 1, BusyTimeout = TimeSpan.FromSeconds(5) };
        await using var storage = Open(narrow);
        await using var other = Connect();
        Sql("BEGIN IMMEDIATE", other);
        var first = storage.SaveAsync(Save(1)).AsTask();
        using var patience = new CancellationTokenSource();

        var second = storage.SaveAsync(Save(2), patience.Token).AsTask();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Sql("ROLLBACK", other);
        await first;

        Assert.Null(await storage.LoadAsync(Save(2).Id));
        await storage.SaveAsync(Save(3));
    }

    [Fact]
    public async Task ReadOnly_BesideAServer_ReadsAndRefusesWrites()
    {
        await using var server = Open();
        await server.SaveAsync(Save(1));

        await using var books = SqliteActorStorage.ReadOnly(_folder.Path);

        Assert.Equal("1", await StateOf(books, 1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => books.SaveAsync(Save(2)).AsTask());
        await server.SaveAsync(Save(3));
        Assert.Equal("3", await StateOf(books, 3));
    }

    [Fact]
    public async Task Forget_WhatWasErased_LeavesNoBytesInTheFile()
    {
        var canary = Encoding.UTF8.GetBytes("erase-this-canary");
        await using (var storage = Open())
        {
            await storage.SaveAsync(Save(1) with { State = canary, ForgetAt = DateTimeOffset.UnixEpoch });
            await storage.ForgetAsync(DateTimeOffset.UnixEpoch, 10);
        }

        Assert.Equal(-1, (await File.ReadAllBytesAsync(_folder["actors.db"])).AsSpan().IndexOf(canary));
    }

    [Fact]
    public void Options_OutOfRange_AreRefusedByName()
    {
        var refusal = Assert.ThrowsAny<Exception>(() => Open(new SqliteStorageOptions { BatchMax = 0 }));

        Assert.Contains(nameof(SqliteStorageOptions.BatchMax), refusal.Message, StringComparison.Ordinal);
    }
}
