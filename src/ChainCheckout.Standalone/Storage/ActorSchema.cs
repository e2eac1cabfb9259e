namespace ChainCheckout.Standalone.Storage;

/// <summary>The tables of the actor file, and the settings of every connection to it.</summary>
internal static class ActorSchema
{
    public const string FileName = "actors.db";

    /// <summary>Stands in <c>user_version</c>. A file with a larger one is refused.</summary>
    public const int Version = 1;

    // Instants are Unix milliseconds. The state stands last, so that the rest of a long row is read without it. Not
    // WITHOUT ROWID: that keeps at most a quarter page of a row in place, and a state of 1 to 2 KiB would spill
    // (measured: less than half the saves a second). Pages of 4 KiB, the default, beat 8 KiB: a save logs whole pages.
    private const string Tables = """
        CREATE TABLE actors(
            kind INTEGER NOT NULL,
            key TEXT NOT NULL,
            counter INTEGER NOT NULL,
            activation INTEGER NOT NULL,
            wake_at INTEGER,
            forget_at INTEGER,
            flags INTEGER NOT NULL,
            state BLOB NOT NULL,
            PRIMARY KEY(kind, key));
        CREATE INDEX actors_wake ON actors(wake_at) WHERE wake_at IS NOT NULL;
        CREATE INDEX actors_forget ON actors(forget_at) WHERE forget_at IS NOT NULL;
        CREATE INDEX actors_flagged ON actors(kind, key, flags) WHERE flags <> 0;
        CREATE TABLE stats(
            saves INTEGER NOT NULL, bytes INTEGER NOT NULL, settles INTEGER NOT NULL, batches INTEGER NOT NULL);
        INSERT INTO stats VALUES (0, 0, 0, 0);
        """;

    public static void Prepare(SqliteDatabase writer, SqliteStorageOptions options)
    {
        if (writer.ReadText("PRAGMA journal_mode=WAL") != "wal")
            throw new StorageOpenException("The disk of the storage allows no write-ahead log (a network drive?).");
        writer.Execute("PRAGMA synchronous=FULL");

        // On a Mac an ordinary sync does not reach the platter.
        writer.Execute("PRAGMA fullfsync=ON");

        // What is forgotten or replaced leaves no readable rest in free pages.
        writer.Execute("PRAGMA secure_delete=ON");
        writer.Execute($"PRAGMA cache_size=-{options.WriterCacheKiB}");
        writer.Execute($"PRAGMA wal_autocheckpoint={options.CheckpointPages}");
        Require(writer, create: true);
        if (options.VerifyAtOpen) Verify(writer);
    }

    public static void Require(SqliteDatabase database, bool create)
    {
        var version = database.ReadNumber("PRAGMA user_version");
        if (version == Version) return;
        if (version > Version)
            throw new StorageOpenException($"The storage has schema version {version}; this program knows {Version}.");
        if (!create) throw new StorageOpenException("The storage was never written.");
        database.Execute($"BEGIN IMMEDIATE; {Tables} PRAGMA user_version={Version}; COMMIT");
    }

    private static void Verify(SqliteDatabase database)
    {
        var finding = database.ReadText("PRAGMA quick_check(1)");
        if (finding != "ok") throw new StorageOpenException($"The storage is damaged: {finding}. Restore a backup.");
    }
}
