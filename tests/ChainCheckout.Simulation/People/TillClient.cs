using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Simulation.Faults;
using ChainCheckout.Simulation.Hosting;

namespace ChainCheckout.Simulation.People;

/// <summary>
/// One (till, role) at the counter: it says Hello, numbers its commands, repeats what was not answered, and comes back after a
/// crash with what its own disk still knows, or a backup of it.
/// </summary>
internal class TillClient(World world, TillId id, TillRole role, StoreProfile profile)
{
    private const int PatienceWhenRolledBack = 40;

    private Node? _gateway;
    private uint _epoch;
    private uint _answered;
    private (uint Epoch, uint Answered) _backup;
    private uint _session;
    private uint _applied;

    public TillId Id => id;

    public TillRole Role => role;

    public StoreProfile Profile => profile;

    /// <summary>The highest number that it remembers an answer to.</summary>
    public uint LastAnswered => _answered;

    /// <summary>It gave up: its server lost what it knew, and a person has to look.</summary>
    public bool IsStopped { get; protected set; }

    protected World World => world;

    protected bool IsConnected => _gateway is { IsUp: true } && _session > 0;

    /// <summary>A command, repeated under its number until it is answered. Null when the till had to give up.</summary>
    public async Task<TillAnswer?> DoAsync(TillCommand body)
    {
        if (!IsConnected && !await HelloAsync()) return null;
        var number = _applied + 1;
        for (var tries = 0; ; tries++)
        {
            if (GivesUp(tries)) return null;
            switch (await AskAsync(CommandOf(number, body)))
            {
                case TillReply.Answer { Reply: var answer }:
                    await AnsweredAsync(number, body, answer);
                    return answer;

                // The server does not remember what it has answered: the number is not ours to choose.
                case TillReply.NotApplied { Code: "SequenceGap" or "SequenceReused" }:
                    if (!await HelloAsync()) return null;
                    number = _applied + 1;
                    break;
                case TillReply.NotApplied:
                    if (!await HelloAsync()) return null;
                    break;
                default:
                    await world.Schedule.Delay(world.Chance.Seconds(0.3, 2));
                    if (!IsConnected && !await HelloAsync()) return null;
                    break;
            }
        }
    }

    /// <summary>Asks whether there is a newer view than the one shown; true when the till has answered.</summary>
    public async Task<bool> WatchAsync(long seen)
    {
        if (!IsConnected) return await HelloAsync();
        switch (await AskAsync(new TillMessage.Watch(role, _session, seen)))
        {
            case TillReply.Watched watched:
                if (watched.Newer is { } newer) Show(newer);
                return true;
            case TillReply.NotApplied:
                return await HelloAsync();
            default:
                return false;
        }
    }

    /// <summary>The connection breaks; the gateway notices, unless it is gone itself.</summary>
    public void HangUp()
    {
        if (_gateway is { IsUp: true } gateway && _session > 0) _ = TellGoneAsync(gateway, _session);
        _gateway = null;
        _session = 0;
    }

    /// <summary>The program at the counter dies, and starts again from its own disk, or from a backup of it.</summary>
    public void Crash()
    {
        world.Trace.Say($"{id}", $"the {role} crashes");
        HangUp();
        if (!world.Faults.Strikes(FaultKind.TillRestoredFromBackup)) return;
        world.Trace.Say($"{id}", $"and is restored from a backup: epoch {_backup.Epoch}, number {_backup.Answered}");
        world.Restored.Add(id);
        (_epoch, _answered) = _backup;
    }

    public async Task<bool> HelloAsync()
    {
        _session = 0;
        for (var tries = 0; !GivesUp(tries); tries++)
        {
            _gateway = world.Chance.Pick(world.Nodes);
            switch (await AskAsync(new TillMessage.Hello(role, _epoch, _answered, profile)))
            {
                case TillReply.Welcome welcome:
                    world.Checks.Welcomed(this, welcome);
                    if (world.Chance.Below(8) == 0) _backup = (_epoch, _answered);
                    (_session, _epoch, _applied) = (welcome.Session, welcome.Epoch, welcome.LastApplied);
                    Show(welcome.View, isFirst: true);
                    return true;
                default:
                    await world.Schedule.Delay(world.Chance.Seconds(0.5, 4));
                    break;
            }
        }

        return false;
    }

    /// <summary>Of two views the newer one stands; that of a welcome stands whatever was shown before.</summary>
    public virtual void Show(TillView view, bool isFirst = false)
    {
    }

    private async Task AnsweredAsync(uint number, TillCommand body, TillAnswer answer)
    {
        (_applied, _answered) = (number, Math.Max(_answered, number));
        world.Trace.Say($"{id}", $"{role} number {number}: {answer.Code}");
        world.Checks.Answered(this, number, body, answer);
        if (world.Faults.Strikes(FaultKind.CommandRepeated) && await AskAsync(CommandOf(number, body)) is TillReply.Answer again)
            world.Checks.Answered(this, number, body, again.Reply);
        if (world.Faults.Strikes(FaultKind.NumberReused)) await AskAsync(CommandOf(number, new TillCommand.Close("another sale")));
    }

    /// <summary>The chance in a command is the gateway's: a repeat has another.</summary>
    private TillMessage.Command CommandOf(uint number, TillCommand body) => new(role, _session, number, body.ToString(), world.Chance.Hex(10), body);

    /// <summary>Null: nobody knows whether it was acted on.</summary>
    private async Task<TillReply?> AskAsync(TillMessage message)
    {
        if (_gateway is not { IsUp: true } gateway) return null;
        var answer = new TaskCompletionSource<TillReply?>();

        // A gateway that dies says nothing: the till's own patience ends.
        var givesUp = world.Schedule.After(TimeSpan.FromSeconds(6), () => answer.TrySetResult(null));
        _ = ForwardAsync();
        var reply = await answer.Task;
        givesUp.CallOff();
        return reply;

        async Task ForwardAsync()
        {
            try
            {
                answer.TrySetResult(await gateway.Actors.SendAsync(id, message));
            }
            catch (Exception failure) when (failure is IOException or TimeoutException or StorageConflictException or ActorStoppedException)
            {
                answer.TrySetResult(null);
            }
        }
    }

    private async Task TellGoneAsync(Node gateway, uint session)
    {
        try
        {
            await gateway.Actors.SendAsync(id, new TillMessage.Gone(role, session));
        }
        catch (Exception failure) when (failure is IOException or TimeoutException or StorageConflictException or ActorStoppedException)
        {
            world.Trace.Say($"{id}", "the gateway could not tell that the till is gone");
        }
    }

    /// <summary>A till whose server lost its state may never be answered again.</summary>
    private bool GivesUp(int tries)
    {
        if (!world.WentBack || tries < PatienceWhenRolledBack) return false;
        IsStopped = true;
        return true;
    }
}
