using System.Collections.Immutable;
using System.Globalization;
using ChainCheckout.Core.Actors;
using StackExchange.Redis;

namespace ChainCheckout.Cluster.Storage;

/// <summary>
/// How actors and their lists are spelled in Redis. Whatever one script changes is under one hash tag (<c>{w07}</c>). In lists an actor is
/// the number of its kind and its key, so that lists sort as they are asked for: <c>4/s42-t7-3-118</c>.
/// </summary>
public sealed class RedisKeys(string prefix)
{
    /// <summary>Never changed: an actor's place follows from the count.</summary>
    private const int TagCount = 32;

    public static ImmutableArray<string> Tags { get; } =
        [.. Enumerable.Range(0, TagCount).Select(n => string.Create(CultureInfo.InvariantCulture, $"w{n:D2}"))];

    /// <summary>Which tag an actor is under: FNV-1a of its member, in every version and on every machine.</summary>
    public static string TagOf(ActorId id)
    {
        var hash = 2_166_136_261u;
        foreach (var letter in Member(id)) hash = unchecked((hash ^ letter) * 16_777_619u);
        return Tags[(int)(hash % TagCount)];
    }

    public static string Member(ActorId id) => string.Create(CultureInfo.InvariantCulture, $"{(int)id.Kind}/{id.Key}");

    public static ActorId ActorOf(RedisValue member)
    {
        var text = member.ToString();
        return new ActorId((ActorKind)(text[0] - '0'), text[2..]);
    }

    /// <summary>A hash: version counter <c>v</c>, its activation <c>a</c>, state <c>s</c>, flags <c>f</c>.</summary>
    public RedisKey Actor(ActorId id) => $"{prefix}:{{{TagOf(id)}}}:actor:{Member(id)}";

    /// <summary>Sorted by the millisecond at which each is to be woken.</summary>
    public RedisKey Wakes(string tag) => $"{prefix}:{{{tag}}}:wakes";

    /// <summary>Sorted by the millisecond from which each may be deleted.</summary>
    public RedisKey Forgets(string tag) => $"{prefix}:{{{tag}}}:forgets";

    /// <summary>Every actor, by member.</summary>
    public RedisKey All(string tag) => $"{prefix}:{{{tag}}}:all";

    /// <summary>Those with this one flag, by member.</summary>
    public RedisKey Flagged(string tag, int bit) => $"{prefix}:{{{tag}}}:flag:{bit.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>What was written: <c>saves</c>, <c>bytes</c>, <c>settles</c>.</summary>
    public RedisKey Stats(string tag) => $"{prefix}:{{{tag}}}:stats";
}
