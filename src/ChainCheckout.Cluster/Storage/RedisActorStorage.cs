using System.Globalization;
using System.Runtime.CompilerServices;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;
using ChainCheckout.Standalone.Storage;
using StackExchange.Redis;

namespace ChainCheckout.Cluster.Storage;

/// <summary>
/// Actors in one Redis, for many silos. A save is as durable when it returns as Redis' own settings make it (<c>appendfsync always</c>: on
/// its disk). Commands of all actors share one connection and are pipelined: many saves share a round trip, and a read is behind every
/// write that was sent before it. A timeout is an unknown outcome.
/// </summary>
public sealed class RedisActorStorage : IChainStorage, IAsyncDisposable
{
    private const int PageRows = 200;
    private const int FlagBits = 6;

    private static readonly RedisValue[] StoredFields = ["v", "a", "s"];
    private static readonly RedisValue[] VersionFields = ["v", "a"];

    private readonly IConnectionMultiplexer _connection;
    private readonly IDatabase _redis;
    private readonly RedisKeys _keys;
    private readonly Dictionary<string, TagKeys> _lists;
    private long _saves, _bytes, _settles;

    private RedisActorStorage(IConnectionMultiplexer connection, RedisKeys keys)
    {
        (_connection, _redis, _keys) = (connection, connection.GetDatabase(), keys);
        _lists = RedisKeys.Tags.ToDictionary(tag => tag, tag => new TagKeys(keys, tag), StringComparer.Ordinal);
    }

    /// <summary>Round trips of this process, whether they came back, and how long they took.</summary>
    public RedisCounts Counts { get; } = new(TimeProvider.System);

    public (long Saves, long Bytes, long Settles) Counters => (Volatile.Read(ref _saves), Volatile.Read(ref _bytes), Volatile.Read(ref _settles));

    /// <exception cref="StorageOpenException">It does not answer, or keeps nothing on disk, or may drop what it holds.</exception>
    public static async Task<RedisActorStorage> OpenAsync(RedisOptions options)
    {
        try
        {
            var connection = await ConnectionMultiplexer.ConnectAsync(options.ToConfiguration("actors"));
            var refusals = await RedisDurability.RefusalsAsync(connection, options);
            if (refusals.Count == 0) return new RedisActorStorage(connection, new RedisKeys(options.Prefix));
            await connection.DisposeAsync();
            throw new StorageOpenException(string.Join(' ', refusals));
        }
        catch (RedisException away)
        {
            throw new StorageOpenException($"Redis cannot be used: {away.Message}", away);
        }
    }

    public Task<bool> IsDurableAsync() => RedisDurability.CanWriteAsync(_connection);

    public async ValueTask<StoredActor?> LoadAsync(ActorId id, CancellationToken cancellation = default)
    {
        var fields = await Counts.CountAsync(_redis.HashGetAsync(_keys.Actor(id), StoredFields), cancellation);
        return StoredOf(fields);
    }

    public async ValueTask SaveAsync(ActorSave save, CancellationToken cancellation = default)
    {
        var lists = _lists[RedisKeys.TagOf(save.Id)];
        RedisKey[] keys = [_keys.Actor(save.Id), .. lists.OfSave];
        RedisValue[] values =
        [
            save.Expected.Counter, save.Expected.Activation, save.Next.Counter, save.Next.Activation, save.State, Milliseconds(save.WakeAt),
            Milliseconds(save.ForgetAt), (int)save.Flags, RedisKeys.Member(save.Id),
        ];
        var written = await Counts.CountAsync(_redis.ScriptEvaluateAsync(RedisScripts.Save, keys, values), cancellation);
        if ((long)written == 0)
        {
            Counts.Conflict();
            throw new StorageConflictException(save.Id);
        }

        Interlocked.Increment(ref _saves);
        Interlocked.Add(ref _bytes, save.State.Length);
    }

    public async ValueTask<IReadOnlyList<DueActor>> DueAsync(DateTimeOffset now, int max, CancellationToken cancellation = default)
    {
        var parts = await Task.WhenAll(RedisKeys.Tags.Select(tag => DueAsync(tag, now, max, cancellation)));
        return [.. parts.SelectMany(part => part).OrderBy(due => due.WakeAt).Take(max)];
    }

