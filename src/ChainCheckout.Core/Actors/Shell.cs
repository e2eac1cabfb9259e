using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core.Ports;

namespace ChainCheckout.Core.Actors;

/// <summary>What a shell asks of the host that carries it: bring an outcome back as a turn, call again later.</summary>
public interface IActivation<TMessage>
{
    /// <summary>Puts the outcome into the actor's own queue; it comes back through <see cref="Shell{TState,TMessage,TReply}.HandleOutcomeAsync"/>.</summary>
    void Post(ShellOutcome<TMessage> outcome);

    /// <summary>One memory timer: wake after this long, or never for null. The newest call replaces the one before.</summary>
    void WakeAfter(TimeSpan? delay);
}

/// <summary>How one started operation ended.</summary>
public sealed record ShellOutcome<TMessage>(string Operation, TMessage Message);

/// <summary>
/// Keeps an actor's state and starts its work; it decides nothing. The same class for every actor, wherever it lives:
/// load → decide → save state and wake-up in one write → reply and push the view → start what is owed and due.
/// Its host gives it one call at a time.
/// </summary>
public sealed class Shell<TState, TMessage, TReply>(
    ActorId id, IMachine<TState, TMessage, TReply> machine, ShellPorts ports, IActivation<TMessage> self)
    where TState : class
    where TMessage : class
{
    /// <summary>The stored wake-up is the safety net behind the memory timer.</summary>
    public static readonly TimeSpan WakeNet = TimeSpan.FromSeconds(5);

    /// <summary>Whoever deletes what is to be forgotten may have a clock that is an hour ahead where this one's is an hour behind.</summary>
    private static readonly TimeSpan ClocksApart = TimeSpan.FromHours(2);

    private readonly JsonTypeInfo<TState> _json = machine.StateJson(ports.Codec);
    private readonly long _activation = ports.NewActivation();
    private readonly Dictionary<string, bool> _inFlight = [];
    private readonly Countdowns _countdowns = new(ports.Clock);
    private StoredVersion _confirmed;
    private TState? _state;
    private ActorFlags _storedFlags;
    private DateTimeOffset? _forgetAt;
    private bool _stopped;

    /// <summary>In this turn storage has said that what is in memory is what it holds.</summary>
    private bool _isConfirmed;

    /// <summary>Nothing runs, and nothing is due in memory before <paramref name="within"/> from now; null: whatever is due.</summary>
    public bool IsIdle(TimeSpan? within) =>
        _inFlight.Count == 0 &&
        (within is null || _state is null || UntilNext(_state) is not { } next || next > within);

    public async ValueTask<TReply> HandleAsync(TMessage message)
    {
        _isConfirmed = false;
        await LoadOnceAsync();
        var reply = await TurnAsync(message);
        await StartOwedAsync();
        return reply;
    }

    public async ValueTask HandleOutcomeAsync(ShellOutcome<TMessage> outcome)
    {
        _inFlight.Remove(outcome.Operation);
        await HandleAsync(outcome.Message);
    }

    /// <summary>A timer fired, or (<paramref name="stored"/>) storage said that the wake-up is due.</summary>
    public async ValueTask WakeAsync(bool stored)
    {
        _isConfirmed = false;
        if (stored) await ForgetIfOvertakenAsync();
        await LoadOnceAsync();
        var before = _confirmed;
        await StartOwedAsync();
        if (stored && before == _confirmed) await ports.Storage.SettleWakeAsync(id, _confirmed, StoredWake(_state!), CancellationToken.None);
    }

    /// <summary>
    /// Before it leaves memory. A debt discharged in memory only is at worst discharged again; what an operator's list
    /// says has to be true.
    /// </summary>
    public async ValueTask RestAsync()
    {
        if (_state is not null && !_stopped && machine.Flags(_state) != _storedFlags) await SaveAsync(_state);
    }

    /// <summary>
    /// Of two activations the one that saved may be gone and the other one woken: it would look for debts in a state that is no
    /// longer the stored one, and find none for ever.
    /// </summary>
    private async ValueTask ForgetIfOvertakenAsync()
    {
        if (_state is null || _stopped) return;
        var stored = await ports.Storage.LoadAsync(id, CancellationToken.None);
        _isConfirmed = (stored?.Version ?? StoredVersion.None) == _confirmed;
        if (!_isConfirmed) _state = null;
    }

    /// <summary>
    /// A change at Vipps leaves from the stored state only. An activation that slept while another one ended the matter would
    /// send what it owed then: a push to a customer who has long left.
    /// </summary>
    private async ValueTask ConfirmAsync()
    {
        if (_isConfirmed) return;
        await ForgetIfOvertakenAsync();
        if (_state is null) throw new StorageConflictException(id);
    }

    private async ValueTask LoadOnceAsync()
    {
        if (_stopped) throw new ActorStoppedException(id);
        if (_state is not null) return;

        var stored = await ports.Storage.LoadAsync(id, CancellationToken.None);
        var version = stored?.Version ?? StoredVersion.None;
        if (IsRolledBack(version) && !WasForgotten(version))
        {
            _stopped = true;
            ports.Log.Alert(id, "storage went back in time: stopped");
            throw new ActorStoppedException(id);
        }

        _confirmed = version;
        _isConfirmed = true;
        _state = stored is null ? machine.Initial(id.Key) : Read(stored.State);
        _storedFlags = stored is null ? ActorFlags.None : machine.Flags(_state);
        _forgetAt = machine.ForgetAt(_state);
        if (stored is not null && machine.Loaded is { } loaded) await TurnAsync(loaded);
    }

    /// <summary>
    /// What cannot be read is neither begun anew over nor asked for again and again: this actor alone stops, and an
    /// operator has to look.
    /// </summary>
    private TState Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return ports.Codec.Decode(bytes, _json);
        }
        catch (Exception unreadable)
        {
            _stopped = true;
            ports.Log.Alert(id, $"its stored state cannot be read: stopped ({unreadable.GetType().Name})");
            throw new ActorStoppedException(id, unreadable);
        }
    }

    /// <summary>A lower counter than one's own, or one's own counter under another's name: what was durable is gone.</summary>
    private bool IsRolledBack(StoredVersion stored) =>
        stored.Counter < _confirmed.Counter ||
        (stored.Counter == _confirmed.Counter && stored.Activation != _confirmed.Activation);

    /// <summary>Storage was allowed to delete it, and did so while it was in memory: it begins anew.</summary>
    private bool WasForgotten(StoredVersion stored) => stored == StoredVersion.None && _forgetAt <= ports.Clock.GetUtcNow() + ClocksApart;

    private async ValueTask<TReply> TurnAsync(TMessage message)
    {
        var now = ports.Clock.GetUtcNow();
        var decision = machine.Decide(_state!, message, now);
        if (decision.Keep == Keep.Confirmed) await ConfirmAsync();
        if (!ReferenceEquals(decision.State, _state) && (decision.Keep == Keep.Saved || RaisesFlag(decision.State))) await SaveAsync(decision.State);

        // After the save: what an activation finds odd that others have overtaken is nobody's alarm.
        if (decision.Alert is { } alert) ports.Log.Alert(id, alert);
        if (ReferenceEquals(decision.State, _state)) return decision.Reply;

        _state = decision.State;
        if (ports.Watchers.IsWatched(id) && machine.View(_state, now) is { } view) ports.Watchers.Push(id, view);
        return decision.Reply;
    }

    /// <summary>Something new for the operator's list is never kept in memory only.</summary>
    private bool RaisesFlag(TState next) => (machine.Flags(next) & ~_storedFlags) != ActorFlags.None;

    private async ValueTask SaveAsync(TState next)
    {
        var version = new StoredVersion(_confirmed.Counter + 1, _activation);
        var save = new ActorSave(
            id, _confirmed, version, ports.Codec.Encode(next, _json), StoredWake(next), machine.ForgetAt(next), machine.Flags(next));
        try
        {
            await ports.Storage.SaveAsync(save, CancellationToken.None);
            _confirmed = version;
            _isConfirmed = true;
            _storedFlags = save.Flags;
            _forgetAt = save.ForgetAt;
        }
        catch (Exception failure)
        {
            // The write may or may not have landed. Memory now guesses; the store knows. Drop it and read again.
            _state = null;
            ports.Log.StorageFailed(id, failure);
            throw;
        }
    }

    private async ValueTask StartOwedAsync()
    {
        foreach (var owed in machine.Owed(_state!))
        {
            if (_inFlight.ContainsKey(owed.Name) || _countdowns.Left(owed) > TimeSpan.Zero) continue;
            if (owed.Mutation && _inFlight.ContainsValue(true)) continue;
            if (owed.Mutation) await ConfirmAsync();

            _inFlight.Add(owed.Name, owed.Mutation);
            _countdowns.Start(owed);
            if (owed.Repeat == Repeat.Once && !await TryMarkStartedAsync(owed)) return;
            _ = RunAsync(owed);
        }

        self.WakeAfter(UntilNext(_state!) is { } next ? AtLeastAMillisecond(next) : null);
    }

    /// <summary>"Started" is saved before the call leaves: found started after a load, its outcome is unknown.</summary>
    private async ValueTask<bool> TryMarkStartedAsync(Owed owed)
    {
        try
        {
            await TurnAsync(machine.Starting(owed.Operation));
            return true;
        }
        catch
        {
            _inFlight.Remove(owed.Name);
            throw;
        }
    }

    private async Task RunAsync(Owed owed)
    {
        TMessage outcome;
        try
        {
            outcome = (TMessage)await ports.Operations.RunAsync(id, owed.Operation, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // Unknown, not failed: the bytes may have arrived. The state reads back before it repeats.
            ports.Log.OperationFailed(id, owed.Name, failure);
            outcome = machine.Lost(owed.Operation);
        }

        self.Post(new ShellOutcome<TMessage>(owed.Name, outcome));
    }

    /// <summary>
    /// The time to the earliest owed operation that could start. A mutation behind another one in flight starts in the turn of that
    /// one's outcome, not by a timer.
    /// </summary>
    private TimeSpan? UntilNext(TState state)
    {
        TimeSpan? next = null;
        var mutating = _inFlight.ContainsValue(true);
        foreach (var owed in machine.Owed(state))
        {
            if (_inFlight.ContainsKey(owed.Name) || (owed.Mutation && mutating)) continue;
            var left = _countdowns.Left(owed);
            if (next is null || left < next) next = left;
        }

        return next;
    }

    private DateTimeOffset? StoredWake(TState state)
    {
        DateTimeOffset? wake = null;
        foreach (var owed in machine.Owed(state))
        {
            if (wake is null || owed.DueAt < wake) wake = owed.DueAt;
        }

        // What is under way may be all that this state waits for: should its outcome never come, somebody has to read it again.
        var now = ports.Clock.GetUtcNow();
        if (wake is null && _inFlight.Count > 0) wake = now;
        if (wake is null) return null;
        return (wake < now ? now : wake.Value) + WakeNet;
    }

    private static TimeSpan AtLeastAMillisecond(TimeSpan delay) =>
        delay < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : delay;
}
