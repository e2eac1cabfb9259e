using ChainCheckout.Core.Actors;
using static ChainCheckout.Tests.Actors.ToyMessage;

namespace ChainCheckout.Tests.Actors;

/// <summary>What is owed: when it starts, how often, and what becomes of its outcome.</summary>
public sealed class ShellOperationTests
{
    private readonly ToyHost _host = new();

    private Shell<Toy, ToyMessage, int> Shell => _host.Shell;

    private DateTimeOffset Now => _host.Clock.Now;

    [Fact]
    public async Task Once_StartedIsSavedBeforeTheCallLeaves()
    {
        await Shell.HandleAsync(new Owe(new Debt("a", Now, Once: true)));

        Assert.Equal(["call a after 2 saves"], _host.Log);
        Assert.True(Assert.Single((await _host.StoredAsync())!.Debts).Started);
    }

    [Fact]
    public async Task Once_StartedBeforeALoad_IsNotSentAgain()
    {
        await Shell.HandleAsync(new Owe(new Debt("a", Now, Once: true)));

        await _host.NewShell().WakeAsync(stored: true);

        Assert.Single(_host.Log, line => line.StartsWith("call a", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Once_StartedCouldNotBeSaved_DoesNotLeave()
    {
        await Shell.HandleAsync(new Set(1));
        await Shell.HandleAsync(new Owe(new Debt("a", Now.AddSeconds(1), Once: true)));
        _host.Clock.Now += TimeSpan.FromSeconds(1);
        _host.Storage.FailNext(new IOException("disk"));

        await Assert.ThrowsAsync<IOException>(async () => await Shell.WakeAsync(stored: false));
        Assert.Empty(_host.Calls);

        await Shell.WakeAsync(stored: false);
        Assert.Equal(["a"], _host.Calls);
    }

    [Fact]
    public async Task Repeatable_UnderWayAtALoad_IsSentAgain()
    {
        await Shell.HandleAsync(new Owe(new Debt("a", Now)));

        await _host.NewShell().WakeAsync(stored: true);

        Assert.Equal(2, _host.Log.Count(line => line.StartsWith("call a", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Owed_UnderWay_IsNotStartedTwice()
    {
        await Shell.HandleAsync(new Owe(new Debt("a", Now)));
        await Shell.HandleAsync(new Set(1));

        Assert.Equal(["a"], _host.Calls);
    }

    [Fact]
    public async Task Mutations_AreUnderWayOneAtATime()
    {
        await Shell.HandleAsync(new Owe(new Debt("m1", Now, Mutation: true), new Debt("m2", Now, Mutation: true), new Debt("r", Now)));
        Assert.Equal(["m1", "r"], _host.Calls);

        _host.End("m1");
        await Shell.HandleOutcomeAsync(_host.Outcomes.Dequeue());

        Assert.Equal(["r", "m2"], _host.Calls);
    }

    [Fact]
    public async Task Outcome_IsATurnAndDischargesTheDebt()
    {
        await Shell.HandleAsync(new Owe(new Debt("a", Now)));
        _host.End("a");

        await Shell.HandleOutcomeAsync(Assert.Single(_host.Outcomes));

        Assert.Empty(_host.Calls);
        Assert.True(Shell.IsIdle(null));
        Assert.Equal(1, _host.Storage.Saves);
    }

    [Fact]
    public async Task Operation_ThatThrows_EndsAsLostNotAsFailed()
    {
        await Shell.HandleAsync(new Owe(new Debt("a", Now)));
        _host.Break("a");

        await Shell.HandleOutcomeAsync(Assert.Single(_host.Outcomes));

        Assert.Equal(-1, await Shell.HandleAsync(new Ask()));
        Assert.Contains("failed: a", _host.Log);
    }

    [Fact]
    public async Task Wake_IsByMemoryTimerAtTheDueTimeAndStoredFiveSecondsLater()
    {
        await Shell.HandleAsync(new Owe(new Debt("late", Now.AddMinutes(2)), new Debt("soon", Now.AddMinutes(1))));

        Assert.Equal(TimeSpan.FromMinutes(1), _host.WakesAfter);
        Assert.Empty(await _host.Storage.DueAsync(Now.AddSeconds(64), 9));
        Assert.Single(await _host.Storage.DueAsync(Now.AddSeconds(65), 9));
    }

    [Fact]
    public async Task Wake_AfterTheWallClockWentBack_IsByTheMonotonicClock()
    {
        var soon = new Debt("soon", Now.AddMinutes(1));
        await Shell.HandleAsync(new Owe(soon));

        _host.Clock.Skew = TimeSpan.FromHours(-1);
        _host.Clock.Now += TimeSpan.FromSeconds(40);
        await Shell.HandleAsync(new Set(1));
        Assert.Equal(TimeSpan.FromSeconds(20), _host.WakesAfter);
        Assert.Empty(_host.Calls);

        _host.Clock.Now += TimeSpan.FromSeconds(20);
        await Shell.WakeAsync(stored: false);
        Assert.Equal(["soon"], _host.Calls);

        // It goes on being owed under the time that the clock now calls far away: that is no reason to try it without end.
        _host.End("soon");
        await Shell.HandleOutcomeAsync(_host.Outcomes.Dequeue());
        await Shell.HandleAsync(new Owe(soon));
        Assert.Empty(_host.Calls);
    }

    [Fact]
    public async Task Wake_AfterTheWallClockWentForward_IsByTheWallClock()
    {
        await Shell.HandleAsync(new Owe(new Debt("soon", Now.AddMinutes(1))));

        _host.Clock.Skew = TimeSpan.FromHours(1);
        await Shell.WakeAsync(stored: false);

        Assert.Equal(["soon"], _host.Calls);
    }

    [Fact]
    public async Task Wake_OfWhatIsUnderWay_IsLeftToItsOutcome()
    {
        await Shell.HandleAsync(new Owe(new Debt("a", Now)));

        Assert.Null(_host.WakesAfter);
        Assert.False(Shell.IsIdle(null));
        Assert.Single(await _host.Storage.DueAsync(Now.AddSeconds(5), 9));
    }

    [Fact]
    public async Task Wake_DueAlready_IsAMillisecondAway()
    {
        await Shell.HandleAsync(new Owe(new Debt("m1", Now, Mutation: true)));
        await Shell.HandleAsync(new Owe(new Debt("r", Now.AddMilliseconds(0.2))));

        Assert.Equal(TimeSpan.FromMilliseconds(1), _host.WakesAfter);
    }

    [Fact]
    public async Task StoredWake_ServedWithoutASave_IsSettled()
    {
        await Shell.HandleAsync(new Owe(new Debt("a", Now.AddSeconds(1))));
        _host.Clock.Now += TimeSpan.FromSeconds(1);
        await Shell.WakeAsync(stored: false);
        _host.End("a");
        await Shell.HandleOutcomeAsync(_host.Outcomes.Dequeue());
        Assert.Single(await _host.Storage.DueAsync(Now.AddDays(1), 9));

        await Shell.WakeAsync(stored: true);

        Assert.Empty(await _host.Storage.DueAsync(Now.AddDays(1), 9));
        Assert.Equal(1, _host.Storage.Saves);
    }

    [Fact]
    public async Task StoredWake_OfWhatIsStillUnderWay_ComesAgain()
    {
        await Shell.HandleAsync(new Owe(new Debt("a", Now)));
        _host.Clock.Now += TimeSpan.FromSeconds(5);

        await Shell.WakeAsync(stored: true);

        Assert.Equal(Now.AddSeconds(5), Assert.Single(await _host.Storage.DueAsync(DateTimeOffset.MaxValue, 9)).WakeAt);
    }

    [Fact]
    public async Task IsIdle_LooksAsFarAheadAsItIsTold()
    {
        await Shell.HandleAsync(new Owe(new Debt("a", Now.AddMinutes(2))));

        Assert.True(Shell.IsIdle(TimeSpan.FromMinutes(1)));
        Assert.False(Shell.IsIdle(TimeSpan.FromMinutes(3)));
        Assert.True(Shell.IsIdle(null));
    }
}
