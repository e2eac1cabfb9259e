using System.ComponentModel.DataAnnotations;

namespace ChainCheckout.Standalone.Storage;

/// <summary>Settings of the SQLite storage. The defaults are for one server on one disk.</summary>
public sealed record SqliteStorageOptions
{
    public const string Section = "Storage";

    /// <summary>Writes that may wait for the disk at once; further callers wait to be let in.</summary>
    [Range(1, 1_000_000)] public int QueueMax { get; init; } = 4_096;

    /// <summary>Writes in one transaction.</summary>
    [Range(1, 100_000)] public int BatchMax { get; init; } = 1_000;

    /// <summary>How long a batch waits for a foreign lock on the file (an operator's shell) before it fails.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Length of the log, in pages of 4 KiB, from which a commit also moves it into the file. Longer means fewer and
    /// longer moves, and everybody who saves waits for one: 1,000 pages took up to 30 ms, 8,000 up to 80 ms.
    /// </summary>
    [Range(100, 1_000_000)] public int CheckpointPages { get; init; } = 2_000;

    /// <summary>Pages that the writer keeps in memory, in KiB.</summary>
    [Range(1_024, 16_777_216)] public int WriterCacheKiB { get; init; } = 65_536;

    /// <summary>Read connections kept open between loads.</summary>
    [Range(1, 256)] public int ReadersMax { get; init; } = 8;

    /// <summary>
    /// Reads the whole file at the start and refuses one with a damaged page. From a cold disk that took 13 s for
    /// 750 MB; without it a damaged header or a missing end is still refused, and any other page fails when it is used.
    /// </summary>
    public bool VerifyAtOpen { get; init; }
}
