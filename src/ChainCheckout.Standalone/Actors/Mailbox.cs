using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;

namespace ChainCheckout.Standalone.Actors;

/// <summary>What the host does with any actor, whatever its messages are.</summary>
internal interface IMailbox
{
    /// <summary>Puts a wake-up into the queue; false when this activation has retired and another has to be made.</summary>
    bool TryWake(bool stored, TaskCompletionSource? done);

    /// <summary>Asks it to leave memory when it has nothing to do; the task says whether it has left.</summary>
    Task<bool> TryRetireAsync(TimeSpan idleFor, bool evenIfTimed);

    /// <summary>Cuts it off: nothing that waits or comes later is done any more.</summary>
    void Abandon();

    /// <summary>When it last did something, by the clock's timestamp.</summary>
    long LastTurnAt { get; }
}

/// <summary>
/// One activation in this process: a queue of turns, run one at a time on the thread pool. No thread and no task stand
/// still for an actor that has nothing to do.
/// </summary>
internal sealed class Mailbox<TState, TMessage, TReply> : IMailbox, IActivation<TMessage>, IThreadPoolWorkItem
    where TState : class
    where TMessage : class
{
    /// <summary>More than this waiting for one actor means that somebody floods it.</summary>
    private const int WaitingMax = 1_000;

    private static readonly TimeSpan RetryAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<Turn> _waiting = new();
    private readonly Shell<TState, TMessage, TReply> _shell;
    private readonly ActorId _id;
    private readonly TimeProvider _clock;
    private readonly Action<ActorId, IMailbox> _retired;
    private readonly Lazy<ITimer> _timer;
    private bool _running;
    private bool _gone;

    public Mailbox(ActorId id, IMachine<TState, TMessage, TReply> machine, ShellPorts ports, Action<ActorId, IMailbox> retired)
    {
        _id = id;
        _clock = ports.Clock;
        _retired = retired;
        _shell = new Shell<TState, TMessage, TReply>(id, machine, ports, this);
        _timer = new Lazy<ITimer>(() => _clock.CreateTimer(
            static self => ((Mailbox<TState, TMessage, TReply>)self!).TryWake(stored: false, done: null), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        LastTurnAt = _clock.GetTimestamp();
    }

    public long LastTurnAt { get; private set; }

    /// <summary>False when this activation has retired: the caller takes the next one.</summary>
    public bool TrySend(TMessage message, TaskCompletionSource<TReply> done) => TryEnqueue(new Turn(message, null, done, null, TurnKind.Message));

    public bool TryWake(bool stored, TaskCompletionSource? done) =>
        TryEnqueue(new Turn(null, null, null, done, stored ? TurnKind.StoredWake : TurnKind.Wake));

    public void Post(ShellOutcome<TMessage> outcome) => TryEnqueue(new Turn(null, outcome, null, null, TurnKind.Outcome));

    public void WakeAfter(TimeSpan? delay)
    {
        if (delay is null && !_timer.IsValueCreated) return;
        _timer.Value.Change(delay ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public async Task<bool> TryRetireAsync(TimeSpan idleFor, bool evenIfTimed)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!TryEnqueue(new Turn(null, null, null, done, evenIfTimed ? TurnKind.RestAnyway : TurnKind.Rest, idleFor))) return true;
        try
        {
            await done.Task;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The shell has told of the save that failed; one actor that stays must not keep the others from leaving.
            return false;
        }

        return _gone;
    }

    public void Abandon()
    {
        List<Turn> dropped;
        lock (_gate)
        {
            _gone = true;
            dropped = [.. _waiting];
            _waiting.Clear();
        }

        if (_timer.IsValueCreated) _timer.Value.Dispose();
        var gone = new OperationCanceledException($"{_id} left this process.");
        foreach (var turn in dropped)
        {
            turn.Reply?.TrySetException(gone);
            turn.Done?.TrySetException(gone);
        }

        _retired(_id, this);
    }

    async void IThreadPoolWorkItem.Execute()
    {
        while (TryDequeue(out var turn)) await RunAsync(turn);
    }

    private async Task RunAsync(Turn turn)
    {
        try
        {
            switch (turn.Kind)
            {
                case TurnKind.Message:
                    turn.Reply!.TrySetResult(await _shell.HandleAsync(turn.Message!));
                    break;
                case TurnKind.Outcome:
                    await _shell.HandleOutcomeAsync(turn.Outcome!);
                    break;
                case TurnKind.Rest or TurnKind.RestAnyway:
                    await RestAsync(turn);
                    break;
                default:
                    await _shell.WakeAsync(turn.Kind == TurnKind.StoredWake);
                    break;
            }

            turn.Done?.TrySetResult();
        }
        catch (Exception failure)
        {
            // The shell has logged it and dropped its memory. Whoever asked is told; what is still owed is looked at again.
            turn.Reply?.TrySetException(failure);
            turn.Done?.TrySetException(failure);
            if (turn.Kind != TurnKind.Message && failure is not ActorStoppedException) WakeAfter(RetryAfterFailure);
        }
    }

    private async Task RestAsync(Turn turn)
    {
        if (!_shell.IsIdle(turn.Kind == TurnKind.RestAnyway ? null : turn.IdleFor)) return;
        await _shell.RestAsync();
        lock (_gate)
        {
            if (_waiting.Count > 0) return;
            _gone = true;
        }

        if (_timer.IsValueCreated) await _timer.Value.DisposeAsync();
        _retired(_id, this);
    }

    private bool TryEnqueue(Turn turn)
    {
        lock (_gate)
        {
            if (_gone) return false;

            // An outcome is never shed: its operation has been done.
            if (_waiting.Count >= WaitingMax && turn.Kind == TurnKind.Message) throw new ActorBusyException(_id);
            _waiting.Enqueue(turn);
            if (_running) return true;
            _running = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    private bool TryDequeue(out Turn turn)
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out turn))
            {
                LastTurnAt = turn.Kind is TurnKind.Rest ? LastTurnAt : _clock.GetTimestamp();
                return true;
            }

            _running = false;
            return false;
        }
    }

    private enum TurnKind
    {
        Message = 1,
        Outcome,
        Wake,
        StoredWake,
        Rest,
        RestAnyway,
    }

    private readonly record struct Turn(
        TMessage? Message, ShellOutcome<TMessage>? Outcome, TaskCompletionSource<TReply>? Reply, TaskCompletionSource? Done, TurnKind Kind,
        TimeSpan IdleFor = default);
}
