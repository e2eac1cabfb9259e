using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Ports;
using ChainCheckout.Tests.Actors;
using static ChainCheckout.Core.Customers.CustomerMessage;

namespace ChainCheckout.Tests.Customers;

/// <summary>A customer who is told one thing after another, with a clock in hand.</summary>
internal sealed class OneCustomer(CustomerSettings? settings = null)
{
    private readonly Customer _machine = new(settings ?? CustomerAlphabet.Settings);

    public CustomerState State { get; private set; } = CustomerState.Unmet;

    public DateTimeOffset Now { get; set; } = Walk.Begin;

    public Member Member => State.Member ?? throw new InvalidOperationException("no member");

    public IReadOnlyList<CustomerOperation> Owed => [.. _machine.Owed(State).Select(one => (CustomerOperation)one.Operation)];

    public IReadOnlyList<string> EventIds => [.. State.EventsOwed.Select(owed => owed.EventId)];

    /// <summary>The newest reply.</summary>
    public CustomerReply Hears(params CustomerMessage[] messages)
    {
        CustomerReply reply = CustomerReply.Done.Instance;
        foreach (var message in messages)
        {
            var decision = _machine.Decide(State, message, Now);
            (State, reply) = (decision.State, decision.Reply);
        }

        return reply;
    }

    public DateTimeOffset DueAt<TOperation>() => _machine.Owed(State).Single(one => one.Operation is TOperation).DueAt;

    public T Owes<T>() => Assert.Single(Owed.OfType<T>());

    /// <summary>Vipps takes everything that waits.</summary>
    public List<LoyaltyContent> Publishes()
    {
        var published = new List<LoyaltyContent>();
        while (Owed.OfType<CustomerOperation.Publish>().FirstOrDefault() is { Event: var happened })
        {
            published.Add(happened.Content);
            Hears(new PublishAnswered(happened.EventId, new VippsResult<bool>.Ok(true)));
        }

        return published;
    }

    /// <summary>An enrolment up to the customer's answer.</summary>
    public void WaitsForTheCustomer(Enrol? asked = null)
    {
        var ask = asked ?? CustomerAlphabet.Ask;
        Hears(ask, new UserExistsAnswered(ask.Key, new VippsResult<bool>.Ok(true)));
        Hears(_machine.Starting(Owes<CustomerOperation.SendLogin>()));
        Hears(new LoginAnswered(ask.Key, new VippsResult<LoginRequested>.Ok(CustomerAlphabet.Sent), CustomerAlphabet.Login));
        Hears(new LoginRouted(CustomerAlphabet.Login, Reached: true, PingCame: false));
    }

    public void IsAsked() => Hears(_machine.Starting(Owes<CustomerOperation.Exchange>()));

    public void Answers(LoginStanding standing) =>
        Hears(new ExchangeAnswered(State.Enrolment!.Case.Key, new VippsResult<LoginStanding>.Ok(standing)));

    public void Joins(Enrol? asked = null, string sub = "sub-1")
    {
        WaitsForTheCustomer(asked);
        IsAsked();
        Answers(new LoginStanding.Granted(new Core.Values.Secret("token")));
        Hears(new UserInfoAnswered(State.Enrolment!.Case.Key, new VippsResult<UserInfo>.Ok(CustomerAlphabet.Info(sub))));
    }
}
