using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Tills;
using ChainCheckout.Simulation.Hosting;
using ChainCheckout.Simulation.Vipps;

namespace ChainCheckout.Simulation.Checks;

/// <summary>
/// Nobody is a member who was not one before, or who has not approved it on that very phone: each membership by an approval of its
/// own. A member who comes from another number is the one who is on the way from there.
/// </summary>
internal sealed class JoinedByConsent(World world) : Checker(world)
{
    private readonly Dictionary<Msisdn, HashSet<string>> _byApproval = [];

    public override string Invariants => "I-24";

    public override void Saved(SavedState saved)
    {
        if (saved.After is not CustomerState { Member: { } member, Phone: { } phone } || (saved.Before as CustomerState)?.Member?.MemberId == member.MemberId) return;
        var isNew = World.Checks.Members.Find(member.MemberId) is { Stays.Count: 1 };
        if (isNew && World.Imported.Contains(member.MemberId)) return;
        if (!isNew)
        {
            // Where storage went back, the way here may be forgotten where it began; it is a known member all the same.
            Ask(World.WentBack || IsOnTheWay(member, new CustomerId(saved.Id.Key)), $"customer {saved.Id.Key} became member {member.MemberId}, who is on the way from nowhere", saved.Id.Key);
            return;
        }

        if (!_byApproval.TryGetValue(phone, out var joined)) _byApproval.Add(phone, joined = []);
        joined.Add(member.MemberId);
        var approved = World.Vendor.Logins.All.Count(one => one.Asked.Phone == phone && one is { Answer: LoginAnswer.Approved, IsSpent: true });
        Ask(joined.Count <= approved, $"customer {saved.Id.Key} became member {member.MemberId} and never approved it", saved.Id.Key);
    }

    private bool IsOnTheWay(Member member, CustomerId here) => World.Disk.All(ActorKind.Customer).Any(one =>
        World.Checks.Stored(one.Id) is CustomerState { Moving: { } moving, Member: { } there } && moving.To == here && there.MemberId == member.MemberId);
}

/// <summary>
/// A membership ends because its owner wants to be forgotten or somebody else has the number, and Vipps is told of that; because
/// it has another number it does not end. It is never under two numbers, and never on the way for good.
/// </summary>
internal sealed class MembershipsEnd(World world) : Checker(world)
{
    public override string Invariants => "I-21, I-24";

    public override string MayBreakWhenRolledBack => "a membership that moved or ended is back where it was, and perhaps elsewhere as well";

    public override void Saved(SavedState saved)
    {
        if (saved is not { Before: CustomerState { Member: { } member } before, After: CustomerState after }) return;

        // What has been offered to the other number is what leaves here: whatever is added to it is lost.
        if (before.Moving is not null && after.Moving is not null)
            Ask(before.Sales.SequenceEqual(after.Sales), $"a sale is counted for member {member.MemberId}, who is on the way", saved.Id.Key);
        if (after.Member?.MemberId == member.MemberId) return;
        if (MemberBook.HasMoved(before, after))
        {
            var isThere = World.Checks.Members.Find(member.MemberId)!.Stays.Any(stay => stay.Number == after.WentTo!.To);
            Ask(isThere, $"member {member.MemberId} left {saved.Id.Key} and never came to {after.WentTo!.To}", saved.Id.Key, after.WentTo!.To.Text);
            return;
        }

        var end = after switch
        {
            { ErasedAt: not null, Member: null } when World.Operator.HasErased(new CustomerId(saved.Id.Key)) => MemberEnd.Erased,
            { Member: { } next, Enrolment: Enrolment.Ended { How: EnrolmentStage.Joined, Case: var joined } } when joined.Replace || IsAnother(member, next) => MemberEnd.Replaced,
            _ => MemberEnd.None,
        };
        Ask(end != MemberEnd.None, $"member {member.MemberId} is no more, and nobody asked for it", saved.Id.Key);
        Ask(IsToldOf(after, member), $"member {member.MemberId} ended and Vipps is not to be told of it", saved.Id.Key);
        World.Checks.Members.Find(member.MemberId)!.End = end;
    }

