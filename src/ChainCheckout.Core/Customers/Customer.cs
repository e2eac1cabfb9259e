using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core.Ports;
using Decision = ChainCheckout.Core.Actors.Decision<
    ChainCheckout.Core.Customers.CustomerState, ChainCheckout.Core.Customers.CustomerReply>;

namespace ChainCheckout.Core.Customers;

/// <summary>One phone number of the chain, under its pseudonym: whose it is.</summary>
public sealed class Customer : IMachine<CustomerState, CustomerMessage, CustomerReply>
{
    public ActorKind Kind => ActorKind.Customer;

    public CustomerMessage? Loaded => null;

    public CustomerState Initial(string key) => new(null, null);

    public Decision Decide(CustomerState state, CustomerMessage message, DateTimeOffset now) => (state, message) switch
    {
        ({ Phone: null }, CustomerMessage.Met m) =>
            new Decision(Verdict.Accepted, new CustomerState(m.Phone, now), new CustomerReply.Known(MemberCard.NotAMember)),
        (_, CustomerMessage.Met m) when state.Phone == m.Phone => new Decision(Verdict.Duplicate, state, new CustomerReply.Known(MemberCard.NotAMember)),
        _ => new Decision(Verdict.Rejected, state, new CustomerReply.Known(MemberCard.NotAMember), Alert: "two phone numbers share one pseudonym"),
    };

    public ImmutableArray<Owed> Owed(CustomerState state) => [];

    public CustomerMessage Lost(object operation) => throw new NotSupportedException("A customer owes nothing yet.");

    public CustomerMessage Starting(object operation) => throw new NotSupportedException("A customer owes nothing yet.");

    public ActorFlags Flags(CustomerState state) => ActorFlags.None;

    public DateTimeOffset? ForgetAt(CustomerState state) => null;

    public object? View(CustomerState state, DateTimeOffset now) => null;

    public JsonTypeInfo<CustomerState> StateJson(IStateCodec codec) => codec.States.CustomerState;
}
