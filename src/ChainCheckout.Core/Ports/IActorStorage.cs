namespace ChainCheckout.Core.Ports;

/// <summary>
/// Counter of saves, and a random number of the activation that saved: a store that was rolled back and written again
/// cannot be mistaken for one's own. <see cref="None"/> stands for "not stored".
/// </summary>
public readonly record struct StoredVersion(long Counter, long Activation)
{
    public static readonly StoredVersion None;
}

/// <summary>One actor as stored.</summary>
public sealed record StoredActor(StoredVersion Version, ReadOnlyMemory<byte> State);

/// <summary>One save: the state and its next wake-up, atomically, if the stored version is still <paramref name="Expected"/>.</summary>
public sealed record ActorSave(
    ActorId Id,
    StoredVersion Expected,
    StoredVersion Next,
    ReadOnlyMemory<byte> State,
    DateTimeOffset? WakeAt,
    DateTimeOffset? ForgetAt,
    ActorFlags Flags);

/// <summary>A stored wake-up that has come due.</summary>
public readonly record struct DueActor(ActorId Id, StoredVersion Version, DateTimeOffset WakeAt);

/// <summary>An actor that an operator should see.</summary>
public readonly record struct FlaggedActor(ActorId Id, ActorFlags Flags);

/// <summary>Somebody else has saved since: nothing was written. The loser drops its memory and reads again.</summary>
public sealed class StorageConflictException(ActorId id) : Exception($"{id} was saved by somebody else.");

/// <summary>
/// Where actors live when nobody holds them in memory. A save either is durable when it returns, or throws
/// <see cref="StorageConflictException"/> (nothing written), or throws anything else (unknown: read again).
/// </summary>
public interface IActorStorage
{
    ValueTask<StoredActor?> LoadAsync(ActorId id, CancellationToken cancellation = default);

    /// <summary>Compare-and-swap. A conflict fails this save alone; an I/O error may fail all that were written with it.</summary>
    ValueTask SaveAsync(ActorSave save, CancellationToken cancellation = default);

    /// <summary>Wake-ups due at <paramref name="now"/>, the oldest first.</summary>
    ValueTask<IReadOnlyList<DueActor>> DueAsync(DateTimeOffset now, int max, CancellationToken cancellation = default);

    /// <summary>
    /// Moves or clears a wake-up that was served without a save, if the version is still the same. Not durable before
    /// it returns: a wake-up may come twice, never not at all.
    /// </summary>
    ValueTask SettleWakeAsync(ActorId id, StoredVersion version, DateTimeOffset? wakeAt, CancellationToken cancellation = default);

    /// <summary>Actors with any of these flags, by key, after <paramref name="after"/>.</summary>
    ValueTask<IReadOnlyList<FlaggedActor>> FlaggedAsync(ActorFlags any, int max, ActorId? after = null, CancellationToken cancellation = default);

    /// <summary>Deletes what may be forgotten at <paramref name="now"/>; says how many.</summary>
    ValueTask<int> ForgetAsync(DateTimeOffset now, int max, CancellationToken cancellation = default);

    /// <summary>Every actor of a kind, by key: for comparing books and for operators, not for the way of a sale.</summary>
    IAsyncEnumerable<(ActorId Id, StoredActor Stored)> ReadAllAsync(ActorKind kind, CancellationToken cancellation = default);
}
