using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Actors;
using ChainCheckout.Tests.Customers;
using ChainCheckout.Tests.Payments;
using ChainCheckout.Tests.Tills;
using static ChainCheckout.Core.Customers.CustomerMessage;

namespace ChainCheckout.Tests.Golden;

/// <summary>A customer in every stage, as the machine makes it.</summary>
internal static class GoldenMembers
{
    private static readonly DateTimeOffset At = Walk.Begin;

    public static readonly CustomerId Id = TillAlphabet.Secret.Pseudonym(PaymentAlphabet.Order.Phone);

    public static Customer Machine => CustomerAlphabet.Machine;

    public static TillMessage.CustomerMet Met() =>
        new(Id, true, new MemberCard(MembershipKind.Member, "m-1", 120, 1, new Secret("Kari")));

    public static TillMessage.CustomerMet MetAsStranger() => new(Id, true, MemberCard.NotAMember);

    public static TillMessage.EnrolmentSays Waits(string key) => new(new EnrolmentStatus(key, EnrolmentStage.Waiting, 1, At.AddMinutes(5)));

    public static IEnumerable<(string, CustomerState)> All()
    {
        var key = CustomerAlphabet.Ask.Key;
        var asking = new UserExistsAnswered(key, new VippsResult<bool>.Ok(true));
        var starts = new Started(new CustomerOperation.SendLogin(key, null!));
        var sent = new LoginAnswered(key, new VippsResult<LoginRequested>.Ok(CustomerAlphabet.Sent), CustomerAlphabet.Login);
        var granted = new ExchangeAnswered(key, new VippsResult<LoginStanding>.Ok(new LoginStanding.Granted(new Secret("token"))));
        var shared = new UserInfoAnswered(key, new VippsResult<UserInfo>.Ok(CustomerAlphabet.Info()));
        var refused = new VippsResult<bool>.Refused(new VippsFault(400, Field: "payload"));

        // As the version before memberships wrote it.
        yield return ("customer", new CustomerState(PaymentAlphabet.Order.Phone, At));
        yield return ("customer-met", After(CustomerAlphabet.Meet));
        yield return ("customer-looking", After(CustomerAlphabet.Ask));
        yield return ("customer-asking", After(CustomerAlphabet.Ask, asking, starts));
        yield return ("customer-withCustomer", After(CustomerAlphabet.Ask, asking, starts, sent));
        yield return ("customer-reading", After(CustomerAlphabet.Ask, asking, starts, sent, granted));
        yield return ("customer-joined", After(CustomerAlphabet.Ask, asking, starts, sent, granted, shared));
        yield return ("customer-credited", After(
            CustomerAlphabet.Join, CustomerAlphabet.Sale(1, 10_000), CustomerAlphabet.Sale(2, 20_000), CustomerAlphabet.Sale(1, 10_000, 3_000)));
        yield return ("customer-letter", After(CustomerAlphabet.Join, CustomerAlphabet.Sale(1, 10_000), new PublishAnswered("s42-t7-1-1-s", refused)));
        yield return ("customer-erased", After(CustomerAlphabet.Join, new Erase("0123456789")));
        yield return ("customer-moving", After(CustomerAlphabet.Join, new Move(new CustomerId("0123"), CustomerAlphabet.OtherPhone, "0123456789")));
        yield return ("customer-moved", After(
            CustomerAlphabet.Join, new Move(new CustomerId("0123"), CustomerAlphabet.OtherPhone, "0123456789"), new MoveAnswered(new CustomerId("0123"), true, "0123456789")));
        yield return ("customer-checks", After(
            CustomerAlphabet.Join, CustomerAlphabet.Sale(1, 10_000), CustomerAlphabet.Sale(2, 20_000), CustomerAlphabet.Sale(2, 20_000, 20_000)));
        yield return ("customer-tooMany", After(CustomerAlphabet.Ask, asking, starts,
            new LoginAnswered(key, new VippsResult<LoginRequested>.Later(new VippsFault(429), TimeSpan.FromSeconds(30)), default)));
        yield return ("customer-past", After(CustomerAlphabet.Ask, new UserExistsAnswered(key, new VippsResult<bool>.Ok(false)), CustomerAlphabet.Ask with { Key = "0043-01-e1-3" }));
        yield return ("customer-clearing", After(CustomerAlphabet.Meet, new Erase("0123456789")));
        yield return ("customer-pinged", After(CustomerAlphabet.Ask, asking, starts, sent, new Started(new CustomerOperation.Exchange(key, default, default)), new Pinged(CustomerAlphabet.Login)));
        yield return ("customer-couponDeleted", CustomerState.Unmet with
        {
            Phone = PaymentAlphabet.Order.Phone,
            Events = [new OwedEvent("x", At, At, "m-1", new LoyaltyContent.CouponDeleted("c-1"))],
        });
    }

    private static CustomerState After(params CustomerMessage[] messages)
    {
        var state = CustomerState.Unmet;
        foreach (var message in messages) state = Machine.Decide(state, message, At).State;
        return state;
    }
}
