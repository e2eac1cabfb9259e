using ChainCheckout.Cluster.Storage;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;
using ChainCheckout.Standalone.Storage;
using ChainCheckout.Tests.Storage;
using StackExchange.Redis;

namespace ChainCheckout.Cluster.Tests;

/// <summary>The contract of every storage, kept by a real Redis.</summary>
public sealed class RedisStorageTests : ActorStorageConformance
{
    private RedisServer? _redis;

    protected override async ValueTask<IActorStorage> OpenAsync()
    {
        _redis ??= await RedisServer.StartAsync();
        return await _redis.OpenAsync();
    }

    protected override async ValueTask CloseAsync(IActorStorage storage)
    {
        await ((RedisActorStorage)storage).DisposeAsync();
        await _redis!.DisposeAsync();
    }
}

/// <summary>What only a Redis can do to a storage.</summary>
public sealed class RedisFaultTests
{
    private static readonly ActorId Somebody = new(ActorKind.Payment, "s1-t1-1-1");

    [Fact]
    public async Task Open_KeepsNothingOnDisk_IsRefusedUnlessTold()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "no");

        var refused = await Assert.ThrowsAsync<StorageOpenException>(() => OpenAsync(redis, told: false));
        Assert.Contains("appendonly", refused.Message, StringComparison.Ordinal);
        await OpenAsync(redis, told: true);
    }

    [Fact]
    public async Task Open_MayDropWhatItHolds_IsRefused()
    {
        await using var redis = await RedisServer.StartAsync("--maxmemory-policy", "allkeys-lru");

        var refused = await Assert.ThrowsAsync<StorageOpenException>(() => OpenAsync(redis, told: false));
        Assert.Contains("allkeys-lru", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_ThatReturned_SurvivesAKillOfRedis_AndTheConnectionComesBack()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var storage = await redis.OpenAsync();
        await storage.SaveAsync(Save(1));

        await redis.KillAndStartAsync();

        Assert.Equal(new StoredVersion(1, 7), (await EventuallyAsync(() => storage.LoadAsync(Somebody)))!.Version);
        await storage.SaveAsync(Save(2));
        Assert.Equal(2, (await storage.LoadAsync(Somebody))!.Version.Counter);
    }

    [Fact]
    public async Task Save_AfterItsScriptsWereForgotten_IsWritten()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var storage = await redis.OpenAsync();
        await storage.SaveAsync(Save(1));
        await using (var other = await ConnectionMultiplexer.ConnectAsync(redis.Options.Storage)) await other.GetDatabase().ExecuteAsync("SCRIPT", "FLUSH");

        await storage.SaveAsync(Save(2));

        Assert.Equal(2, (await storage.LoadAsync(Somebody))!.Version.Counter);
    }

    private static ActorSave Save(long counter) => new(
        Somebody, counter == 1 ? StoredVersion.None : new StoredVersion(counter - 1, 7), new StoredVersion(counter, 7), "state"u8.ToArray(), null, null,
        ActorFlags.None);

    private static async Task OpenAsync(RedisServer redis, bool told)
    {
        var options = redis.Options;
        options.AllowForgetful = told;
        await (await RedisActorStorage.OpenAsync(options)).DisposeAsync();
    }

    private static async Task<T> EventuallyAsync<T>(Func<ValueTask<T>> ask)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await ask();
            }
            catch (Exception away) when (tries < 50 && (away is RedisException or TimeoutException || away.InnerException is RedisConnectionException))
            {
                await Task.Delay(100);
            }
        }
    }
}
