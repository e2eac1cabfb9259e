using System.Collections.Immutable;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Actors;
using ChainCheckout.Tests.Payments;
using ChainCheckout.Tests.Tills;
using static ChainCheckout.Core.Payments.PaymentMessage;

namespace ChainCheckout.Tests.Golden;

/// <summary>One state of every stage of every kind of actor, as its machine makes it, in bytes.</summary>
internal static class GoldenStates
{
    private static readonly DateTimeOffset At = Walk.Begin;

    public static SortedDictionary<string, ReadOnlyMemory<byte>> All()
    {
        var all = new SortedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var (name, state) in Payments()) Add($"payment-{name}", new Payment(new PaymentTimings()), state);
        foreach (var (name, state) in Tills()) Add($"till-{name}", new Till(new TillSettings(), TillAlphabet.Secret), state);
        foreach (var (name, state) in SalesUnits()) Add($"salesUnit-{name}", new SalesUnit(), state);
        Add("store", new Store(), After(new Store(), "0042", new StoreMessage.Configure(TillAlphabet.Profile,
            [new TillCredential(7, TillRole.Pos, new Secret("c2VjcmV0IG9mIHRoZSB0aWxs")), new TillCredential(7, TillRole.Scanner, new Secret("c2VjcmV0IG9mIHRoZSBzY2Fu"))])));

        // Nobody stores one today; whoever does tomorrow finds its spelling fixed.
        Add("login", new Login(), After(new Login(), "VYG1", new LoginMessage.Belongs(GoldenMembers.Id), new LoginMessage.Ping()));
        foreach (var (name, state) in GoldenMembers.All()) Add(name, GoldenMembers.Machine, state);
        return all;