    public async Task<IReadOnlyList<DueActor>> DueAsync(string tag, DateTimeOffset now, int max, CancellationToken cancellation)
    {
        var entries = await _redis.SortedSetRangeByScoreWithScoresAsync(
            _keys.Wakes(tag), double.NegativeInfinity, now.ToUnixTimeMilliseconds(), take: max).WaitAsync(cancellation);
        var due = entries.Select(async entry =>
        {
            var id = RedisKeys.ActorOf(entry.Element);
            var version = await _redis.HashGetAsync(_keys.Actor(id), VersionFields);
            return new DueActor(id, VersionOf(version), DateTimeOffset.FromUnixTimeMilliseconds((long)entry.Score));
        });
        return await Task.WhenAll(due).WaitAsync(cancellation);
    }

    public async ValueTask SettleWakeAsync(
        ActorId id, StoredVersion version, DateTimeOffset? wakeAt, CancellationToken cancellation = default)
    {
        var tag = RedisKeys.TagOf(id);
        RedisKey[] keys = [_keys.Actor(id), _keys.Wakes(tag), _keys.Stats(tag)];
        RedisValue[] values = [version.Counter, version.Activation, Milliseconds(wakeAt), RedisKeys.Member(id)];
        await Counts.CountAsync(_redis.ScriptEvaluateAsync(RedisScripts.Settle, keys, values), cancellation);
        Interlocked.Increment(ref _settles);
    }

    public async ValueTask<IReadOnlyList<FlaggedActor>> FlaggedAsync(
        ActorFlags any, int max, ActorId? after = null, CancellationToken cancellation = default)
    {
        var bits = Enumerable.Range(0, FlagBits).Select(at => 1 << at).Where(bit => ((int)any & bit) != 0);
        var lists = bits.SelectMany(bit => RedisKeys.Tags.Select(tag => _keys.Flagged(tag, bit)));
        var members = await FirstAsync(lists, after is { } id ? RedisKeys.Member(id) : null, null, max, cancellation);
        var flags = await Task.WhenAll(members.Select(async member =>
        {
            var actor = RedisKeys.ActorOf(member);
            return new FlaggedActor(actor, (ActorFlags)(int)await _redis.HashGetAsync(_keys.Actor(actor), "f"));
        })).WaitAsync(cancellation);
        return flags;
    }

    /// <summary>How many actors of the chain have each flag: the lengths of the lists, whatever is in them.</summary>
    public async Task<IReadOnlyList<(ActorFlags Flag, long Actors)>> CountFlaggedAsync(CancellationToken cancellation)
    {
        var flags = Enum.GetValues<ActorFlags>().Where(flag => flag != ActorFlags.None);
        return await Task.WhenAll(flags.Select(async flag =>
        {
            var parts = await Task.WhenAll(RedisKeys.Tags.Select(tag => _redis.SortedSetLengthAsync(_keys.Flagged(tag, (int)flag))));
            return (flag, parts.Sum());
        })).WaitAsync(cancellation);
    }

    public async ValueTask<int> ForgetAsync(DateTimeOffset now, int max, CancellationToken cancellation = default)
    {
        var due = await Task.WhenAll(RedisKeys.Tags.Select(tag => ForgettableAsync(tag, now, max)));
        return await ForgetAsync([.. due.SelectMany(part => part).OrderBy(entry => entry.Score).Take(max)], now, cancellation);
    }

    public async Task<int> ForgetAsync(string tag, DateTimeOffset now, int max, CancellationToken cancellation) =>
        await ForgetAsync(await ForgettableAsync(tag, now, max), now, cancellation);

