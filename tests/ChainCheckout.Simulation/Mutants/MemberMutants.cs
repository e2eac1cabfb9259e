using ChainCheckout.Core.Customers;
using Decision = ChainCheckout.Core.Actors.Decision<
    ChainCheckout.Core.Customers.CustomerState, ChainCheckout.Core.Customers.CustomerReply>;

namespace ChainCheckout.Simulation.Mutants;

/// <summary>The bugs that sit in what becomes of a membership.</summary>
internal static class MemberMutants
{
    /// <summary>Points are counted where the member no longer is.</summary>
    public static Func<CustomerState, CustomerMessage, DateTimeOffset, Decision, Decision> CountOnTheWay(IMachine<CustomerState, CustomerMessage, CustomerReply> customer) =>
        (s, m, now, made) => m is CustomerMessage.Credit && s.Moving is not null && customer.Decide(s with { Moving = null }, m, now) is { Verdict: Verdict.Accepted } counted
            ? counted with { State = counted.State with { Moving = s.Moving } }
            : made;

    /// <summary>A till that asks finds nothing, and begins anew.</summary>
    public static Decision ForgetEnrolment(CustomerState s, CustomerMessage m, DateTimeOffset now, Decision made) =>
        m is CustomerMessage.Erase && !ReferenceEquals(made.State, s) ? made with { State = made.State with { Enrolment = null } } : made;

    public static Decision ReplayAsStored(CustomerState s, CustomerMessage m, DateTimeOffset now, Decision made) =>
        m is CustomerMessage.ReplayLetter { Id: var id } && !ReferenceEquals(made.State, s) && s.LettersKept.FirstOrDefault(letter => letter.Id == id)?.Event is { } old
            ? made with { State = made.State with { Events = [.. made.State.EventsOwed.Select(owed => owed.EventId == id ? owed with { Content = old.Content } : owed)] } }
            : made;

    /// <summary>Whoever had the number before stays a member at Vipps.</summary>
    public static Decision EndUntold(CustomerState s, CustomerMessage m, DateTimeOffset now, Decision made) =>
        m is CustomerMessage.UserInfoAnswered && s.Member is { } before && made.State.Member?.MemberId != before.MemberId
            ? made with { State = made.State with { Events = made.State.EventsOwed.RemoveAll(owed => owed.Content is LoyaltyContent.MemberDeleted) } }
            : made;

    /// <summary>A message of a move that is long done brings the member a second time.</summary>
    public static Func<CustomerState, CustomerMessage, DateTimeOffset, Decision, Decision> ForgetWays(IMachine<CustomerState, CustomerMessage, CustomerReply> customer) =>
        (s, m, now, made) => m is CustomerMessage.Arrive && !s.WaysKept.IsEmpty ? customer.Decide(s with { Ways = default }, m, now) : made;
}
