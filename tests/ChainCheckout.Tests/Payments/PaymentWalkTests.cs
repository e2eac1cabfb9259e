using ChainCheckout.Core.Payments;
using ChainCheckout.Tests.Actors;
using Xunit.Abstractions;
using static ChainCheckout.Core.Payments.PaymentState;

namespace ChainCheckout.Tests.Payments;

public sealed class PaymentWalkTests(ITestOutputHelper output)
{
    private static readonly PaymentTimings Timings = new();
    private static readonly Payment Machine = new(Timings);

    private static readonly Type[] OfARefundAlone = [typeof(Rebuilding)];

    [Fact]
    public void Payment_EveryReachableTurnOfASale_KeepsTheRules()
    {
        var stages = Run((state, message) =>
            state is not Unheard || message == PaymentAlphabet.Begin);

        Assert.Equal(AllStages.Except(OfARefundAlone).ToHashSet(), stages);
    }

    [Fact]
    public void Payment_EveryReachableTurnOfARefundOfAForgottenOne_KeepsTheRules()
    {
        var stages = Run((state, message) => state switch
        {
            Unheard => message is PaymentMessage.GiveBack { Key: "r1" or "r5" },
            Rebuilding => message is not PaymentMessage.Start,
            _ => true,
        });

        Assert.Equal([typeof(Unheard), typeof(Rebuilding), typeof(Captured), typeof(Stopped)], stages.OrderBy(type => Array.IndexOf(Order, type)));
    }

    private static readonly Type[] Order = [typeof(Unheard), typeof(Rebuilding), typeof(Captured), typeof(Stopped)];

    private static IEnumerable<Type> AllStages => typeof(PaymentState).GetNestedTypes().Where(type => !type.IsAbstract);

    private HashSet<Type> Run(Func<PaymentState, PaymentMessage, bool> isSent)
    {
        var rules = new PaymentRules(Machine, Timings);
        var stages = new HashSet<Type>();
        var walk = new Walk<PaymentState, PaymentMessage, PaymentReply>(Machine)
        {
            Name = Name,
            Messages = (state, _) => Messages(state).Where(message => 
                isSent(state, message) && !IsAnotherFirstRefund(state, message) && (IsAwaited(state, message) || !OfManyAnswers.Contains(message))),
            Waits = [TimeSpan.FromSeconds(31), TimeSpan.FromSeconds(61), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(16), TimeSpan.FromDays(8)],
            AskStep = rules.AskStep,
            AskState = (state, now) =>
            {
                stages.Add(state.GetType());
                rules.AskState(state, now);
            },
            StatesMax = 30_000,
        };

        output.WriteLine(walk.Run(Unheard.Instance));

        Assert.True(walk.IsComplete);
        return stages;
    }

    private static IEnumerable<PaymentMessage> Messages(PaymentState state)
    {
        var news = state is Known { Case.News: var known } ? known : 0;
        return
        [
            .. PaymentAlphabet.All,
            new PaymentMessage.TillTold(news, true), new PaymentMessage.TillTold(news - 1, true),
            new PaymentMessage.TillTold(news + 3, true), new PaymentMessage.TillTold(news, false),
        ];
    }

    /// <summary>One amount for each refund is enough; the other one belongs under a key that is known.</summary>
    private static bool IsAnotherFirstRefund(PaymentState state, PaymentMessage message) =>
        message is PaymentMessage.GiveBack { Key: "r1", Amount.Minor: 4_000 } &&
        state is not Known { Case.Refunds: [{ Key: "r1" }, ..] };

    /// <summary>Of the answers that come too late, three of each kind are enough.</summary>
    private static readonly HashSet<PaymentMessage> OfManyAnswers =
    [
        .. PaymentAlphabet.All
            .Where(message => message is PaymentMessage.CaptureAnswered or PaymentMessage.CancelAnswered or PaymentMessage.RefundAnswered)
            .GroupBy(message => message is PaymentMessage.RefundAnswered refund ? refund.Key : message.GetType().Name)
            .SelectMany(kind => kind.Where((_, index) => index % 6 != 0)),
    ];

    private static bool IsAwaited(PaymentState state, PaymentMessage message) => message switch
    {
        PaymentMessage.CaptureAnswered => state is Capturing,
        PaymentMessage.CancelAnswered => state is Cancelling,
        PaymentMessage.RefundAnswered => state is GivingBack or Captured { Case.Refunds.IsEmpty: false },
        _ => true,
    };

    /// <summary>
    /// Counters that only pace or number are cut off where no rule looks further; the story is left out, and so is when
    /// calls were sent: no turn asks.
    /// </summary>
    private static string Name(PaymentState state, DateTimeOffset now)
    {
        if (state is not Known known) return state.GetType().Name;
        var told = known with
        {
            Case = known.Case with
            {
                Timeline = [],
                AskedAt = now,
                News = Math.Min(known.Case.News - known.Case.Told, 1),
                Told = 0,
                EndsAt = known is Creating or Waiting or Cancelling ? known.Case.EndsAt : now,
                TellAt = now,
                Sent = [],
            },
        };
        PaymentState cut = told switch
        {
            Creating s => s with { Order = NoOrder, Pace = Cut(s.Pace, now) },
            Waiting s => s with { Order = NoOrder, Pace = Cut(s.Pace, now) },
            Capturing s => s with { Pace = Cut(s.Pace, now), KeyNumber = Math.Min(s.KeyNumber, 2) },
            Captured s => s with { Pace = Cut(s.Pace, now), FinalAt = now },
            Cancelling s => s with { Order = s.Order is null ? null : NoOrder, Pace = Cut(s.Pace, now), KeyNumber = Math.Min(s.KeyNumber, 2) },
            GivingBack s => s with { Pace = Cut(s.Pace, now), KeyNumber = Math.Min(s.KeyNumber, 2) },
            Unpaid s => s with { Recheck = s.Recheck is { } pace ? Cut(pace, now) : null, FinalAt = now },
            Rebuilding s => s with { Pace = Cut(s.Pace, now) },
            Stopped s => s with { Why = "" },
            _ => told,
        };
        return PlainJson.Bucketed(cut, now, types => types.PaymentState);
    }

    private static readonly PaymentOrder NoOrder = new(default, "", [], null);

    /// <summary>No turn asks when the next call is due: that only paces.</summary>
    private static Pace Cut(Pace pace, DateTimeOffset now) =>
        pace with { NextAt = now, Tries = Math.Min(pace.Tries, 1), Refused = pace.Refused is null ? null : "x" };
}
