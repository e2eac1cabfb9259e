using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Tills;
using ChainCheckout.Simulation.Hosting;
using ChainCheckout.Simulation.People;
using ChainCheckout.Simulation.Vipps;

namespace ChainCheckout.Simulation.Checks;

/// <summary>What a checker found.</summary>
internal sealed record Finding(string Checker, string Invariants, string What, IReadOnlyList<string> About);

/// <summary>Every checker of a run. The first finding ends the run: what comes after it may only be its echo.</summary>
internal sealed class CheckBook
{
    private readonly World _world;
    private readonly Dictionary<ActorId, object> _stored = [];
    private readonly Checker[] _all;

    public CheckBook(World world)
    {
        _world = world;
        _all = All(world);
        Members = new MemberBook(world);
    }

    public MemberBook Members { get; }

    public Finding? Found { get; private set; }

    public static Checker[] All(World world) =>
    [
        new OnePaymentPerAttempt(world), new CapturedAsConfirmed(world), new CapturedAfterReadBack(world), new BooksAgree(world),
        new NothingDangles(world), new ShownAsItIs(world), new OneViewPerNumber(world), new SameKeySameBody(world), new IntentionFirst(world),
        new CancelledOrCaptured(world), new RefundedOnceWithinCaptured(world), new WithinRates(world), new AcknowledgedSurvives(world), new HeldWhenLost(world),
        new CommandsTakeEffectOnce(world), new ListedTransitions(world), new OneWriter(world), new WebhooksAreHints(world),
        new EventsOfASale(world), new EventsAreStoredFirst(world), new EventsInOrder(world), new JoinedByConsent(world), new MembershipsEnd(world), new ErasedIsGone(world),
        new AskedToJoinOnce(world),
        new CheckedInTruly(world), new LoyaltyStaysApart(world), new FinalIsFinal(world), new NothingPersonal(world),
        new ComesToRest(world), new NoSurprise(world), new AlertsAreEarned(world),
    ];

    /// <summary>What the disk holds of an actor, read.</summary>
    public object? Stored(ActorId id) => _stored.TryGetValue(id, out var known) ? known
        : _world.Disk.Find(id) is { } row ? _stored[id] = Read(id.Kind, row.State)
        : null;

    public void Fail(Checker by, string what, IReadOnlyList<string> about)
    {
        if (Found is not null || (_world.WentBack && by.MayBreakWhenRolledBack is not null)) return;
        Found = new Finding(by.Name, by.Invariants, what, about);
        _world.Trace.Say(by.Name, $"FOUND {what}");
    }

    /// <summary>The disk went back in time.</summary>
    public void RolledBack() => _stored.Clear();

    public void Saved(DiskWrite write)
    {
        var id = write.Save.Id;
        var before = write.Before is null ? null : _stored.TryGetValue(id, out var known) ? known : Read(id.Kind, write.Before.State);
        var after = _world.Codec.Recall(write.Save.State) ?? Read(id.Kind, write.Save.State);
        _stored[id] = after;
        if (_world.Trace.KeepsStory) _world.Trace.Tell(id.ToString(), $"stores {StoryWords.Of(after)}");
        var saved = new SavedState(write, before, after);
        Members.Saved(saved);
        foreach (var one in _all) one.Saved(saved);
    }

    public void Starts(Node node, ActorId actor, object operation)
    {
        if (_world.Trace.KeepsStory) _world.Trace.Tell(actor.ToString(), $"starts {operation.GetType().Name} on machine {node.Number}");
        if (operation is TillOperation.TellPayment { Message: PaymentMessage.Start start }) _world.Sales.Begun(start);
        foreach (var one in _all) one.Starts(node, actor, operation);
    }

    public void ChangeLeaves(Node node, PaymentReference reference, string key, object request)
    {
        foreach (var one in _all) one.ChangeLeaves(node, reference, key, request);
    }

    /// <summary>A call that changes something was really sent.</summary>
    public void Sent(PaymentReference reference)
    {
        foreach (var one in _all) one.Sent(reference);
    }

    public void ReadAnswered(PaymentReference reference, object answer)
    {
        foreach (var one in _all) one.ReadAnswered(reference, answer);
    }

    public void Happened(Effect effect, HeldPayment held)
    {
        foreach (var one in _all) one.Happened(effect, held);
    }

    public void KeyReused(PaymentReference reference, string key, string before, string now)
    {
        foreach (var one in _all) one.KeyReused(reference, key, before, now);
    }

    public void Published(CustomerId customer, LoyaltyEvent happened)
    {
        foreach (var one in _all) one.Published(customer, happened);
    }

    public void CheckInLeaves(Node node, CheckIn request)
    {
        foreach (var one in _all) one.Arrived(_world.Secret.Pseudonym(request.Phone), request.IsMember, !node.WasZombie);
    }

    public void Shown(Pos pos, TillView view)
    {
        foreach (var one in _all) one.Shown(pos, view);
    }

    public void Dropped(Pos pos, TillView stands, TillView dropped)
    {
        foreach (var one in _all) one.Dropped(pos, stands, dropped);
    }

    public void Answered(TillClient client, uint number, TillCommand body, TillAnswer answer)
    {
        foreach (var one in _all) one.Answered(client, number, body, answer);
    }

    public void Welcomed(TillClient client, TillReply.Welcome welcome)
    {
        foreach (var one in _all) one.Welcomed(client, welcome);
    }

    public void Logged(string text)
    {
        foreach (var one in _all) one.Logged(text);
    }

    public void TurnFailed(ActorId id, Exception failure)
    {
        foreach (var one in _all) one.TurnFailed(id, failure);
    }

    public void AtRest()
    {
        foreach (var one in _all) one.AtRest();
    }

    private object Read(ActorKind kind, ReadOnlyMemory<byte> bytes)
    {
        var states = _world.Codec.States;
        return kind switch
        {
            ActorKind.Till => _world.Codec.Decode(bytes, states.TillState),
            ActorKind.Customer => _world.Codec.Decode(bytes, states.CustomerState),
            ActorKind.Payment => _world.Codec.Decode(bytes, states.PaymentState),
            ActorKind.SalesUnit => _world.Codec.Decode(bytes, states.SalesUnitState),
            ActorKind.Store => _world.Codec.Decode(bytes, states.StoreState),
            ActorKind.Login => _world.Codec.Decode(bytes, states.LoginState),
            _ => throw new System.Diagnostics.UnreachableException($"No state of {kind}."),
        };
    }
}
