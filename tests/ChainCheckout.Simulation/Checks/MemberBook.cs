using ChainCheckout.Core.Customers;

namespace ChainCheckout.Simulation.Checks;

/// <summary>A time under one number.</summary>
/// <param name="from">When it was stored, by the world's own clock.</param>
/// <param name="came">As stored, by that machine's clock, where it came from another number.</param>
internal sealed class Stay(CustomerId number, DateTimeOffset from, DateTimeOffset? came)
{
    public CustomerId Number => number;

    public DateTimeOffset From => from;

    public DateTimeOffset? Came => came;

    /// <summary>As stored where it went from, by that machine's clock: sales until then are the member's. Null: still there, or ended.</summary>
    public DateTimeOffset? Until { get; set; }

    public bool IsOver { get; set; }
}

/// <summary>How a membership ended.</summary>
internal enum MemberEnd
{
    None,
    Erased,
    Replaced,
}

/// <summary>One membership from its beginning to its end, over all its numbers.</summary>
/// <param name="since">Sales count from then on, as stored.</param>
/// <param name="points">What it began with.</param>
internal sealed class Membership(string id, DateTimeOffset since, long points)
{
    public string Id => id;

    public DateTimeOffset Since => since;

    public long Points => points;

    public List<Stay> Stays { get; } = [];

    public MemberEnd End { get; set; }

    public static long Worth(Member member) => member.Points + member.BonusChecks.Sum(check => check.Points);
}

/// <summary>Every membership of a run, as the disk tells of it.</summary>
internal sealed class MemberBook(World world)
{
    private readonly Dictionary<string, Membership> _all = [];

    public IEnumerable<Membership> All => _all.Values;

    public Membership? Find(string id) => _all.GetValueOrDefault(id);

    public void Saved(SavedState saved)
    {
        if (saved.After is not CustomerState after) return;
        var (number, before) = (new CustomerId(saved.Id.Key), saved.Before as CustomerState);
        if (before?.Member?.MemberId == after.Member?.MemberId && before?.Came == after.Came) return;
        if (before?.Member is { } left && Find(left.MemberId)?.Stays.FindLast(stay => stay.Number == number) is { } stay)
        {
            // Also where it is back before it was heard here that it had arrived there.
            stay.IsOver = true;
            if (HasMoved(before, after) || after.Member?.MemberId == left.MemberId) stay.Until = after.WentTo!.At;
        }

        if (after.Member is not { } member) return;
        if (Find(member.MemberId) is not { } known) _all.Add(member.MemberId, known = new Membership(member.MemberId, member.Since ?? member.JoinedOn, Membership.Worth(member)));
        known.Stays.Add(new Stay(number, world.Schedule.Now, after.Came?.At));
    }

    public static bool HasMoved(CustomerState before, CustomerState after) =>
        before.Member is not null && after is { Member: null, Moving: null, WentTo: { } went } && before.Moving?.To == went.To;
}
