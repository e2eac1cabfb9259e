using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Tills;
using ChainCheckout.Simulation.Vipps;

namespace ChainCheckout.Simulation.Checks;

/// <summary>
/// Each completed sale of a member counts once, whole, less what was given back, under whatever numbers the member was: points at
/// rest, and those that stand in checks, are those of its sales, and Vipps shows them.
/// </summary>
internal sealed class EventsOfASale(World world) : Checker(world)
{
    private readonly Dictionary<PaymentReference, (CustomerId Customer, long Minor, DateTimeOffset At)> _completed = [];
    private readonly Dictionary<string, (PaymentReference Reference, long Minor)> _refunds = [];

    private enum Claim
    {
        None,
        Perhaps,
        Certain,
    }

    public override string Invariants => "I-21";

    public override string MayBreakWhenRolledBack => "a credit that was stored and lost may be told to nobody again, or twice";

    public override void Saved(SavedState saved)
    {
        switch (saved.After)
        {
            case PaymentState.Captured { Case: { Customer: { } customer, CapturedAt: { } at } known } when saved.Before is not PaymentState.Captured:
                _completed[known.Reference] = (customer, known.Amount.Minor, at);
                break;
            case PaymentState.Captured { Case: var known }:
                foreach (var refund in known.Refunds.Where(one => one is { Stage: RefundStage.Done, Rebuilt: false })) _refunds[refund.Key] = (known.Reference, refund.AmountMinor);
                break;
            case TillState till:
                foreach (var credit in till.CreditsOwed) _completed.TryAdd(credit.Reference, (credit.Customer, credit.Amount.Minor, credit.At));
                break;
        }
    }

    public override void AtRest()
    {
        var counted = new Dictionary<PaymentReference, string>();
        foreach (var (id, _) in World.Disk.All(ActorKind.Customer))
        {
            if (World.Checks.Stored(id) is not CustomerState { Member: { } member } state || World.Checks.Members.Find(member.MemberId) is not { } known) continue;
            var claims = _completed.Keys.ToLookup(sale => ClaimOf(known, sale));
            var sums = Sums(known.Points + claims[Claim.Certain].Sum(Worth), [.. claims[Claim.Perhaps]]);
            var sales = claims[Claim.Certain].Concat(claims[Claim.Perhaps]).ToArray();
            var worth = Membership.Worth(member);
            Ask(sums.Contains(worth), $"customer {id.Key} has points and checks worth {worth} for sales worth {string.Join(" or ", sums.Order().Take(8))}", [id.Key, .. sales.Select(one => $"{one}")]);

            // By a wrong clock whoever came to the number later was a member there already.
            foreach (var sale in state.Sales.Where(_ => !World.ClockJumps))
                Ask(counted.TryAdd(sale.Reference, id.Key), $"{sale.Reference} is counted for {id.Key} and for {counted[sale.Reference]}", id.Key, counted[sale.Reference], $"{sale.Reference}");
            AskVipps(id.Key, member, claims[Claim.Certain]);
        }
    }

    /// <summary>Whose a sale is follows from its number and its time: whoever was the member there then, by what is stored of both.</summary>
    private Claim ClaimOf(Membership known, PaymentReference sale)
    {
        var (customer, _, at) = _completed[sale];
        var best = Claim.None;
        for (var i = 0; i < known.Stays.Count; i++)
        {
            var stay = known.Stays[i];
            if (stay.Number != customer) continue;
            var claim = i == 0 ? AtTheBeginning(known, at) : AfterAMove(stay, at);
            if (stay.IsOver && claim != Claim.None) claim = Least(claim, BeforeItLeft(stay, at));
            if (claim > best) best = claim;
        }

        return best;
    }

    /// <summary>Who joined about then, by clocks that may be an hour apart: either may be right.</summary>
    private Claim AtTheBeginning(Membership known, DateTimeOffset at)
    {
        if (World.Founders.Contains(known.Id)) return Claim.Certain;
        var near = World.ClockJumps ? TimeSpan.FromHours(2.5) : TimeSpan.FromMinutes(2);
        return (at - known.Since).Duration() < near ? Claim.Perhaps : at >= known.Since ? Claim.Certain : Claim.None;
    }

    /// <summary>A save that lands late: until then the sale of a moment ago was nobody's.</summary>
    private Claim AfterAMove(Stay stay, DateTimeOffset at)
    {
        if (stay.Came is not { } came) return Claim.None;
        if (World.ClockJumps && (at - came).Duration() < TimeSpan.FromHours(2.5)) return Claim.Perhaps;
        return at < came ? Claim.None : at < stay.From + TimeSpan.FromSeconds(10) ? Claim.Perhaps : Claim.Certain;
    }

