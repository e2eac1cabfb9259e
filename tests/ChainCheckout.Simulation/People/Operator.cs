using ChainCheckout.Core.Customers;
using ChainCheckout.Simulation.Faults;
using ChainCheckout.Simulation.Time;

namespace ChainCheckout.Simulation.People;

/// <summary>
/// Who sits at the chain's console. Now and then a member has another number, somebody asks to be forgotten, a member of
/// elsewhere is brought along, one is told to Vipps anew, or a dead letter is looked at. In every third chain nobody sits there.
/// </summary>
internal sealed class Operator
{
    private const int TriesMax = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly World _world;
    private readonly Chance _chance;
    private readonly (double Least, double Most)? _pause;
    private readonly HashSet<CustomerId> _erased = [];
    private readonly List<(Msisdn From, Msisdn To)> _moves = [];
    private bool _isHome;
    private int _imports;

    public Operator(World world)
    {
        (_world, _chance) = (world, world.Chance.Fork());
        _pause = _chance.Below(3) switch { 0 => null, 1 => (90, 900), _ => (20, 250) };
    }

    /// <summary>An operator has asked for it, at some time.</summary>
    public bool HasErased(CustomerId customer) => _erased.Contains(customer);

    public void Begin()
    {
        if (_pause is not null) _ = WorkAsync();
    }

    public void GoHome() => _isHome = true;

    /// <summary>One thing that an operator does.</summary>
    public Task ActAsync()
    {
        if (_pause is null) return Task.CompletedTask;
        if (_chance.Below(2) == 0 && Letter() is { } letter) return SettleAsync(letter.Customer, letter.Id);
        return _chance.Below(10) switch
        {
            < 4 => MoveAsync(),
            < 6 => EraseAsync(),
            < 8 => ImportAsync(),
            _ => PublishAsync(),
        };
    }

    private async Task WorkAsync()
    {
        var (least, most) = _pause!.Value;
        while (true)
        {
            await _world.Schedule.Delay(_chance.Seconds(least, most));
            if (_isHome) return;
            await ActAsync();
        }
    }

    private async Task MoveAsync()
    {
        if (Somebody(isMember: true) is not { } from) return;
        var others = _world.People.Where(one => one != from && IsMember(one)).ToArray();
        if (others.Length > 0 && _chance.Below(6) == 0)
        {
            _world.Faults.Count(FaultKind.MovedOntoMember);
            await MoveAsync(from, _chance.Pick(others));
            return;
        }

        if (_moves.FindLast(one => one.To == from) is { From: var old } && old != default && !IsMember(old) && _chance.Below(2) == 0)
        {
            _world.Faults.Count(FaultKind.MemberMovedBack);
            await MoveAsync(from, old);
            return;
        }

        if (Free(from) is not { } to) return;
        _world.Faults.Count(FaultKind.MemberMoved);
        if (!_world.People.Contains(to)) _world.People.Add(to);
        await MoveAsync(from, to);

        // It was the wrong member, or the wrong number.
        if (_chance.Below(5) > 0) return;
        await _world.Schedule.Delay(_chance.Seconds(0.1, 20));
        _world.Faults.Count(FaultKind.MemberMovedBack);
        await MoveAsync(to, from);
    }

    private Task MoveAsync(Msisdn from, Msisdn to)
    {
        if (!IsMember(to)) _world.Vendor.Logins.Follow(from, to);
        _moves.Add((from, to));
        return AskAsync(from, chance => new CustomerMessage.Move(_world.Secret.Pseudonym(to), to, chance));
    }

    private async Task EraseAsync()
    {
        if (Somebody() is not { } phone) return;
        _world.Faults.Count(FaultKind.CustomerErased);
        _erased.Add(_world.Secret.Pseudonym(phone));
        await AskAsync(phone, chance => new CustomerMessage.Erase(chance));
    }

