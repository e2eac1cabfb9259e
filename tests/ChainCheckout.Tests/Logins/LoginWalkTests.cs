using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Actors;
using Xunit.Abstractions;

namespace ChainCheckout.Tests.Logins;

public sealed class LoginWalkTests(ITestOutputHelper output)
{
    private static readonly CustomerId Owner = new("0123456789abcdef");

    private static readonly LoginMessage[] All =
    [
        new LoginMessage.Belongs(Owner), new LoginMessage.Belongs(new CustomerId("another")), new LoginMessage.Ping(),
        new LoginMessage.OwnerTold(true), new LoginMessage.OwnerTold(false),
    ];

    [Fact]
    public void Login_EveryReachableTurn_BringsThePingToItsOneOwner()
    {
        var machine = new Login();
        var walk = new Walk<LoginState, LoginMessage, LoginReply>(machine)
        {
            Name = (state, now) => PlainJson.Bucketed(state with { TellAt = now }, now, types => types.LoginState),
            Messages = (_, _) => All,
            AskStep = step =>
            {
                if (step.Made.Verdict != Verdict.Accepted) Assert.Same(step.Before, step.After);
                if (step.Before.Owner is { } owner) Assert.Equal(owner, step.After.Owner);
                if (step.Before.Pinged) Assert.True(step.After.Pinged);
                if (step.Message is LoginMessage.Belongs claim && step.Before.Owner is { } known)
                    Assert.Equal(known != claim.Customer, step.Made.Alert is not null);
            },
            AskState = (state, _) =>
            {
                var isOwed = state is { Owner: not null, Pinged: true, Told: false };
                Assert.Equal(isOwed, machine.Owed(state).Any(one => one.Operation is TellOwner));
            },
        };

        output.WriteLine(walk.Run(machine.Initial("a login")));

        Assert.True(walk.IsComplete);
    }

    [Fact]
    public void Ping_ThatComesBeforeItsOwner_IsToldInTheAnswerToThem()
    {
        var machine = new Login();
        var pinged = machine.Decide(machine.Initial("a login"), new LoginMessage.Ping(), Walk.Begin).State;

        var claimed = machine.Decide(pinged, new LoginMessage.Belongs(Owner), Walk.Begin);

        Assert.True(Assert.IsType<LoginReply.Noted>(claimed.Reply).PingCame);
        Assert.Empty(machine.Owed(claimed.State));
    }
}
