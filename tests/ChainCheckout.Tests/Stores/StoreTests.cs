using System.Collections.Immutable;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Actors;
using Xunit.Abstractions;

namespace ChainCheckout.Tests.Stores;

public sealed class StoreTests(ITestOutputHelper output)
{
    private static readonly StoreProfile Shop = new(42, "Corner shop", new Msn("123456"), Country.NO, Currency.NOK, "Europe/Oslo", Language.Nb);

    private static readonly ImmutableArray<TillCredential> Two =
        [new(7, TillRole.Pos, new Secret("pos of 7")), new(7, TillRole.Scanner, new Secret("scanner of 7"))];

    private static readonly StoreMessage[] All =
    [
        new StoreMessage.Configure(Shop, Two),
        new StoreMessage.Configure(Shop, [Two[0]]),
        new StoreMessage.Configure(Shop with { Name = "Other" }, Two),
        new StoreMessage.Configure(Shop, []),
        .. new[] { 7, 8 }.SelectMany(till => Enum.GetValues<TillRole>().Select(role => new StoreMessage.Admit(till, role))),
    ];

    [Fact]
    public void Store_EveryReachableTurn_AdmitsOnlyWhomItsSettingsName()
    {
        var machine = new Store();
        var walk = new Walk<StoreState, StoreMessage, StoreReply>(machine)
        {
            Name = (state, _) => PlainJson.Exact(state, types => types.StoreState),
            Messages = (_, _) => All,
            AskStep = step =>
            {
                if (step.Made.Verdict != Verdict.Accepted) Assert.Same(step.Before, step.After);
                if (step.Message is StoreMessage.Configure told)
                {
                    Assert.Equal((told.Profile, Secrets(told.Tills)), (step.After.Profile, Secrets(step.After.Tills)));
                    Assert.Equal(Verdict.Duplicate, machine.Decide(step.After, told, step.Now).Verdict);
                    return;
                }

                var ask = (StoreMessage.Admit)step.Message;
                var known = step.Before.Tills.SingleOrDefault(one => one.Till == ask.Till && one.Role == ask.Role);
                if (known is null) Assert.IsType<StoreReply.UnknownTill>(step.Made.Reply);
                else Assert.Equal(new StoreReply.Admitted(step.Before.Profile!, known.Secret), step.Made.Reply);
            },
            AskState = (state, _) =>
            {
                Assert.Empty(machine.Owed(state));
                var json = machine.StateJson(Stored.Codec);
                var read = Stored.Codec.Decode(Stored.Codec.Encode(state, json), json);
                Assert.Equal(PlainJson.Exact(state, types => types.StoreState), PlainJson.Exact(read, types => types.StoreState));
            },
        };

        output.WriteLine(walk.Run(machine.Initial("0042")));

        Assert.Equal(5, walk.States);
    }

    private static string Secrets(ImmutableArray<TillCredential> tills) => string.Join(';', tills.Select(one => $"{one.Till} {one.Role} {one.Secret.Reveal}"));
}
