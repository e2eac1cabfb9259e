using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Tills;
using ChainCheckout.Simulation.Hosting;
using ChainCheckout.Simulation.Vipps;

namespace ChainCheckout.Simulation.Checks;

/// <summary>An event is stored before it leaves, under the id that every repeat of it has.</summary>
internal sealed class EventsAreStoredFirst(World world) : Checker(world)
{
    private readonly HashSet<string> _stored = [];

    public override string Invariants => "I-22";

    public override void Saved(SavedState saved)
    {
        if (saved.After is not CustomerState state) return;
        foreach (var owed in state.EventsOwed) _stored.Add(owed.EventId);
    }

    public override void Published(CustomerId customer, LoyaltyEvent happened) =>
        Ask(_stored.Contains(happened.EventId), $"event {happened.EventId} reached Vipps and was never stored", customer.Text);
}

/// <summary>The events of one member arrive in their order; one that is refused does not hold up the others.</summary>
internal sealed class EventsInOrder(World world) : Checker(world)
{
    private readonly Dictionary<string, DateTimeOffset> _newest = [];
    private readonly HashSet<string> _doubled = [];

    public override string Invariants => "I-23";

    public override string MayBreakWhenRolledBack => "events after the loss are dated from the older state on";

    public override void Published(CustomerId customer, LoyaltyEvent happened)
    {
        // Of two activations the one that was overtaken may still bring what it owed: its older timestamp says so. Under
        // whichever of the member's numbers that was.
        if (World.Whereabouts.WasDoubled(ActorId.Of(customer))) _doubled.Add(happened.MemberId);
        if (_newest.TryGetValue(happened.MemberId, out var before) && !_doubled.Contains(happened.MemberId))
            Ask(happened.At > before, $"event {happened.EventId} of {happened.At:O} came after one of {before:O}", customer.Text);
        _newest[happened.MemberId] = happened.At;
    }

    public override void AtRest()
    {
        foreach (var (id, _) in World.Disk.All(ActorKind.Customer))
        {
            if (World.Checks.Stored(id) is CustomerState { EventsOwed: [var first, ..] } && World.Vendor.Loyalty.Poison.Contains(first.EventId))
                Fail($"customer {id.Key}: {first.EventId} is refused for ever and holds up what comes after it", id.Key);
        }
    }
}

/// <summary>A phone is told of a check-in once in a visit at most, and what it is told of the membership is so at that moment.</summary>
internal sealed class CheckedInTruly(World world) : Checker(world)
{
    private readonly HashSet<string> _visits = [];
    private int _sent;

    public override string Invariants => "I-25";

    public override string MayBreakWhenRolledBack => "the count of visits went back too, and the next visit has a name that was used";

    public override void Starts(Node node, ActorId actor, object operation)
    {
        if (operation is not CustomerOperation.SendCheckIn send) return;
        _sent++;
        Ask(_visits.Add($"{actor.Key} {send.Visit}"), $"the phone is told twice of visit {send.Visit}", actor.Key, send.Visit[..7]);
    }

    public override void Arrived(CustomerId customer, bool isMember, bool isFresh)
    {
        // A machine that has not noticed that others took over knows what was so when it stood still.
        var stored = (World.Checks.Stored(ActorId.Of(customer)) as CustomerState)?.Member is not null;
        if (isFresh && !World.Whereabouts.WasDoubled(ActorId.Of(customer)))
            Ask(stored == isMember, $"customer {customer}: the phone is told {isMember}, stored is {stored}", customer.Text);
    }

    public override void AtRest() => Ask(
        World.Vendor.CheckIns.Count <= _sent, $"{World.Vendor.CheckIns.Count} check-ins arrived for {_sent} that were owed");
}

/// <summary>A Loyalty API that is away changes and delays no payment.</summary>
internal sealed class LoyaltyStaysApart(World world) : Checker(world)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(15);

    private readonly HashSet<PaymentReference> _givenUp = [];

    public override string Invariants => "I-27";

    public override string MayBreakWhenRolledBack => "a payment whose state was lost is captured by nobody";

    public override void Saved(SavedState saved)
    {
        if (saved.After is PaymentState.Cancelling or PaymentState.Stopped) _givenUp.Add(((PaymentState.Known)saved.After).Case.Reference);
    }

    public override void Happened(Effect effect, HeldPayment held)
    {
        if (effect.Kind != EffectKind.Approved || World.Vendor.Loyalty.AwayUntil < World.Schedule.Now + Long) return;
        World.Schedule.After(Long, () => Ask(
            held.OpenMinor == 0 || _givenUp.Contains(effect.Reference) || World.Vendor.DownUntil > World.Schedule.Now - TimeSpan.FromMinutes(5) || World.WasShaken(Long),
            $"{effect.Reference} was approved {Long.TotalMinutes} minutes ago and is not captured while the Loyalty API is away", $"{effect.Reference}"));
    }
}
