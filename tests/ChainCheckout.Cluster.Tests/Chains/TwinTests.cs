using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Faults;
using ChainCheckout.Standalone;
using ChainCheckout.Tests;
using ChainCheckout.Tests.EndToEnd;

namespace ChainCheckout.Cluster.Tests.Chains;

/// <summary>
/// Two silos that know nothing of each other carry the same actors over one Redis, as a cluster does that has broken in two. Nothing but
/// the storage's compare-and-swap and the keys of the calls is left to hold the money together.
/// </summary>
[Collection(nameof(Timing))]
public sealed class TwinTests
{
    private const int Conflict = 2002;
    private const int Alert = 2001;

    [Fact]
    public async Task PaymentsThatTwoSilosBothCarry_AreCreatedOnceAndCapturedOnce()
    {
        await using var chain = await OpenAsync();
        var sales = await Task.WhenAll(Enumerable.Range(1, 6).Select(async number =>
        {
            var customer = $"479123480{number}";
            chain.Vipps.World.Tell(customer, CustomerAnswer.Manual);
            var till = await chain.TillAsync(number, gateways: 0);
            var reference = await till.AsksForPaymentAsync(chain, "sale-1", customer: customer);

            // The twin has it in memory from now on, and waits for the customer as the other one does.
            await till.SeesAsync("paying", "WaitingForCustomer");
            await chain.Of<IActors>(1).SendAsync(PaymentReference.Parse(reference), new PaymentMessage.Ask());
            return (Till: till, Reference: reference);
        }));
        // Both hear of the approval before either has told storage.
        chain.Vipps.World.Faults.Add(new FaultRule("get", FaultKind.Delay, DelayMs: 400));
        foreach (var (_, reference) in sales) await chain.ApprovedAsync(reference);
        await Task.WhenAll(sales.SelectMany(sale => new[] { 0, 1 }.Select(member => HintAsync(chain, member, sale.Reference))));
        foreach (var (till, _) in sales) await till.SeesAsync("paid");

        foreach (var (_, reference) in sales)
        {
            Assert.Single(chain.Ledger(reference, "created"));
            Assert.Equal(20_000, Assert.Single(chain.Ledger(reference, "captured")).AmountMinor);
        }

        await Wait.UntilAsync(() => sales.All(sale => IsOvertaken(chain, sale.Reference)), "one of two that loses each time");
        Assert.DoesNotContain(chain.Logs.All, line => line.Id.Id == Alert);
    }

    [Fact]
    public async Task ATillThatTwoSilosBothCarry_TakesEachNumberOnce()
    {
        await using var chain = await OpenAsync();
        var profile = chain.Of<Settings>(0).Stores[0].Profile;
        var refused = 0;
        for (var till = 1; till <= 6; till++)
        {
            var id = new TillId(1, till);
            var welcome = (TillReply.Welcome)await chain.Of<IActors>(0).SendAsync(id, new TillMessage.Hello(TillRole.Pos, 0, 0, profile));
            await chain.Of<IActors>(1).SendAsync(id, new TillMessage.Watch(TillRole.Pos, welcome.Session, 0));
            var customer = $"479123490{till}";
            await BothAsync(chain, id, Command(1, "a", new TillCommand.Phone(customer[2..], "sale-1")), Command(1, "a", new TillCommand.Phone(customer[2..], "sale-1")));

            // One number, two commands: two tills of one name, or one that has lost its memory.
            var pay = new TillCommand.Pay("sale-1", 20_000, "NOK", [], HasCoupons: false, MinimumAge: null);
            var replies = await BothAsync(chain, id, Command(2, "b", pay), Command(2, "c", pay with { AmountMinor = 30_000 }));

            Assert.Single(replies, reply => reply is TillReply.Answer { Reply.Done: true });
            refused += replies.Count(reply => reply is TillReply.NotApplied { Code: "SequenceReused" });
            var reference = $"s1-t{till}-{welcome.Epoch}-2";
            await Wait.UntilAsync(() => chain.Ledger(reference, "captured").Count > 0, "the payment");
            Assert.Single(chain.Ledger(reference, "created"));
            Assert.Single(chain.Ledger(reference, "captured"));

            TillMessage.Command Command(uint number, string hash, TillCommand body) => new(TillRole.Pos, welcome.Session, number, hash, "0123456789", body);
        }

        Assert.Equal(6, refused);
        Assert.DoesNotContain(chain.Logs.All, line => line.Id.Id == Alert);
    }

    /// <summary>Both at once, and each again while its outcome is unknown, as a gateway's till does.</summary>
    private static Task<TillReply[]> BothAsync(Chain chain, TillId till, TillMessage first, TillMessage second) =>
        Task.WhenAll(AnswerAsync(chain.Of<IActors>(0), till, first), AnswerAsync(chain.Of<IActors>(1), till, second));

    private static async Task<TillReply> AnswerAsync(IActors actors, TillId till, TillMessage message)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await actors.SendAsync(till, message);
            }
            catch (Exception unknown) when (tries < 20)
            {
                Assert.IsNotType<ActorStoppedException>(unknown);
                await Task.Delay(50);
            }
        }
    }

    private static bool IsOvertaken(Chain chain, string reference) => chain.Logs.All.Any(line => line.Id.Id == Conflict &&
        line.Text.Contains(reference, StringComparison.Ordinal) && line.Text.Contains(nameof(StorageConflictException), StringComparison.Ordinal));

    private static async Task HintAsync(Chain chain, int member, string reference)
    {
        try
        {
            await chain.Of<IActors>(member).SendAsync(PaymentReference.Parse(reference), new PaymentMessage.Hint("AUTHORIZED"));
        }
        catch (Exception lost)
        {
            // It lost the race, and Vipps would send the webhook again.
            Assert.NotNull(lost);
        }
    }

    private static Task<Chain> OpenAsync() => Chain.OpenAsync(2, (member, settings) => settings["Cluster"]!["Name"] = $"twin-{member}");
}
