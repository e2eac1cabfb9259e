using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;

namespace ChainCheckout.Tests.Storage;

public abstract partial class ActorStorageConformance
{
    [Fact]
    public async Task Due_WakeUpsInThePast_OldestFirstWithTheirVersions()
    {
        await _storage.SaveAsync(New("third", "") with { WakeAt = Noon });
        await _storage.SaveAsync(New("first", "") with { WakeAt = Noon.AddSeconds(-2) });
        await _storage.SaveAsync(New("later", "") with { WakeAt = Noon.AddMilliseconds(1) });
        await _storage.SaveAsync(New("never", ""));
        await _storage.SaveAsync(New("second", "") with { WakeAt = Noon.AddSeconds(-1) });

        var due = await _storage.DueAsync(Noon, 10);

        Assert.Equal(["first", "second", "third"], due.Select(actor => actor.Id.Key));
        Assert.Equal(new DueActor(Payment("first"), new StoredVersion(1, 7), Noon.AddSeconds(-2)), due[0]);
    }

    [Fact]
    public async Task Due_MoreThanAskedFor_GivesTheOldestOnly()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            _storage.SaveAsync(New($"k{i}", "") with { WakeAt = Noon.AddSeconds(-i) }).AsTask()));

        var due = await _storage.DueAsync(Noon, 3);

        Assert.Equal(["k19", "k18", "k17"], due.Select(actor => actor.Id.Key));
    }

    [Fact]
    public async Task Save_AgainWithoutWakeForgetAndFlags_TakesThemAway()
    {
        var flags = ActorFlags.Alert | ActorFlags.DeadLetter;
        var marked = New("a", "") with { WakeAt = Noon, ForgetAt = Noon, Flags = flags };
        await _storage.SaveAsync(marked);
        await _storage.SaveAsync(After(marked, "") with { WakeAt = null, ForgetAt = null, Flags = ActorFlags.None });

        Assert.Empty(await _storage.DueAsync(Noon, 10));
        Assert.Empty(await _storage.FlaggedAsync(ActorFlags.Alert, 10));
        Assert.Equal(0, await _storage.ForgetAsync(Noon, 10));
    }

    [Fact]
    public async Task Save_AgainWithOtherWakeAndFlags_ReplacesThem()
    {
        var marked = New("a", "") with { WakeAt = Noon, Flags = ActorFlags.Alert };
        await _storage.SaveAsync(marked);
        await _storage.SaveAsync(After(marked, "") with { WakeAt = Noon.AddHours(1), Flags = ActorFlags.Held });

        Assert.Empty(await _storage.DueAsync(Noon, 10));
        Assert.Equal(new StoredVersion(2, 7), Assert.Single(await _storage.DueAsync(Noon.AddHours(1), 10)).Version);
        Assert.Empty(await _storage.FlaggedAsync(ActorFlags.Alert, 10));
        Assert.Equal(ActorFlags.Held, Assert.Single(await _storage.FlaggedAsync(ActorFlags.Held, 10)).Flags);
    }

    [Fact]
    public async Task Save_Conflict_LeavesWakeForgetAndFlagsAlone()
    {
        await _storage.SaveAsync(New("a", "") with { WakeAt = Noon, Flags = ActorFlags.Alert });
        var late = New("a", "") with { WakeAt = null, ForgetAt = Noon, Flags = ActorFlags.None };

        await Assert.ThrowsAsync<StorageConflictException>(() => _storage.SaveAsync(late).AsTask());

        Assert.Single(await _storage.DueAsync(Noon, 10));
        Assert.Single(await _storage.FlaggedAsync(ActorFlags.Alert, 10));
        Assert.Equal(0, await _storage.ForgetAsync(Noon, 10));
    }

    [Fact]
    public async Task SettleWake_SameVersion_MovesOrClearsAndKeepsStateAndVersion()
    {
        await _storage.SaveAsync(New("moved", "state") with { WakeAt = Noon });
        await _storage.SaveAsync(New("cleared", "state") with { WakeAt = Noon });

        await _storage.SettleWakeAsync(Payment("moved"), new StoredVersion(1, 7), Noon.AddMinutes(1));
        await _storage.SettleWakeAsync(Payment("cleared"), new StoredVersion(1, 7), null);

        Assert.Empty(await _storage.DueAsync(Noon, 10));
        Assert.Equal("moved", Assert.Single(await _storage.DueAsync(Noon.AddMinutes(1), 10)).Id.Key);
        await AssertStored("moved", new StoredVersion(1, 7), "state");
        await _storage.SaveAsync(After(New("moved", ""), "goes on"));
    }

    [Theory]
    [InlineData(2, 7)]
    [InlineData(1, 8)]
    public async Task SettleWake_AnotherVersion_ChangesNothing(long counter, long activation)
    {
        await _storage.SaveAsync(New("a", "") with { WakeAt = Noon });

        await _storage.SettleWakeAsync(Payment("a"), new StoredVersion(counter, activation), null);
        await _storage.SettleWakeAsync(Payment("nobody"), new StoredVersion(1, 7), Noon);

        Assert.Equal("a", Assert.Single(await _storage.DueAsync(Noon, 10)).Id.Key);
    }

    [Fact]
    public async Task Forget_WhatIsDue_IsGoneWithItsWakeAndFlags()
    {
        await _storage.SaveAsync(New("old", "") with { ForgetAt = Noon, WakeAt = Noon, Flags = ActorFlags.Alert });
        await _storage.SaveAsync(New("young", "") with { ForgetAt = Noon.AddMilliseconds(1) });
        await _storage.SaveAsync(New("forever", ""));

        Assert.Equal(1, await _storage.ForgetAsync(Noon, 10));

        Assert.Null(await _storage.LoadAsync(Payment("old")));
        Assert.Empty(await _storage.DueAsync(Noon, 10));
        Assert.Empty(await _storage.FlaggedAsync(ActorFlags.Alert, 10));
        Assert.Equal(["forever=", "young="], await ReadAll(ActorKind.Payment));
        await _storage.SaveAsync(New("old", "begins anew"));
    }

    [Fact]
    public async Task Forget_MoreThanAskedFor_TakesTheOldestFirst()
    {
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i =>
            _storage.SaveAsync(New($"k{i}", "") with { ForgetAt = Noon.AddSeconds(-i) }).AsTask()));

        Assert.Equal(3, await _storage.ForgetAsync(Noon, 3));
        Assert.Equal(["k0=", "k1="], await ReadAll(ActorKind.Payment));
        Assert.Equal(2, await _storage.ForgetAsync(Noon, 3));
        Assert.Equal(0, await _storage.ForgetAsync(Noon, 3));
    }

    [Fact]
    public async Task Flagged_AnyOfTheFlags_AndNoOthers()
    {
        await _storage.SaveAsync(New("alert", "") with { Flags = ActorFlags.Alert });
        await _storage.SaveAsync(New("both", "") with { Flags = ActorFlags.Alert | ActorFlags.UnknownOutcome });
        await _storage.SaveAsync(New("held", "") with { Flags = ActorFlags.Held });
        await _storage.SaveAsync(New("plain", ""));

        Assert.Equal(["alert", "both"], await FlaggedKeys(ActorFlags.Alert));
        Assert.Equal(["both", "held"], await FlaggedKeys(ActorFlags.UnknownOutcome | ActorFlags.Held));
        Assert.Empty(await FlaggedKeys(ActorFlags.PaidNotSeen));
    }

    [Fact]
    public async Task Flagged_PageByPage_GivesEachOnceByKindAndKey()
    {
        var ids = Enumerable.Range(0, 25).Select(i => new ActorId((ActorKind)(1 + (i % 3)), $"k{i:D2}")).ToArray();
        await Task.WhenAll(ids.Select(id =>
            _storage.SaveAsync(New("", "") with { Id = id, Flags = ActorFlags.Alert }).AsTask()));

        var read = new List<ActorId>();
        ActorId? after = null;
        while (await _storage.FlaggedAsync(ActorFlags.Alert, 4, after) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= 4);
            read.AddRange(page.Select(actor => actor.Id));
            after = read[^1];
        }

        Assert.Equal(ids.OrderBy(id => id.Kind).ThenBy(id => id.Key, StringComparer.Ordinal), read);
    }

    [Fact]
    public async Task ReadAll_OneKind_GivesEveryActorOfItByKey()
    {
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i =>
            _storage.SaveAsync(New($"k{499 - i:D3}", $"{499 - i}")).AsTask()));
        await _storage.SaveAsync(New("k000", "till") with { Id = new ActorId(ActorKind.Till, "k000") });

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"k{i:D3}={i}"), await ReadAll(ActorKind.Payment));
        Assert.Equal(["k000=till"], await ReadAll(ActorKind.Till));
        Assert.Empty(await ReadAll(ActorKind.Customer));
    }

    private async Task<IEnumerable<string>> FlaggedKeys(ActorFlags any) =>
        (await _storage.FlaggedAsync(any, 100)).Select(actor => actor.Id.Key);
}
