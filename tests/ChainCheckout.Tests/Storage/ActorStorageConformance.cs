using System.Text;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;

namespace ChainCheckout.Tests.Storage;

/// <summary>What every actor storage keeps. Each store inherits it; the other part has the lists.</summary>
public abstract partial class ActorStorageConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private IActorStorage _storage = null!;

    protected abstract ValueTask<IActorStorage> OpenAsync();

    protected abstract ValueTask CloseAsync(IActorStorage storage);

    public async Task InitializeAsync() => _storage = await OpenAsync();

    public async Task DisposeAsync() => await CloseAsync(_storage);

    [Fact]
    public async Task Load_UnknownActor_IsNull()
    {
        Assert.Null(await _storage.LoadAsync(Payment("nobody")));
    }

    [Fact]
    public async Task Save_NewActor_IsLoadedWithItsVersionAndBytes()
    {
        await _storage.SaveAsync(New("a", "one"));

        await AssertStored("a", new StoredVersion(1, 7), "one");
    }

    [Fact]
    public async Task Save_SameKeyOfAnotherKind_IsAnotherActor()
    {
        await _storage.SaveAsync(New("a", "payment"));
        await _storage.SaveAsync(New("a", "till") with { Id = new ActorId(ActorKind.Till, "a") });

        await AssertStored("a", new StoredVersion(1, 7), "payment");
    }

    [Fact]
    public async Task Save_ExpectedVersionStands_Replaces()
    {
        await _storage.SaveAsync(New("a", "one"));
        await _storage.SaveAsync(After(New("a", "one"), "two"));

        await AssertStored("a", new StoredVersion(2, 7), "two");
    }

    [Theory]
    [InlineData(2, 7)]
    [InlineData(0, 7)]
    [InlineData(1, 8)]
    [InlineData(0, 0)]
    public async Task Save_AnotherVersionStands_ConflictsAndWritesNothing(long counter, long activation)
    {
        await _storage.SaveAsync(New("a", "one"));
        var late = New("a", "late") with
        {
            Expected = new StoredVersion(counter, activation),
            Next = new StoredVersion(9, 9),
        };

        await Assert.ThrowsAsync<StorageConflictException>(() => _storage.SaveAsync(late).AsTask());

        await AssertStored("a", new StoredVersion(1, 7), "one");
    }

    [Fact]
    public async Task Save_VersionExpectedOfAnUnknownActor_Conflicts()
    {
        var orphan = New("a", "one") with { Expected = new StoredVersion(1, 7), Next = new StoredVersion(2, 7) };

        await Assert.ThrowsAsync<StorageConflictException>(() => _storage.SaveAsync(orphan).AsTask());

        Assert.Null(await _storage.LoadAsync(Payment("a")));
    }

    [Fact]
    public async Task Save_OneConflictAmongMany_FailsThatOneAlone()
    {
        await _storage.SaveAsync(New("taken", "one"));

        var saves = Enumerable.Range(0, 200)
            .Select(i => _storage.SaveAsync(i == 100 ? New("taken", "two") : New($"k{i}", $"{i}")).AsTask())
            .ToArray();

        await Assert.ThrowsAsync<StorageConflictException>(() => saves[100]);
        await Task.WhenAll(saves.Where((_, i) => i != 100));
        await AssertStored("taken", new StoredVersion(1, 7), "one");
        await AssertStored("k99", new StoredVersion(1, 7), "99");
        await AssertStored("k101", new StoredVersion(1, 7), "101");
    }

    [Fact]
    public async Task Save_ManyAtOnceOnOneVersion_ExactlyOneWins()
    {
        await _storage.SaveAsync(New("a", "one"));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() =>
            Won(_storage.SaveAsync(After(New("a", "one"), $"by {i}") with { Next = new StoredVersion(2, 100 + i) })))));

        var winner = Assert.Single(Enumerable.Range(0, 50), i => outcomes[i]);
        await AssertStored("a", new StoredVersion(2, 100 + winner), $"by {winner}");
    }

    [Fact]
    public async Task Save_ChainOfOneActorWithoutWaiting_IsWrittenInOrder()
    {
        var save = New("a", "0");
        var saves = new List<Task>();
        for (var i = 1; i <= 20; i++)
        {
            saves.Add(_storage.SaveAsync(save).AsTask());
            save = After(save, $"{i}");
        }

        await Task.WhenAll(saves);

        await AssertStored("a", new StoredVersion(20, 7), "19");
    }

    [Theory]
    [InlineData("0042-07")]
    [InlineData("a'b\"c;--")]
    [InlineData("{w07}:%_*?[]")]
    [InlineData("line\nbreak\ttab")]
    [InlineData("nul\0inside")]
    [InlineData("ærø €")]
    [InlineData("🛒")]
    public async Task Save_KeyWithOddCharacters_IsFoundAgainAndOnlyByThatKey(string key)
    {
        await _storage.SaveAsync(New(key, "odd") with { Flags = ActorFlags.Alert });

        await AssertStored(key, new StoredVersion(1, 7), "odd");
        Assert.Null(await _storage.LoadAsync(Payment(key + "x")));
        Assert.Equal(Payment(key), Assert.Single(await _storage.FlaggedAsync(ActorFlags.Alert, 10)).Id);
    }

    [Fact]
    public async Task Save_LongKey_IsFoundAgain()
    {
        var key = new string('k', 400);

        await _storage.SaveAsync(New(key, "long"));

        await AssertStored(key, new StoredVersion(1, 7), "long");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_000)]
    public async Task Save_StateOfAnySize_IsLoadedWhole(int bytes)
    {
        var state = new byte[bytes];
        new Random(5).NextBytes(state);

        await _storage.SaveAsync(New("a", "") with { State = state });

        var stored = await _storage.LoadAsync(Payment("a"));
        Assert.Equal(state, stored!.State.ToArray());
    }

    [Fact]
    public async Task Save_VersionsAtTheEndsOfTheRange_AreKept()
    {
        var last = new StoredVersion(long.MaxValue, long.MinValue);
        await _storage.SaveAsync(New("a", "one") with { Next = last });
        await _storage.SaveAsync(New("a", "two") with { Expected = last, Next = new StoredVersion(1, -1) });

        await AssertStored("a", new StoredVersion(1, -1), "two");
    }

    [Fact]
    public async Task Save_TenThousandAtOnce_AreAllKept()
    {
        await Task.WhenAll(Enumerable.Range(0, 10_000).Select(i =>
            _storage.SaveAsync(New($"k{i:D5}", $"{i}")).AsTask()));

        var stored = await ReadAll(ActorKind.Payment);
        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => $"k{i:D5}={i}"), stored);
    }

    [Fact]
    public async Task Load_RightAfterASave_SeesIt()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var save = New($"w{worker}", "0");
            for (var i = 1; i <= 100; i++)
            {
                await _storage.SaveAsync(save);
                Assert.Equal(save.Next, (await _storage.LoadAsync(save.Id))!.Version);
                save = After(save, $"{i}");
            }
        })));
    }

    private static ActorId Payment(string key) => new(ActorKind.Payment, key);

    private static ActorSave New(string key, string state) => new(
        Payment(key), StoredVersion.None, new StoredVersion(1, 7), Encoding.UTF8.GetBytes(state),
        WakeAt: null, ForgetAt: null, ActorFlags.None);

    private static ActorSave After(ActorSave earlier, string state) => earlier with
    {
        Expected = earlier.Next,
        Next = earlier.Next with { Counter = earlier.Next.Counter + 1 },
        State = Encoding.UTF8.GetBytes(state),
    };

    private static async Task<bool> Won(ValueTask save)
    {
        try
        {
            await save;
            return true;
        }
        catch (StorageConflictException)
        {
            return false;
        }
    }

    private static string Text(StoredActor stored) => Encoding.UTF8.GetString(stored.State.Span);

    private async Task AssertStored(string key, StoredVersion version, string state)
    {
        var stored = await _storage.LoadAsync(Payment(key));
        Assert.NotNull(stored);
        Assert.Equal(version, stored.Version);
        Assert.Equal(state, Text(stored));
    }

    private async Task<List<string>> ReadAll(ActorKind kind)
    {
        var all = new List<string>();
        await foreach (var (id, stored) in _storage.ReadAllAsync(kind)) all.Add($"{id.Key}={Text(stored)}");
        return all;
    }
}
