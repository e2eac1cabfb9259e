using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Tills;
using ChainCheckout.Simulation.Hosting;
using ChainCheckout.Simulation.Vipps;

namespace ChainCheckout.Simulation.Checks;

/// <summary>
/// Each completed sale of a member counts once, whole, less what was given back: points at rest are those of its sales, and
/// Vipps shows them.
/// </summary>
internal sealed class EventsOfASale(World world) : Checker(world)
{
    private readonly Dictionary<PaymentReference, (CustomerId Customer, long Minor, DateTimeOffset At)> _completed = [];
    private readonly Dictionary<CustomerId, DateTimeOffset> _joined = [];
    private readonly Dictionary<string, (PaymentReference Reference, long Minor)> _refunds = [];

    public override string Invariants => "I-21";

    public override string MayBreakWhenRolledBack => "a credit that was stored and lost may be told to nobody again, or twice";

    public override void Saved(SavedState saved)
    {
        switch (saved.After)
        {
            case CustomerState { Member: not null } when (saved.Before as CustomerState)?.Member is null:
                _joined.TryAdd(new CustomerId(saved.Id.Key), World.Schedule.Now);
                break;
            case PaymentState.Captured { Case: { Customer: { } customer } known } when saved.Before is not PaymentState.Captured:
                _completed[known.Reference] = (customer, known.Amount.Minor, World.Schedule.Now);
                break;
            case PaymentState.Captured { Case: var known }:
                foreach (var refund in known.Refunds.Where(one => one is { Stage: RefundStage.Done, Rebuilt: false })) _refunds[refund.Key] = (known.Reference, refund.AmountMinor);
                break;
            case TillState till:
                foreach (var credit in till.CreditsOwed) _completed.TryAdd(credit.Reference, (credit.Customer, credit.Amount.Minor, World.Schedule.Now));
                break;
        }
    }

    public override void AtRest()
    {
        foreach (var (customer, joined) in _joined)
        {
            var id = ActorId.Of(customer);
            if (World.Checks.Stored(id) is not CustomerState { Member: { } member } state) continue;
            var mine = _completed.Where(one => one.Value.Customer == customer).ToArray();

            // Who joined about then, by clocks that may be an hour apart: either may be right.
            var near = World.ClockJumps ? TimeSpan.FromHours(2.5) : TimeSpan.FromMinutes(2);
            if (World.HasJoinedDuringRun(customer) && mine.Any(one => (one.Value.At - joined).Duration() < near)) continue;
            var since = mine.Where(one => one.Value.At >= joined || !World.HasJoinedDuringRun(customer)).ToArray();
            var expected = since.Sum(one => World.Programme.PointsFor(one.Value.Minor - GivenBack(one.Key)));
            Ask(member.Points == expected, $"customer {customer} has {member.Points} points for sales worth {expected}", [customer.Text, .. since.Select(one => $"{one.Key}")]);
            AskVipps(customer, member, state, since.Select(one => one.Key));
        }
    }

    private void AskVipps(CustomerId customer, Member member, CustomerState state, IEnumerable<PaymentReference> sales)
    {
        var accepted = World.Vendor.Loyalty.Accepted.Where(one => one.MemberId == member.MemberId).ToArray();
        if (state.LettersKept.Length > 0 || World.Vendor.Loyalty.Poison.Any(one => sales.Any(sale => one.StartsWith($"{sale}-", StringComparison.Ordinal)))) return;
        var shown = accepted.Where(one => one.Content is LoyaltyContent.MemberUpdated).MaxBy(one => one.At)?.Content as LoyaltyContent.MemberUpdated;
        if (shown is null) Ask(!sales.Any(), $"customer {customer}: no event of any sale reached Vipps", customer.Text);
        else Ask(shown.Points == member.Points, $"customer {customer}: Vipps shows {shown.Points} points of {member.Points}", customer.Text);
        foreach (var stray in accepted.Where(one => PaymentReference.TryParse(SaleOf(one.EventId), out var sale) && !_completed.ContainsKey(sale)))
            Fail($"event {stray.EventId} is of no completed sale", customer.Text);
    }

    private long GivenBack(PaymentReference sale) => _refunds.Values.Where(one => one.Reference == sale).Sum(one => one.Minor);

    private static string SaleOf(string eventId) => string.Join('-', eventId.Split('-').Take(4));
}

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

    public override string Invariants => "I-23";

    public override string MayBreakWhenRolledBack => "events after the loss are dated from the older state on";

    public override void Published(CustomerId customer, LoyaltyEvent happened)
    {
        // Of two activations the one that was overtaken may still bring what it owed: its older timestamp says so.
        if (_newest.TryGetValue(happened.MemberId, out var before) && !World.Whereabouts.WasDoubled(ActorId.Of(customer)))
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

/// <summary>Nobody is a member who was not one before, or who has not approved it on that very phone.</summary>
internal sealed class JoinedByConsent(World world) : Checker(world)
{
    public override string Invariants => "I-24";

    public override void Saved(SavedState saved)
    {
        if (saved.After is not CustomerState { Member: { } member, Phone: { } phone } || (saved.Before as CustomerState)?.Member?.MemberId == member.MemberId) return;
        if (World.Imported.Contains(member.MemberId)) return;
        var approved = World.Vendor.Logins.All.Any(one => one.Asked.Phone == phone && one is { Answer: LoginAnswer.Approved, IsSpent: true });
        Ask(approved, $"customer {saved.Id.Key} became member {member.MemberId} and never approved it", saved.Id.Key);
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