        void Add<TState, TMessage, TReply>(string name, IMachine<TState, TMessage, TReply> machine, TState state)
            where TState : class
            where TMessage : class => all.Add(name, Stored.Codec.Encode(state, machine.StateJson(Stored.Codec)));
    }

    private static IEnumerable<(string, PaymentState)> Payments()
    {
        var begin = PaymentAlphabet.Begin with { Order = PaymentAlphabet.Order with { MinimumAge = 18 } };
        var pushed = new CreateAnswered(new VippsResult<PaymentCreated>.Ok(new PaymentCreated(PaymentAlphabet.Reference)));
        var refused = new CreateAnswered(new VippsResult<PaymentCreated>.Refused(PaymentAlphabet.BadRequest));
        var approved = Found(PaymentStateAtVipps.Authorized);
        var taken = Found(PaymentStateAtVipps.Authorized, 10_000);
        var failed = new CaptureAnswered(new VippsResult<PaymentRead>.Refused(PaymentAlphabet.BadRequest));
        yield return ("unheard", Payment());
        yield return ("creating", Payment(begin, new CreateAnswered(new VippsResult<PaymentCreated>.Unknown("timeout"))));
        yield return ("creating-refused", Payment(begin, refused));
        yield return ("waiting", Payment(begin, pushed));
        yield return ("capturing", Payment(begin, pushed, approved, failed));
        yield return ("captured", Payment(begin, pushed, approved, taken));
        yield return ("captured-refund-read", Payment(begin, pushed, approved, taken, PaymentAlphabet.Refund("r1", 3_000), Found(PaymentStateAtVipps.Authorized, 10_000)));
        yield return ("captured-refunds", Payment(begin, pushed, approved, taken, PaymentAlphabet.Refund("r1", 3_000),
            Found(PaymentStateAtVipps.Authorized, 10_000, 3_000), PaymentAlphabet.Refund("r2", 2_000)));
        yield return ("cancelling", Payment(begin, pushed, new Cancel()));
        yield return ("cancelling-unclear", Payment(begin, refused, new Cancel()));
        yield return ("givingBack", Payment(begin, pushed, new Cancel(), taken));
        yield return ("unpaid", Payment(begin, pushed, Found(PaymentStateAtVipps.Expired)));
        yield return ("unpaid-recheck", Payment(begin, pushed, Found(PaymentStateAtVipps.Aborted), new Hint("AUTHORIZED")));
        yield return ("rebuilding", Payment(PaymentAlphabet.Refund("r1", 3_000)));
        yield return ("stopped", Payment(begin, pushed, taken));

        static PaymentMessage Found(PaymentStateAtVipps state, long captured = 0, long refunded = 0) =>
            PaymentAlphabet.Found(PaymentAlphabet.Read(state, captured, refunded));

        static PaymentState Payment(params PaymentMessage[] messages) => After(new Payment(new PaymentTimings()), "any", messages);
    }

    private static IEnumerable<(string, TillState)> Tills()
    {
        var line = new OrderLine("7038", "Kaffe æøå", 10_000, 1_500, "0.534", "KG", 20_000, 680);
        yield return ("fresh", new Till(new TillSettings(), TillAlphabet.Secret).Initial("0042-07"));
        yield return ("identifying", Till(new TillCommand.Scan(TillAlphabet.Qr, "S1")));
        yield return ("identifying-again", Till(new TillCommand.Phone("91234567", "S1"), new TillCommand.Scan(TillAlphabet.Qr, "S1")));
        yield return ("open", Till(new TillCommand.Scan(TillAlphabet.Qr, "S1"), new TillMessage.Exchanged(2, new VippsResult<QrExchanged>.Refused(new VippsFault(400)))));
        yield return ("none", Till(new TillCommand.Phone("91234567", null)));
        yield return ("paying", Till(new TillCommand.Phone("91234567", "S1"), TillAlphabet.Pay("S1", 10_000) with { Lines = [line], MinimumAge = 18 }));
        yield return ("paying-waiting", Till(new TillCommand.Phone("91234567", "S1"), TillAlphabet.Pay("S1", 10_000), Says(PaymentStanding.Waiting), new TillCommand.Cancel("S1")));
        yield return ("finished", Till(new TillCommand.Phone("91234567", "S1"), TillAlphabet.Pay("S1", 10_000), Says(PaymentStanding.Captured)));
        yield return ("completed", Till(TillAlphabet.Complete("S1", 10_000)));
        yield return ("ready-member", Till(new TillCommand.Phone("91234567", "S1"), GoldenMembers.Met()));
        yield return ("enrolling", Till(new TillCommand.Phone("91234567", "S1"), GoldenMembers.MetAsStranger(), new TillCommand.Enrol("S1", false),
            GoldenMembers.Waits("0042-07-e1-2")));
        yield return ("holding", Till(new TillCommand.Phone("91234567", "S1"), GoldenMembers.MetAsStranger(), new TillCommand.Enrol("S1", false),
            TillAlphabet.Pay("S1", 10_000) with { Lines = [line] }));
        yield return ("completed-owed", Till(new TillCommand.Phone("91234567", "S1"), GoldenMembers.Met(), TillAlphabet.Complete("S1", 10_000)));
        yield return ("refunding", Till(TillAlphabet.Refund("s42-t7-1-5", 500), new TillMessage.Gone(TillRole.Pos, 1)));
        yield return ("held", Till(TillAlphabet.Hello(TillRole.Pos, 5, 9)));

        static TillMessage Says(PaymentStanding standing) => new TillMessage.PaymentSays(new PaymentStatus(
            new PaymentReference(TillAlphabet.Id, 1, 2), standing, 1, PaymentAlphabet.Amount, null, "", At.AddMinutes(10)));
    }

    private static TillState Till(params object[] steps)
    {
        var machine = new Till(new TillSettings(), TillAlphabet.Secret);
        var state = After(machine, "0042-07", TillAlphabet.Hello(TillRole.Pos, 0, 0));
        foreach (var step in steps)
        {
            state = machine.Decide(state, step as TillMessage ?? TillAlphabet.Next(state, (TillCommand)step), At).State;
        }

        return state;
    }

    private static IEnumerable<(string, SalesUnitState)> SalesUnits()
    {
        var wanted = new WantedHook("https://shop.example/hooks", ["epayments.payment.authorized.v1"]);
        var registered = new SalesUnitMessage.Registered(new VippsResult<WebhookRegistered>.Ok(new WebhookRegistered("hook-1", new Secret("hush"))));
        yield return ("fresh", Unit());
        yield return ("list", Unit(new SalesUnitMessage.Ensure(wanted), new SalesUnitMessage.Park("s42-t7-1-2", "CAPTURED")));
        yield return ("register", Unit(new SalesUnitMessage.Ensure(wanted), Listed(), new SalesUnitMessage.RegisterStarts()));
        yield return ("delete", Unit(new SalesUnitMessage.Ensure(wanted), Listed("stray")));
        yield return ("rest", Unit(new SalesUnitMessage.Ensure(wanted), Listed(), new SalesUnitMessage.RegisterStarts(), registered, Listed("hook-1")));

        SalesUnitMessage Listed(params string[] ids) => new SalesUnitMessage.Listed(new VippsResult<ImmutableArray<WebhookRegistration>>.Ok(
            [.. ids.Select(id => new WebhookRegistration(id, wanted.Url, wanted.Events))]));

        static SalesUnitState Unit(params SalesUnitMessage[] messages) => After(new SalesUnit(), "123456", messages);
    }

    private static TState After<TState, TMessage, TReply>(IMachine<TState, TMessage, TReply> machine, string key, params TMessage[] messages)
        where TState : class
        where TMessage : class
    {
        var state = machine.Initial(key);
        foreach (var message in messages) state = machine.Decide(state, message, At).State;
        return state;
    }
}
