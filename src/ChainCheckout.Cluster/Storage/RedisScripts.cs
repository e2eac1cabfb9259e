namespace ChainCheckout.Cluster.Storage;

/// <summary>What changes an actor: one script each, so that state, wake-up, forget-at and flags are changed together or not at all.</summary>
internal static class RedisScripts
{
    /// <summary>
    /// KEYS: actor, wakes, forgets, all, stats, the six flags. ARGV: expected counter and activation, next counter and activation, state,
    /// wake or "", forget or "", flags, member. 1 written, 0 somebody else had saved.
    /// </summary>
    public const string Save = """
        local stored = redis.call('HMGET', KEYS[1], 'v', 'a', 'f')
        if (stored[1] or '0') ~= ARGV[1] or (stored[2] or '0') ~= ARGV[2] then return 0 end
        local member = ARGV[9]
        redis.call('HSET', KEYS[1], 'v', ARGV[3], 'a', ARGV[4], 's', ARGV[5], 'f', ARGV[8])
        if not stored[1] then redis.call('ZADD', KEYS[4], 0, member) end
        if ARGV[6] == '' then redis.call('ZREM', KEYS[2], member) else redis.call('ZADD', KEYS[2], ARGV[6], member) end
        if ARGV[7] == '' then redis.call('ZREM', KEYS[3], member) else redis.call('ZADD', KEYS[3], ARGV[7], member) end
        local before, after = tonumber(stored[3] or '0'), tonumber(ARGV[8])
        if before ~= after then
            for at = 0, 5 do
                local bit = 2 ^ at
                local was, is = math.floor(before / bit) % 2, math.floor(after / bit) % 2
                if was > is then redis.call('ZREM', KEYS[6 + at], member) end
                if is > was then redis.call('ZADD', KEYS[6 + at], 0, member) end
            end
        end
        redis.call('HINCRBY', KEYS[5], 'saves', 1)
        redis.call('HINCRBY', KEYS[5], 'bytes', #ARGV[5])
        return 1
        """;

    /// <summary>KEYS: actor, wakes, stats. ARGV: counter, activation, wake or "", member. 1 settled, 0 another version.</summary>
    public const string Settle = """
        local stored = redis.call('HMGET', KEYS[1], 'v', 'a')
        if stored[1] ~= ARGV[1] or stored[2] ~= ARGV[2] then return 0 end
        if ARGV[3] == '' then redis.call('ZREM', KEYS[2], ARGV[4]) else redis.call('ZADD', KEYS[2], ARGV[3], ARGV[4]) end
        redis.call('HINCRBY', KEYS[3], 'settles', 1)
        return 1
        """;

    /// <summary>KEYS: actor, forgets, wakes, all, the six flags. ARGV: now, member. 1 deleted, 0 not to be forgotten any more.</summary>
    public const string Forget = """
        local at = redis.call('ZSCORE', KEYS[2], ARGV[2])
        if not at or tonumber(at) > tonumber(ARGV[1]) then return 0 end
        redis.call('DEL', KEYS[1])
        for n = 2, #KEYS do redis.call('ZREM', KEYS[n], ARGV[2]) end
        return 1
        """;
}
