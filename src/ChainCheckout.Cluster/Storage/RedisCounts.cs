using ChainCheckout.Gateway.Admin;
using StackExchange.Redis;

namespace ChainCheckout.Cluster.Storage;

/// <summary>How a command to Redis ended.</summary>
public enum RedisEnd
{
    Ok = 1,

    /// <summary>No answer in time: done or not, nobody knows.</summary>
    Timeout,

    /// <summary>Redis said no: full, a replica, its disk fails, still loading.</summary>
    Refused,

    /// <summary>Not connected, or the connection broke.</summary>
    Away,
}

/// <summary>Round trips of loads, saves and settles to Redis, and how long they took.</summary>
public sealed class RedisCounts(TimeProvider clock)
{
    private readonly Tally<RedisEnd> _ends = new();
    private long _ticks;
    private long _conflicts;

    /// <summary>Saves that somebody else's had overtaken.</summary>
    public long Conflicts => Volatile.Read(ref _conflicts);

    /// <summary>Of all commands together, from the call to its end.</summary>
    public TimeSpan Took => TimeSpan.FromTicks(Volatile.Read(ref _ticks));

    public IEnumerable<Sample> Samples() => _ends.Samples();

    internal void Conflict() => Interlocked.Increment(ref _conflicts);

    /// <param name="command">Under way.</param>
    /// <param name="cancellation">Ends the wait, which then counts for nothing.</param>
    internal async Task<T> CountAsync<T>(Task<T> command, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        try
        {
            var answer = await command.WaitAsync(cancellation);
            End(RedisEnd.Ok, begun);
            return answer;
        }
        catch (Exception failure) when (failure is TimeoutException or RedisException)
        {
            End(failure switch { TimeoutException => RedisEnd.Timeout, RedisServerException => RedisEnd.Refused, _ => RedisEnd.Away }, begun);
            throw;
        }
    }

    private void End(RedisEnd end, long begun)
    {
        _ends.Add(end);
        Interlocked.Add(ref _ticks, clock.GetElapsedTime(begun).Ticks);
    }
}
