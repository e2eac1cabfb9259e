using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;

namespace ChainCheckout.Standalone.Storage;

/// <summary>One write that waits for its commit: a closed set.</summary>
internal abstract class PendingWrite
{
    /// <summary>Far above any state; a batch of them still fits memory and the log.</summary>
    public const int StateBytesMax = 1 << 20;

    private readonly TaskCompletionSource<int> _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PendingWrite()
    {
    }

    /// <summary>Ends when the write is durable, or with why it is not.</summary>
    public Task<int> Committed => _committed.Task;

    /// <summary>Rows that it changed.</summary>
    public int Changed { get; set; }

    public void Fail(Exception failure) => _committed.SetException(failure);

    public virtual void Succeed() => _committed.SetResult(Changed);

    public sealed class Save(ActorSave save) : PendingWrite
    {
        // Whoever names an actor wrongly fails here and alone, not in the batch with everybody else.
        public byte[] Key { get; } = SqliteStatement.Utf8.GetBytes(save.Id.Key);

        public ActorSave Row { get; } = save.State.Length <= StateBytesMax
            ? save
            : throw new ArgumentException($"{save.Id}: {save.State.Length} bytes are too long.", nameof(save));

        public override void Succeed()
        {
            if (Changed == 1) base.Succeed();
            else Fail(new StorageConflictException(Row.Id));
        }
    }

    public sealed class Settle(ActorId id, StoredVersion version, DateTimeOffset? wakeAt) : PendingWrite
    {
        public ActorKind Kind => id.Kind;

        public byte[] Key { get; } = SqliteStatement.Utf8.GetBytes(id.Key);

        public StoredVersion Version => version;

        public DateTimeOffset? WakeAt => wakeAt;
    }

    public sealed class Forget(DateTimeOffset now, int max) : PendingWrite
    {
        public DateTimeOffset Now => now;

        public int Max => max;
    }
}