    private async Task ImportAsync()
    {
        if (Somebody(isMember: false) is not { } phone) return;
        _world.Faults.Count(FaultKind.StrangerImported);
        var member = $"imported-late-{++_imports}";
        _world.Imported.Add(member);
        var joinedOn = _world.Schedule.Now - TimeSpan.FromDays(_chance.Between(1, 900));
        var row = new CustomerMessage.Import(phone, member, joinedOn, _chance.Below(1_500), default);
        await AskAsync(phone, _ => row);
    }

    private async Task PublishAsync()
    {
        if (Somebody(isMember: true) is not { } phone) return;
        _world.Faults.Count(FaultKind.MemberPublishedAnew);
        var isNew = _chance.Below(3) == 0;
        await AskAsync(phone, chance => new CustomerMessage.Seed(isNew, chance));
    }

    /// <summary>Most of what is sent once more goes through: Vipps has been told what was wrong with it.</summary>
    private async Task SettleAsync(CustomerId customer, string letter)
    {
        if (_chance.Below(4) == 0)
        {
            _world.Faults.Count(FaultKind.LetterDropped);
            await AskAsync(customer, _ => new CustomerMessage.DropLetter(letter));
            return;
        }

        _world.Faults.Count(FaultKind.LetterReplayed);
        if (_chance.Below(4) > 0) _world.Vendor.Loyalty.Poison.Remove(letter);
        await AskAsync(customer, _ => new CustomerMessage.ReplayLetter(letter));
    }

    /// <summary>Half of those whom an operator is asked about stand at a till just then.</summary>
    private Msisdn? Somebody(bool? isMember = null)
    {
        var all = _chance.Below(2) == 0 ? _world.Tills.Select(pos => pos.Serves).OfType<Msisdn>().ToArray() : [.. _world.People];
        var fit = all.Where(phone => isMember is null || IsMember(phone) == isMember).ToArray();
        return fit.Length == 0 ? null : _chance.Pick(fit);
    }

    private Msisdn? Free(Msisdn from)
    {
        var left = _moves.Select(one => one.From).Where(one => one != from && !IsMember(one)).ToArray();
        if (left.Length > 0 && _chance.Below(3) == 0) return _chance.Pick(left);
        return _world.Spare.TryDequeue(out var spare) ? spare : null;
    }

    private bool IsMember(Msisdn phone) => StateOf(ActorId.Of(_world.Secret.Pseudonym(phone)))?.Member is not null;

    private CustomerState? StateOf(ActorId id) => _world.Checks.Stored(id) as CustomerState;

    private (CustomerId Customer, string Id)? Letter()
    {
        foreach (var (id, row) in _world.Disk.All(ActorKind.Customer))
        {
            if ((row.Flags & ActorFlags.DeadLetter) != 0 && StateOf(id)?.LettersKept is [var first, ..]) return (new CustomerId(id.Key), first.Id);
        }

        return null;
    }

    private Task AskAsync(Msisdn phone, Func<string, CustomerMessage> message) => AskAsync(_world.Secret.Pseudonym(phone), message);

    /// <summary>Again until it is answered, for a while: what nobody answers is not done, or nobody knows.</summary>
    private async Task AskAsync(CustomerId customer, Func<string, CustomerMessage> message)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            try
            {
                // Each try has chance of its own, as at the console. A machine may die on it without a word.
                var ask = message(_chance.Hex(10));
                _world.Trace.Say($"Customer/{customer}", $"an operator asks for {ask.GetType().Name}");
                var asked = _chance.Pick(_world.Nodes).Actors.SendAsync(customer, ask).AsTask();
                await Task.WhenAny(asked, _world.Schedule.Delay(Patience));
                if (asked.IsCompleted && await asked is var reply and not CustomerReply.Refused { Code: "Moving" })
                {
                    _world.Trace.Say($"Customer/{customer}", $"answers {(reply is CustomerReply.Refused refused ? refused.Code : reply.GetType().Name)}");
                    return;
                }
            }
            catch (Exception failure) when (failure is IOException or TimeoutException or StorageConflictException or ActorStoppedException)
            {
                _world.Trace.Say($"Customer/{customer}", "does not answer an operator");
            }

            await _world.Schedule.Delay(_chance.Seconds(0.5, 10));
        }
    }
}
