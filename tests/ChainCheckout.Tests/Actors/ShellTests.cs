using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;
using static ChainCheckout.Tests.Actors.ToyMessage;

namespace ChainCheckout.Tests.Actors;

public sealed class ShellTests
{
    private readonly ToyHost _host = new();

    private Shell<Toy, ToyMessage, int> Shell => _host.Shell;

    private DateTimeOffset Now => _host.Clock.Now;

    [Fact]
    public async Task Turn_IsSavedBeforeTheReplyAndTheViewAndTheCall()
    {
        _host.Watched = true;

        await Shell.HandleAsync(new Owe(new Debt("a", Now)));

        Assert.Equal(["view of number 0 after 1 saves", "call a after 1 saves"], _host.Log);
        Assert.Equal("a", Assert.Single((await _host.StoredAsync())!.Debts).Name);
    }

    [Fact]
    public async Task Turn_ThatKeepsInMemory_IsSavedWithTheNextChange()
    {
        await Shell.HandleAsync(new Set(1));

        Assert.Equal(2, await Shell.HandleAsync(new Set(2, Keep.InMemory)));
        Assert.Equal(1, (await _host.StoredAsync())!.Number);

        await Shell.HandleAsync(new Owe());
        Assert.Equal(2, (await _host.StoredAsync())!.Number);
    }

    [Fact]
    public async Task Turn_ThatChangesNothing_IsNotSaved()
    {
        await Shell.HandleAsync(new Set(1));
        await Shell.HandleAsync(new Ask());

        Assert.Equal(1, _host.Storage.Saves);
    }

    [Fact]
    public async Task Flag_RaisedInMemoryOnly_IsSavedAllTheSame()
    {
        await Shell.HandleAsync(new Flag(true, Keep.InMemory));

        Assert.Single(await _host.Storage.FlaggedAsync(ActorFlags.Alert, 9));
    }