    /// <summary>Until the stored moment, to the tick, where all clocks are one.</summary>
    private Claim BeforeItLeft(Stay stay, DateTimeOffset at)
    {
        if (stay.Until is not { } until) return Claim.None;
        if (World.ClockJumps && (at - until).Duration() < TimeSpan.FromHours(2.5)) return Claim.Perhaps;
        return at <= until ? Claim.Certain : Claim.None;
    }

    private static Claim Least(Claim one, Claim other) => one < other ? one : other;

    private long Worth(PaymentReference sale) => World.Programme.PointsFor(_completed[sale].Minor - GivenBack(sale));

    /// <summary>
    /// What it may have come to. Where clocks decide whose a sale is, they decide that of each refund of it too.
    /// </summary>
    private HashSet<long> Sums(long certain, ImmutableArray<PaymentReference> doubts)
    {
        HashSet<long> sums = [certain];
        foreach (var sale in doubts)
        {
            var left = _completed[sale].Minor;
            HashSet<long> worth = [World.Programme.PointsFor(left)];
            foreach (var (_, minor) in _refunds.Values.Where(one => one.Reference == sale)) worth.Add(World.Programme.PointsFor(left -= minor));
            sums.UnionWith([.. sums.SelectMany(sum => worth.Select(one => sum + one))]);
        }

        return sums;
    }

    /// <summary>What Vipps refuses for good it does not show; anything newer that it took it does.</summary>
    private void AskVipps(string customer, Member member, IEnumerable<PaymentReference> sales)
    {
        var loyalty = World.Vendor.Loyalty;
        var accepted = loyalty.Accepted.Where(one => one.MemberId == member.MemberId).ToArray();
        var refused = loyalty.Refused.Values.Where(one => one.MemberId == member.MemberId).ToArray();
        var shown = accepted.Where(one => IsWhole(one.Content)).MaxBy(one => one.At);
        var isBehind = refused.Any(one => IsWhole(one.Content) && (shown is null || one.At > shown.At));
        if (shown is null) Ask(isBehind || !sales.Any() || IsOfAnother(member, loyalty), $"customer {customer}: no event of any sale reached Vipps", customer);
        else Ask(isBehind || PointsIn(shown.Content) == member.Points || IsOfAnother(member, loyalty), $"customer {customer}: Vipps shows {PointsIn(shown.Content)} points of {member.Points}", customer);
        foreach (var stray in accepted.Where(one => PaymentReference.TryParse(SaleOf(one.EventId), out var sale) && !_completed.ContainsKey(sale)))
            Fail($"event {stray.EventId} is of no completed sale", customer);

        var known = member.BonusChecks.Select(check => check.Id).ToHashSet();
        foreach (var check in accepted.Concat(refused).Where(one => CheckOf(one.Content) is not null).GroupBy(one => CheckOf(one.Content)!))
        {
            var last = check.MaxBy(one => one.At)!;
            if (refused.Contains(last)) continue;
            Ask(last.Content is LoyaltyContent.BonusCheckCreated == known.Contains(check.Key), $"customer {customer}: Vipps and the chain are not of one mind about check {check.Key}", customer);
        }

        foreach (var check in known)
            Ask(accepted.Concat(refused).Any(one => CheckOf(one.Content) == check) || IsOfAnother(member, loyalty), $"customer {customer}: Vipps never heard of check {check}", customer);
    }

    /// <summary>
    /// By a wrong clock a member joined before a sale that had been counted for the member of before: its events are known to
    /// Vipps, as that one's.
    /// </summary>
    private bool IsOfAnother(Member member, LoyaltyBook loyalty) => World.ClockJumps && loyalty.Accepted.Any(one =>
        one.MemberId != member.MemberId && PaymentReference.TryParse(SaleOf(one.EventId), out var sale) && IsCountedFor(member, sale));

    private bool IsCountedFor(Member member, PaymentReference sale) => World.Disk.All(ActorKind.Customer).Any(one =>
        World.Checks.Stored(one.Id) is CustomerState state && state.Member?.MemberId == member.MemberId && state.Sales.Any(counted => counted.Reference == sale));

    private static bool IsWhole(LoyaltyContent content) => content is LoyaltyContent.MemberUpdated or LoyaltyContent.MemberRegistered;

    private static long PointsIn(LoyaltyContent content) => content switch
    {
        LoyaltyContent.MemberUpdated updated => updated.Points,
        LoyaltyContent.MemberRegistered registered => registered.Points,
        _ => 0,
    };

    private static string? CheckOf(LoyaltyContent content) => content switch
    {
        LoyaltyContent.BonusCheckCreated created => created.Check.Id,
        LoyaltyContent.BonusCheckDeleted deleted => deleted.CheckId,
        _ => null,
    };

    private long GivenBack(PaymentReference sale) => _refunds.Values.Where(one => one.Reference == sale).Sum(one => one.Minor);

    private static string SaleOf(string eventId) => string.Join('-', eventId.Split('-').Take(4));
}
