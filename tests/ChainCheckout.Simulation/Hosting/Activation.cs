using ChainCheckout.Simulation.Faults;
using ChainCheckout.Simulation.Time;

namespace ChainCheckout.Simulation.Hosting;

/// <summary>One activation of one actor on one machine: the real shell, and a queue of turns taken one at a time.</summary>
internal sealed class Activation<TState, TMessage, TReply> : IActivation<TMessage>, IActivationSlot
    where TState : class
    where TMessage : class
{
    private static readonly TimeSpan RetryAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Queue<Turn> _turns = new();
    private readonly Shell<TState, TMessage, TReply> _shell;
    private readonly World _world;
    private readonly Node _node;
    private Happening? _timer;
    private bool _running;
    private bool _gone;

    public Activation(World world, Node node, ActorId id, IMachine<TState, TMessage, TReply> machine)
    {
        (_world, _node, Id) = (world, node, id);
        _shell = new Shell<TState, TMessage, TReply>(id, machine, node.Ports, this);
    }

    public ActorId Id { get; }

    public void Send(TMessage message, Action<TReply> answer, Action<Exception> failed) =>
        Take(new Turn(async () => answer(await _shell.HandleAsync(message)), failed, IsMessage: true));

    public void Wake(bool stored, Action done, Action<Exception> failed) => Take(new Turn(
        async () =>
        {
            await _shell.WakeAsync(stored);
            done();
        },
        failed));

    public void Post(ShellOutcome<TMessage> outcome) => Take(new Turn(async () => await _shell.HandleOutcomeAsync(outcome), _ => { }));

    public void WakeAfter(TimeSpan? delay)
    {
        _timer?.CallOff();
        _timer = delay is { } after ? _node.After(after, () => Wake(stored: false, () => { }, _ => { })) : null;
    }

    public void Retire(TimeSpan? idleFor) => Take(new Turn(() => RestAsync(idleFor), _ => { }));

    private async Task RestAsync(TimeSpan? idleFor)
    {
        if (!_shell.IsIdle(idleFor)) return;
        await _shell.RestAsync();
        if (_turns.Count > 0) return;
        _world.Faults.Count(FaultKind.Retired);
        _world.LeftMemory(Id);
        _gone = true;
        _timer?.CallOff();
        _node.Remove(this);
    }

    private void Take(Turn turn)
    {
        if (_gone)
        {
            turn.Failed(new TimeoutException("the actor has left this machine"));
            return;
        }

        _turns.Enqueue(turn);
        if (_running) return;
        _running = true;
        _node.After(TimeSpan.Zero, () => _ = RunAsync());
    }

    private async Task RunAsync()
    {
        while (_turns.TryDequeue(out var turn))
        {
            try
            {
                await turn.Run();
            }
            catch (Exception failure)
            {
                // As every host does: whoever asked is told, and what is still owed is looked at again.
                _world.Checks.TurnFailed(Id, failure);
                _world.LeftMemory(Id);
                turn.Failed(failure);
                if (!turn.IsMessage && failure is not ActorStoppedException) WakeAfter(RetryAfterFailure);
            }
        }

        _running = false;
        if (_world.Faults.RateOf(FaultKind.Retired) is var rate && _world.Chance.Draw(rate)) Retire(null);
    }

    private sealed record Turn(Func<Task> Run, Action<Exception> Failed, bool IsMessage = false);
}
