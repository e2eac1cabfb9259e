using StackExchange.Redis;

namespace ChainCheckout.Cluster.Storage;

/// <summary>Asks a Redis whether it keeps what it is given.</summary>
internal static class RedisDurability
{
    private const string NoEviction = "noeviction";

    /// <summary>Why its settings are not fit for money; empty when they are, or when the operator has said that it may be so.</summary>
    public static async Task<IReadOnlyList<string>> RefusalsAsync(IConnectionMultiplexer connection, RedisOptions options)
    {
        var refusals = new List<string>();
        var persistence = await InfoAsync(connection, "persistence");
        if (!options.AllowForgetful && persistence.GetValueOrDefault("aof_enabled") != "1")
            refusals.Add("Redis keeps no append-only file: set appendonly yes (and appendfsync always), or Cluster:Redis:AllowForgetful.");
        var policy = (await InfoAsync(connection, "memory")).GetValueOrDefault("maxmemory_policy", NoEviction);
        if (!options.AllowEviction && policy != NoEviction)
            refusals.Add($"Redis drops what it holds when it is full (maxmemory-policy {policy}): set noeviction, or Cluster:Redis:AllowEviction.");
        return refusals;
    }

    /// <summary>It answers, is no replica, and its last write to the append-only file went well.</summary>
    public static async Task<bool> CanWriteAsync(IConnectionMultiplexer connection)
    {
        try
        {
            // A replica answers too, until it is made the primary.
            if ((await InfoAsync(connection, "replication")).GetValueOrDefault("role", "master") != "master") return false;
            var persistence = await InfoAsync(connection, "persistence");
            return persistence.GetValueOrDefault("loading") == "0" && persistence.GetValueOrDefault("aof_last_write_status", "ok") == "ok";
        }
        catch (Exception away) when (away is RedisException or TimeoutException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static async Task<Dictionary<string, string>> InfoAsync(IConnectionMultiplexer connection, string section)
    {
        var text = (string?)await connection.GetDatabase().ExecuteAsync("INFO", section) ?? "";
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith('#') && line.Contains(':', StringComparison.Ordinal))
            .ToDictionary(line => line[..line.IndexOf(':', StringComparison.Ordinal)], line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..]);
    }
}