    /// <summary>Page by page, as the lists stand then: for comparing books.</summary>
    public async IAsyncEnumerable<(ActorId Id, StoredActor Stored)> ReadAllAsync(
        ActorKind kind, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var (from, until) = (RedisKeys.Member(new ActorId(kind, "")), RedisKeys.Member(new ActorId(kind + 1, "")));
        var lists = RedisKeys.Tags.Select(tag => _keys.All(tag)).ToArray();
        while (true)
        {
            var page = await FirstAsync(lists, from, until, PageRows, cancellation);
            var actors = await Task.WhenAll(page.Select(async member =>
            {
                var id = RedisKeys.ActorOf(member);
                return (Id: id, Stored: StoredOf(await _redis.HashGetAsync(_keys.Actor(id), StoredFields)));
            })).WaitAsync(cancellation);
            foreach (var (id, stored) in actors)
                if (stored is not null) yield return (id, stored);
            if (page.Count < PageRows) yield break;
            from = page[^1].ToString();
        }
    }

    /// <summary>What all processes have written since the store was made.</summary>
    public async Task<StorageStats> ReadStatsAsync()
    {
        var parts = await Task.WhenAll(RedisKeys.Tags.Select(tag => _redis.HashGetAsync(_keys.Stats(tag), ["saves", "bytes", "settles"])));
        return new StorageStats(parts.Sum(part => (long)part[0]), parts.Sum(part => (long)part[1]), parts.Sum(part => (long)part[2]), Batches: 0);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>The first members of many lists together, each once, in their order.</summary>
    private async Task<IReadOnlyList<RedisValue>> FirstAsync(
        IEnumerable<RedisKey> lists, string? after, string? before, int max, CancellationToken cancellation)
    {
        var (low, high) = (after is null ? RedisValue.Null : (RedisValue)after, before is null ? RedisValue.Null : (RedisValue)before);
        var pages = await Task.WhenAll(lists.Select(list => _redis.SortedSetRangeByValueAsync(list, low, high, Exclude.Both, Order.Ascending, 0, max)))
            .WaitAsync(cancellation);
        return [.. pages.SelectMany(page => page).Select(member => member.ToString()).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal).Take(max).Select(member => (RedisValue)member)];
    }

    private Task<SortedSetEntry[]> ForgettableAsync(string tag, DateTimeOffset now, int max) =>
        _redis.SortedSetRangeByScoreWithScoresAsync(_keys.Forgets(tag), double.NegativeInfinity, now.ToUnixTimeMilliseconds(), take: max);

    private async Task<int> ForgetAsync(IEnumerable<SortedSetEntry> due, DateTimeOffset now, CancellationToken cancellation)
    {
        var gone = await Task.WhenAll(due.Select(entry =>
        {
            var id = RedisKeys.ActorOf(entry.Element);
            RedisKey[] keys = [_keys.Actor(id), .. _lists[RedisKeys.TagOf(id)].OfForget];
            return _redis.ScriptEvaluateAsync(RedisScripts.Forget, keys, [now.ToUnixTimeMilliseconds(), entry.Element]);
        })).WaitAsync(cancellation);
        return gone.Count(one => (long)one == 1);
    }

    private static StoredActor? StoredOf(RedisValue[] fields) =>
        fields[0].IsNull ? null : new StoredActor(VersionOf(fields), (byte[])fields[2]!);

    private static StoredVersion VersionOf(RedisValue[] fields) =>
        fields[0].IsNull ? StoredVersion.None : new StoredVersion((long)fields[0], (long)fields[1]);

    private static RedisValue Milliseconds(DateTimeOffset? at) =>
        at is { } time ? time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) : RedisValue.EmptyString;

    /// <summary>The lists of a tag, in the order in which the scripts want them.</summary>
    private sealed class TagKeys
    {
        public TagKeys(RedisKeys keys, string tag)
        {
            RedisKey[] flags = [.. Enumerable.Range(0, FlagBits).Select(at => keys.Flagged(tag, 1 << at))];
            OfSave = [keys.Wakes(tag), keys.Forgets(tag), keys.All(tag), keys.Stats(tag), .. flags];
            OfForget = [keys.Forgets(tag), keys.Wakes(tag), keys.All(tag), .. flags];
        }

        public RedisKey[] OfSave { get; }

        public RedisKey[] OfForget { get; }
    }
}
