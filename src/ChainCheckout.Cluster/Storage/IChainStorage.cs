using ChainCheckout.Core.Ports;

namespace ChainCheckout.Cluster.Storage;

/// <summary>Actors in a storage that all silos of a chain share: what is due is listed by tag, so that each tag has one owner.</summary>
public interface IChainStorage : IActorStorage
{
    /// <summary>Saves, their state bytes, and wake-ups settled by this process.</summary>
    (long Saves, long Bytes, long Settles) Counters { get; }

    /// <summary>Whether it answers now, and can write to its disk.</summary>
    Task<bool> IsDurableAsync();

    /// <summary>Wake-ups under one tag that are due at <paramref name="now"/>, the oldest first.</summary>
    Task<IReadOnlyList<DueActor>> DueAsync(string tag, DateTimeOffset now, int max, CancellationToken cancellation);

    /// <summary>Deletes what may be forgotten under one tag; says how many.</summary>
    Task<int> ForgetAsync(string tag, DateTimeOffset now, int max, CancellationToken cancellation);
}