    public override void AtRest()
    {
        var at = new Dictionary<string, string>();
        foreach (var (id, _) in World.Disk.All(ActorKind.Customer))
        {
            var state = (CustomerState)World.Checks.Stored(id)!;
            Ask(state.Moving is null, $"customer {id.Key} is on the way to {state.Moving?.To} for good", id.Key);
            if (state.Member is not { } member) continue;
            Ask(at.TryAdd(member.MemberId, id.Key), $"member {member.MemberId} is at {id.Key} and elsewhere", id.Key, at[member.MemberId]);
            Ask(World.Checks.Members.Find(member.MemberId) is { End: MemberEnd.None }, $"member {member.MemberId} ended and is back at {id.Key}", id.Key);
        }

        foreach (var one in World.Checks.Members.All) AskEnd(one, at);
    }

    private void AskEnd(Membership one, Dictionary<string, string> at)
    {
        var number = one.Stays[^1].Number.Text;
        if (one.End == MemberEnd.None)
        {
            Ask(at.ContainsKey(one.Id), $"member {one.Id} is nowhere any more", number);
            return;
        }

        var loyalty = World.Vendor.Loyalty;
        if (loyalty.Refused.Values.Any(told => told.MemberId == one.Id && told.Content is LoyaltyContent.MemberDeleted)) return;
        var last = loyalty.Accepted.LastOrDefault(told => told.MemberId == one.Id);
        Ask(last?.Content is LoyaltyContent.MemberDeleted, $"member {one.Id} ended and the last that Vipps heard is {last?.EventId ?? "nothing"}", number);
    }

    /// <summary>Whoever has approved is not the person who was known.</summary>
    private static bool IsAnother(Member before, Member after) =>
        before.Subs.Any(known => after.Subs.Any(now => now.Msn == known.Msn && now.Sub != known.Sub));

    private static bool IsToldOf(CustomerState after, Member member) =>
        after.EventsOwed.Any(owed => owed.MemberId == member.MemberId && owed.Content is LoyaltyContent.MemberDeleted);
}

/// <summary>Of somebody who asked to be forgotten, and has not come back since, nothing is left.</summary>
internal sealed class ErasedIsGone(World world) : Checker(world)
{
    /// <summary>So late may what a till said before the erasure come.</summary>
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(40);

    private readonly Dictionary<string, DateTimeOffset> _lastMet = [];
    private readonly Dictionary<string, DateTimeOffset> _erased = [];

    public override string Invariants => "I-31";

    public override string MayBreakWhenRolledBack => "an actor that stopped because its state was lost waits for a person";

    public override void Saved(SavedState saved)
    {
        if (saved.After is CustomerState { ErasedAt: { } at } && (saved.Before as CustomerState)?.ErasedAt != at) _erased[saved.Id.Key] = World.Schedule.Now;
    }

    public override void Starts(Node node, ActorId actor, object operation)
    {
        if (operation is TillOperation.MeetCustomer meet) _lastMet[meet.Id.Text] = World.Schedule.Now;
    }

    public override void AtRest()
    {
        foreach (var (id, row) in World.Disk.All(ActorKind.Customer))
        {
            if (World.Checks.Stored(id) is not CustomerState { ErasedAt: not null } state) continue;

            // Who came to a till since is known again: that is in memory, and on disk with the next change.
            if (_lastMet.TryGetValue(id.Key, out var met) && met > _erased[id.Key] - OnTheWay) continue;

            // A letter of the end waits for a person; what may be forgotten by now goes with the next sweep. How an enrolment ended
            // stays a while for its till, and says nothing of anybody.
            if (!state.LettersKept.IsEmpty || row.ForgetAt <= World.Schedule.Now) continue;
            var isGone = state is { Phone: null, Member: null, Served: null, Left: null, CheckIn: null, Moving: null, EventsOwed.IsEmpty: true, Sales.IsEmpty: true };
            Ask(isGone, $"customer {id.Key} was erased, and there is still {StoryWords.Of(state)}{(state.Phone is null ? "" : ", the number")}", id.Key);
        }
    }
}

/// <summary>A customer is asked to join once for each time that a cashier asks.</summary>
internal sealed class AskedToJoinOnce(World world) : Checker(world)
{
    private readonly HashSet<string> _asked = [];

    public override string Invariants => "I-14, I-24";

    public override string MayBreakWhenRolledBack => "that the push has left is forgotten with the state";

    public override void Starts(Node node, ActorId actor, object operation)
    {
        if (operation is not CustomerOperation.SendLogin send) return;
        Ask(_asked.Add(send.Key), $"customer {actor.Key} is asked a second time for {send.Key}", actor.Key, send.Key);
    }
}
