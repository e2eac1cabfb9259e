using ChainCheckout.Core.Ports;
using static ChainCheckout.Core.Customers.CustomerMessage;
using Decision = ChainCheckout.Core.Actors.Decision<
    ChainCheckout.Core.Customers.CustomerState, ChainCheckout.Core.Customers.CustomerReply>;

namespace ChainCheckout.Core.Customers;

// A membership that goes to another number: asked → offered there until answered → gone from here, but for the way to it.
public sealed partial class Customer
{
    private static Decision MoveAsked(CustomerState s, Move m, DateTimeOffset now) => s switch
    {
        { Moving: { } moving } => moving.To == m.To ? Ignore(s) : Refuse(s, "Moving"),

        // Asked once more, or late: that move is done, and the member may be back.
        { WentTo.Way: { Length: > 0 } done } when done == m.Random => Ignore(s),
        { Member: null } => Refuse(s, "NotAMember"),
        { Enrolment.IsOpen: true } => Refuse(s, "EnrolmentOpen"),
        _ => Save(s with { Moving = new Moving(m.To, m.Phone, now, m.Random) }),
    };

    private Decision Arrived(CustomerState s, Arrive m, DateTimeOffset now)
    {
        // Said once more, or late: who came by it may have gone on since, or be no more.
        if (m.Random.Length > 0 && s.WaysKept.Contains(m.Random)) return Ignore(s) with { Keep = Keep.Confirmed };

        // Once refused, refused for good: the member stays where they are, and a message that is late finds the number free by then.
        if (s.WaysKept.Contains(Refused(m.Random))) return Refuse(s, "OtherMember") with { Keep = Keep.Confirmed };
        if (s.Member is { } known && known.MemberId != m.Member.MemberId)
            return Save(With(s, Refused(m.Random))) with { Reply = new CustomerReply.Refused("OtherMember") };
        if (s is { Member: not null, Moving: null }) return Ignore(s) with { Keep = Keep.Confirmed };

        // Back from where it was going, before it was heard here that it had arrived there: what is here is old.
        var left = s.Moving is { } moving ? Gone(s, moving, now) : s;

        // What a member who left before is still owed comes first; what comes along is later than all of it.
        var next = left with
        {
            Phone = m.Phone, MetAt = s.MetAt ?? now, ErasedAt = null, Member = m.Member, Events = left.EventsOwed.AddRange(m.Events),
            EventAt = Later(s.EventAt, m.EventAt), Credited = m.Credited, DroppedAt = m.DroppedAt, Came = new Came(now, m.Random),
        };
        next = With(next, m.Random);
        foreach (var letter in m.Letters.IsDefault ? [] : m.Letters) next = Park(next, letter);
        return Save(Owe(next, Named("n", m.Random, now), m.Member.MemberId, WholeMember(m.Member), now));
    }

    private static CustomerState With(CustomerState s, string way) => s with { Ways = Last(s.WaysKept.Add(way), CustomerSettings.WaysKept) };

    private static string Refused(string way) => $"no {way}";

    private Decision Moved(CustomerState s, Moving moving, bool? accepted, DateTimeOffset now) => accepted switch
    {
        true => Save(Gone(s, moving, now)),
        false => Save(Park(s with { Moving = null }, $"move-{moving.To}", "OtherMember", null, now)),
        null => Learn(s with { Moving = moving with { NextAt = now + settings.Retry(1) } }),
    };

    private static CustomerState Gone(CustomerState s, Moving moving, DateTimeOffset now) => s with
    {
        Moving = null, Member = null, Events = [], Credited = [], DroppedAt = null, Letters = [], Came = null,
        WentTo = new WentTo(moving.To, now, moving.Random, Begin(s), s.Came, s.WentTo is null ? null : s.WentTo with { Before = null }, s.Member?.MemberId),
    };

    /// <summary>
    /// Under this number, since the member is there; or sent after the member, by the move that brought them. By that and not by
    /// the clock: another member may have come to the number since, and clocks disagree.
    /// </summary>
    private static bool IsOf(CustomerState s, Member member, Credit m) => m.Way is { } way
        ? s.Came?.Way == way && m.At >= (member.Since ?? member.JoinedOn)
        : m.At >= Begin(s);

    private static DateTimeOffset? Begin(CustomerState s) => Later(s.Member?.Since ?? s.Member?.JoinedOn, s.Came?.At);

    /// <summary>Null: the sale is nobody's who has gone from here.</summary>
    private static Decision? Gone(CustomerState s, Credit m)
    {
        for (var went = s.WentTo; went is not null; went = went.Before)
        {
            var isTheirs = m.Way is { } way ? went.Came?.Way == way : m.At <= went.At && !(m.At < went.From);
            if (isTheirs) return new Decision(Verdict.Duplicate, s, new CustomerReply.Moved(went.To, went.Way), Keep.Confirmed);
        }

        return null;
    }
}