    [Fact]
    public async Task Flag_LoweredInMemory_IsSavedAtRestAndNotTwice()
    {
        await Shell.HandleAsync(new Flag(true, Keep.Saved));
        await Shell.HandleAsync(new Flag(false, Keep.InMemory));
        Assert.Single(await _host.Storage.FlaggedAsync(ActorFlags.Alert, 9));

        await Shell.RestAsync();
        await Shell.RestAsync();

        Assert.Empty(await _host.Storage.FlaggedAsync(ActorFlags.Alert, 9));
        Assert.Equal(2, _host.Storage.Saves);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task Save_ThatFails_DropsTheMemoryAndReadsWhatIsStored(bool written, int then)
    {
        await Shell.HandleAsync(new Set(1));
        _host.Storage.FailNext(new IOException("disk"), written);

        await Assert.ThrowsAsync<IOException>(async () => await Shell.HandleAsync(new Set(2)));

        Assert.Equal(then, await Shell.HandleAsync(new Ask()));
        Assert.Equal(["storage failed: IOException"], _host.Log);
    }

    [Fact]
    public async Task Save_SomebodyElseSavedSince_WritesNothingAndReadsAgain()
    {
        var old = Shell;
        await old.HandleAsync(new Set(1));
        await _host.NewShell().HandleAsync(new Set(2));

        await Assert.ThrowsAsync<StorageConflictException>(async () => await old.HandleAsync(new Set(3)));

        Assert.Equal(2, await old.HandleAsync(new Ask()));
        Assert.Equal(2, (await _host.StoredAsync())!.Number);
    }

    [Fact]
    public async Task Storage_ThatWentBackInTime_StopsTheActorWithAnAlert()
    {
        await Shell.HandleAsync(new Set(1));
        var before = await _host.Storage.LoadAsync(ToyHost.Id);
        await Shell.HandleAsync(new Set(2));
        await Shell.HandleAsync(new Set(3));
        await RestoreAsync(before!);

        await Assert.ThrowsAsync<StorageConflictException>(async () => await Shell.HandleAsync(new Set(4)));
        await Assert.ThrowsAsync<ActorStoppedException>(async () => await Shell.HandleAsync(new Ask()));
        await Assert.ThrowsAsync<ActorStoppedException>(async () => await Shell.HandleAsync(new Ask()));

        Assert.Single(_host.Log, line => line.StartsWith("alert", StringComparison.Ordinal));
    }

    /// <summary>It is not begun anew over, and not asked for every second for ever either.</summary>
    [Fact]
    public async Task State_ThatCannotBeRead_StopsThatActorWithOneAlert()
    {
        await Shell.HandleAsync(new Set(1));
        var version = (await _host.Storage.LoadAsync(ToyHost.Id))!.Version;
        var next = version with { Counter = version.Counter + 1 };
        await _host.Storage.SaveAsync(new ActorSave(ToyHost.Id, version, next, "{\"number\":"u8.ToArray(), null, null, ActorFlags.None));
        var shell = _host.NewShell();

        var first = await Assert.ThrowsAsync<ActorStoppedException>(async () => await shell.HandleAsync(new Ask()));
        await Assert.ThrowsAsync<ActorStoppedException>(async () => await shell.WakeAsync(stored: true));

        Assert.IsType<System.Text.Json.JsonException>(first.InnerException);
        Assert.Single(_host.Log, line => line.StartsWith("alert", StringComparison.Ordinal));
        Assert.Equal(next, (await _host.Storage.LoadAsync(ToyHost.Id))!.Version);
    }

    [Fact]
    public async Task Storage_ThatForgotByAClockThatIsAhead_IsNoRollback()
    {
        await Shell.HandleAsync(new Set(1));
        await Shell.HandleAsync(new Forget(Now.AddMinutes(100)));
        Assert.Equal(1, await _host.Storage.ForgetAsync(Now.AddMinutes(110), 9));

        await Assert.ThrowsAsync<StorageConflictException>(async () => await Shell.HandleAsync(new Set(2)));

        Assert.Equal(0, await Shell.HandleAsync(new Ask()));
        Assert.DoesNotContain(_host.Log, line => line.StartsWith("alert", StringComparison.Ordinal));
    }

    [Fact]
    public async Task State_ThatStorageWasAllowedToForget_BeginsAnewAndIsNoRollback()
    {
        await Shell.HandleAsync(new Set(1));
        await Shell.HandleAsync(new Forget(Now));
        Assert.Equal(1, await _host.Storage.ForgetAsync(Now, 9));

        await Assert.ThrowsAsync<StorageConflictException>(async () => await Shell.HandleAsync(new Set(2)));

        Assert.Equal(3, await Shell.HandleAsync(new Set(3)));
        Assert.Equal(3, (await _host.StoredAsync())!.Number);
        Assert.DoesNotContain(_host.Log, line => line.StartsWith("alert", StringComparison.Ordinal));
    }

    [Fact]
    public async Task State_ThatVanishedBeforeItsTime_IsARollback()
    {
        await Shell.HandleAsync(new Forget(Now.AddDays(8)));
        await _host.Storage.ForgetAsync(DateTimeOffset.MaxValue, 9);

        await Assert.ThrowsAsync<StorageConflictException>(async () => await Shell.HandleAsync(new Set(2)));
        await Assert.ThrowsAsync<ActorStoppedException>(async () => await Shell.HandleAsync(new Ask()));
    }

    /// <summary>Storage as it was before: only a new row under the old version.</summary>
    private async Task RestoreAsync(StoredActor before)
    {
        var now = (await _host.Storage.LoadAsync(ToyHost.Id))!.Version;
        await _host.Storage.SaveAsync(new ActorSave(ToyHost.Id, now, before.Version, before.State, null, null, ActorFlags.None));
    }

    /// <summary>Two activations: the one that saved is gone, the other one is woken for what is stored.</summary>
    [Fact]
    public async Task StoredWake_OfAnOvertakenActivation_DoesWhatIsStored()
    {
        var old = Shell;
        await old.HandleAsync(new Set(1));
        await _host.NewShell().HandleAsync(new Owe(new Debt("a", Now.AddSeconds(1))));
        _host.Clock.Now += TimeSpan.FromSeconds(1);

        await old.WakeAsync(stored: true);

        Assert.Equal(["a"], _host.Calls);
    }

    /// <summary>What an activation owed before others overtook it does not leave any more.</summary>
    [Fact]
    public async Task Mutation_OfAnOvertakenActivation_DoesNotLeave()
    {
        var old = Shell;
        await old.HandleAsync(new Owe(new Debt("m", Now.AddSeconds(1), Mutation: true)));
        await _host.NewShell().HandleAsync(new Paid("m"));
        await _host.Shell.HandleAsync(new Set(2));
        _host.Clock.Now += TimeSpan.FromSeconds(1);

        await Assert.ThrowsAsync<StorageConflictException>(async () => await old.WakeAsync(stored: false));

        Assert.Empty(_host.Calls);
    }

    /// <summary>It would end a debt of which only its successor knows what it is about.</summary>
    [Fact]
    public async Task Confirmed_AnswerOfAnOvertakenActivation_IsNotGiven()
    {
        var old = Shell;
        await old.HandleAsync(new Set(1));
        await _host.NewShell().HandleAsync(new Set(2));

        await Assert.ThrowsAsync<StorageConflictException>(async () => await old.HandleAsync(new Ask(Keep.Confirmed)));
        Assert.Equal(2, await old.HandleAsync(new Ask(Keep.Confirmed)));
    }

    /// <summary>What is under way may be all that a state waits for: if its activation dies, somebody has to read it again.</summary>
    [Fact]
    public async Task Once_UnderWayAndNothingElseOwed_IsWokenForAllTheSame()
    {
        await Shell.HandleAsync(new Owe(new Debt("a", Now, Once: true)));

        Assert.Single(await _host.Storage.DueAsync(Now.AddMinutes(1), 9));
    }

    /// <summary>The save is lost, and with it what seemed odd: nobody is woken for it.</summary>
    [Fact]
    public async Task Alert_WhoseTurnCouldNotBeSaved_IsNotRaised()
    {
        await Shell.HandleAsync(new Set(1));
        await _host.NewShell().HandleAsync(new Set(2));
        var old = new Shell<Toy, ToyMessage, int>(ToyHost.Id, new ToyMachine(), new ShellPorts(_host.Storage, Stored.Codec, _host, _host, _host, _host.Clock, () => 99), _host);
        await old.HandleAsync(new Ask());
        await _host.Shell.HandleAsync(new Set(3));

        await Assert.ThrowsAsync<StorageConflictException>(async () => await old.HandleAsync(new Wonder()));

        Assert.DoesNotContain(_host.Log, line => line.StartsWith("alert", StringComparison.Ordinal));
    }
}
