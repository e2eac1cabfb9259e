using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Actors;
using Xunit.Abstractions;

namespace ChainCheckout.Tests.Customers;

public sealed class CustomerTests(ITestOutputHelper output)
{
    private static readonly CustomerMessage[] All =
    [
        new CustomerMessage.Met(Phone("4791234567"), new TillId(42, 7)),
        new CustomerMessage.Met(Phone("4791234567"), new TillId(43, 1)),
        new CustomerMessage.Met(Phone("4512345678"), new TillId(42, 7)),
    ];

    [Fact]
    public void Customer_EveryReachableTurn_KeepsTheFirstNumberAndAlertsOfAnother()
    {
        var machine = new Customer();
        var walk = new Walk<CustomerState, CustomerMessage, CustomerReply>(machine)
        {
            Name = (state, _) => PlainJson.Exact(state, types => types.CustomerState),
            Messages = (_, _) => All,
            AskStep = step =>
            {
                var met = (CustomerMessage.Met)step.Message;
                if (step.Made.Verdict != Verdict.Accepted) Assert.Same(step.Before, step.After);
                Assert.Equal(step.Before.Phone ?? met.Phone, step.After.Phone);
                Assert.Equal(step.Before.Phone is { } known && known != met.Phone, step.Made.Alert is not null);
            },
            AskState = (state, _) =>
            {
                Assert.Empty(machine.Owed(state));
                var json = machine.StateJson(Stored.Codec);
                Assert.Equal(state, Stored.Codec.Decode(Stored.Codec.Encode(state, json), json));
            },
        };

        output.WriteLine(walk.Run(machine.Initial("any")));

        Assert.Equal(3, walk.States);
    }

    private static Msisdn Phone(string digits) => Msisdn.TryParse(digits, out var phone) ? phone : throw new ArgumentException("no phone", nameof(digits));
}
