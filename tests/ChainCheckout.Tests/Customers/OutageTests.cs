using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Actors;
using ChainCheckout.Tests.Tills;
using Xunit.Abstractions;
using static ChainCheckout.Core.Customers.CustomerMessage;

namespace ChainCheckout.Tests.Customers;

/// <summary>An outage of the Loyalty API costs neither bytes nor memory that grow with it (I-22).</summary>
public sealed class OutageTests(ITestOutputHelper output)
{
    private const int Members = 40_000;
    private const int SalesEach = 6;

    /// <summary>A sale writes as many bytes beside the customer's own: till and payment, as the demo counts them.</summary>
    private const int BytesOfASaleElsewhere = 6_000;

    private static readonly CustomerSettings Settings = new()
    {
        LoyaltyUnit = new Msn("123456"),
        Programme = new LoyaltyProgramme(1_000, CustomerAlphabet.Offer, new StampOffer("stamps", "Coffees", 10, 0, CustomerAlphabet.Offer)),
    };

    private readonly Customer _machine = new(Settings);

    [Fact]
    public void AHundredThousandEventsWaiting_CostATenthMoreBytesASaveAtMost()
    {
        var (usual, nothing) = Sell(isAway: false);
        var (away, waiting) = Sell(isAway: true);

        output.WriteLine($"{usual} bytes a sale usually, {away} with {waiting} events waiting: {(double)away / usual:F3}");
        Assert.Equal(0, nothing);
        Assert.True(waiting >= 100_000, $"only {waiting} events wait");
        Assert.True(away <= 1.1 * usual, $"{away} bytes a sale with {waiting} events waiting, {usual} without");
    }

    [Fact]
    public void TheQueueOfACustomer_DoesNotGrowWithTheSales()
    {
        var state = Joined(0, out var saves);
        var lengths = new List<int>();
        for (uint sale = 1; sale <= 30; sale++)
        {
            state = Turn(state, Credit(sale), ref saves);
            lengths.Add(state.EventsOwed.Length);
        }

        // A full card brings its coupon; nothing else is added to what the first sale left.
        Assert.Equal(lengths[0] + 3, lengths[^1]);
    }

    private (long BytesASale, int Waiting) Sell(bool isAway)
    {
        long bytes = 0;
        var waiting = 0;
        for (var member = 0; member < Members; member++)
        {
            var state = Joined(member, out _);
            if (!isAway) state = Published(state);
            long saves = 0;
            for (uint sale = 1; sale <= SalesEach; sale++)
            {
                state = Turn(state, Credit(sale), ref saves);
                if (!isAway) state = Published(state);
            }

            bytes += saves + (SalesEach * BytesOfASaleElsewhere);
            waiting += state.EventsOwed.Length;
        }

        return (bytes / (Members * SalesEach), waiting);
    }

    private CustomerState Joined(int member, out long saves)
    {
        saves = 0;
        var phone = Msisdn.TryParse($"479{member:D7}", out var parsed) ? parsed : default;
        var state = CustomerState.Unmet with { Phone = phone };
        var ask = CustomerAlphabet.Ask with { Phone = phone };
        state = Turn(state, ask, ref saves);
        state = Turn(state, new UserExistsAnswered(ask.Key, new VippsResult<bool>.Ok(true)), ref saves);
        state = Turn(state, _machine.Starting(_machine.Owed(state)[0].Operation), ref saves);
        state = Turn(state, new LoginAnswered(ask.Key, new VippsResult<LoginRequested>.Ok(CustomerAlphabet.Sent), CustomerAlphabet.Login), ref saves);
        state = Turn(state, new ExchangeAnswered(ask.Key, new VippsResult<LoginStanding>.Ok(new LoginStanding.Granted(new Secret("token")))), ref saves);
        return Turn(state, new UserInfoAnswered(ask.Key, new VippsResult<UserInfo>.Ok(CustomerAlphabet.Info(phone: phone))), ref saves);
    }

    private CustomerState Published(CustomerState state)
    {
        long unsaved = 0;
        while (state.EventsOwed is [var first, ..])
            state = Turn(state, new PublishAnswered(first.EventId, new VippsResult<bool>.Ok(true)), ref unsaved);
        return state;
    }

    private CustomerState Turn(CustomerState state, CustomerMessage message, ref long saves)
    {
        var made = _machine.Decide(state, message, Walk.Begin.AddMinutes(1));
        if (made.Keep == Core.Actors.Keep.Saved && !ReferenceEquals(made.State, state))
            saves += Stored.Codec.Encode(made.State, _machine.StateJson(Stored.Codec)).Length;
        return made.State;
    }

    private static Credit Credit(uint number) =>
        new(new PaymentReference(TillAlphabet.Id, 1, number), new Money(25_000, Currency.NOK), 0, Walk.Begin.AddMinutes(1));
}
