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
        { Member: null } => Refuse(s, "NotAMember"),
        { Enrolment.IsOpen: true } => Refuse(s, "EnrolmentOpen"),
        _ => Save(s with { Moving = new Moving(m.To, m.Phone, now, m.Random) }),
    };

    private Decision Arrived(CustomerState s, Arrive m, DateTimeOffset now)
    {
        if (s.Member is { } known) return known.MemberId == m.Member.MemberId ? Ignore(s) : Refuse(s, "OtherMember");

        // What a member who left before is still owed comes first; what comes along is later than all of it.
        var next = s with
        {
            Phone = m.Phone, MetAt = s.MetAt ?? now, ErasedAt = null, WentTo = null, Member = m.Member, Events = s.EventsOwed.AddRange(m.Events),
            EventAt = Later(s.EventAt, m.EventAt), Credited = m.Credited, DroppedAt = m.DroppedAt,
        };
        foreach (var letter in m.Letters.IsDefault ? [] : m.Letters) next = Park(next, letter);
        return Save(Owe(next, Named("n", m.Random, now), m.Member.MemberId, WholeMember(m.Member), now));
    }

    private Decision Moved(CustomerState s, Moving moving, bool? accepted, DateTimeOffset now) => accepted switch
    {
        true => Save(s with
        {
            Moving = null, Member = null, Events = [], Credited = [], DroppedAt = null, Letters = [], WentTo = new WentTo(moving.To, now),
        }),
        false => Save(Park(s with { Moving = null }, $"move-{moving.To}", "OtherMember", null, now)),
        null => Learn(s with { Moving = moving with { NextAt = now + settings.Retry(1) } }),
    };

    /// <summary>Null: the sale is nobody's who has gone from here.</summary>
    private static Decision? Gone(CustomerState s, Credit m) => s.WentTo is { } went && m.At <= went.At
        ? new Decision(Verdict.Duplicate, s, new CustomerReply.Moved(went.To), Keep.Confirmed)
        : null;
}
