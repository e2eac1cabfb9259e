using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;

namespace ChainCheckout.Tests.Actors;

/// <summary>What the world does with any actor.</summary>
internal interface ILiveActor
{
    DateTimeOffset? WakesAt { get; }

    int Waiting { get; }

    Task WakeAsync(bool stored);

    Task NextOutcomeAsync();
}

/// <summary>One activation whose turns are taken when the world says so.</summary>
internal sealed class LiveActor<TState, TMessage, TReply> : IActivation<TMessage>, ILiveActor
    where TState : class
    where TMessage : class
{
    private readonly Queue<ShellOutcome<TMessage>> _outcomes = new();
    private readonly Shell<TState, TMessage, TReply> _shell;
    private readonly TimeProvider _clock;

    public LiveActor(ActorId id, IMachine<TState, TMessage, TReply> machine, ShellPorts ports)
    {
        _clock = ports.Clock;
        _shell = new Shell<TState, TMessage, TReply>(id, machine, ports, this);
    }

    public DateTimeOffset? WakesAt { get; private set; }

    public int Waiting => _outcomes.Count;

    public async Task<TReply> SendAsync(TMessage message) => await _shell.HandleAsync(message);

    public Task WakeAsync(bool stored)
    {
        WakesAt = null;
        return GuardedAsync(async () => await _shell.WakeAsync(stored));
    }

    public Task NextOutcomeAsync()
    {
        var outcome = _outcomes.Dequeue();
        return GuardedAsync(async () => await _shell.HandleOutcomeAsync(outcome));
    }

    void IActivation<TMessage>.Post(ShellOutcome<TMessage> outcome) => _outcomes.Enqueue(outcome);

    void IActivation<TMessage>.WakeAfter(TimeSpan? delay) => WakesAt = delay is { } after ? _clock.GetUtcNow() + after : null;

    /// <summary>Storage failed: as any host does, look again a second later.</summary>
    private async Task GuardedAsync(Func<Task> turn)
    {
        try
        {
            await turn();
        }
        catch (IOException)
        {
            WakesAt = _clock.GetUtcNow().AddSeconds(1);
        }
    }
}
