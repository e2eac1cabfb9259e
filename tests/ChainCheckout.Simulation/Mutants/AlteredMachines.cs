using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Tills;
using ChainCheckout.Simulation.Hosting;

namespace ChainCheckout.Simulation.Mutants;

/// <summary>The bugs that sit in a decision.</summary>
internal static class AlteredMachines
{
    public static Machines With(Machines machines, Mutant mutant) => mutant switch
    {
        Mutant.CancelledIsCaptured => machines with { Payment = new AlteredMachine<PaymentState, PaymentMessage, PaymentReply>(machines.Payment) { Decides = CaptureInstead } },
        Mutant.PollsWithoutBound => machines with { Payment = new AlteredMachine<PaymentState, PaymentMessage, PaymentReply>(machines.Payment) { Owes = PollAtOnce } },
        Mutant.ApprovedIsPaid => machines with { Payment = new AlteredMachine<PaymentState, PaymentMessage, PaymentReply>(machines.Payment) { Owes = TellPaid } },
        Mutant.TimeIsFinal => machines with { Payment = new AlteredMachine<PaymentState, PaymentMessage, PaymentReply>(machines.Payment) { Decides = EndByTime } },
        Mutant.RefundTwice => machines with { Payment = new AlteredMachine<PaymentState, PaymentMessage, PaymentReply>(machines.Payment) { Owes = KeyByTries } },
        Mutant.HoldIgnored => machines with { Till = new AlteredMachine<TillState, TillMessage, TillReply>(machines.Till) { Decides = NeverHold } },
        Mutant.CheckingIsUnpaid => machines with { Till = new AlteredMachine<TillState, TillMessage, TillReply>(machines.Till) { Decides = TakeForUnpaid(machines.Till) } },
        Mutant.ViewNumbersRepeat => machines with { Till = new AlteredMachine<TillState, TillMessage, TillReply>(machines.Till) { Decides = CountFromStored } },
        Mutant.EventsOutOfOrder => machines with { Customer = new AlteredMachine<CustomerState, CustomerMessage, CustomerReply>(machines.Customer) { Owes = NewestFirst(machines.Customer) } },
        Mutant.CreditCountedTwice => machines with { Customer = new AlteredMachine<CustomerState, CustomerMessage, CustomerReply>(machines.Customer) { Decides = ForgetWhatCounted(machines.Customer) } },
        Mutant.CountedWhileMoving => machines with { Customer = new AlteredMachine<CustomerState, CustomerMessage, CustomerReply>(machines.Customer) { Decides = MemberMutants.CountOnTheWay(machines.Customer) } },
        Mutant.ErasedEnrolmentForgotten => machines with { Customer = new AlteredMachine<CustomerState, CustomerMessage, CustomerReply>(machines.Customer) { Decides = MemberMutants.ForgetEnrolment } },
        Mutant.ReplaySendsWhatWasStored => machines with { Customer = new AlteredMachine<CustomerState, CustomerMessage, CustomerReply>(machines.Customer) { Decides = MemberMutants.ReplayAsStored } },
        Mutant.ReplacedWithoutAWord => machines with { Customer = new AlteredMachine<CustomerState, CustomerMessage, CustomerReply>(machines.Customer) { Decides = MemberMutants.EndUntold } },
        Mutant.LateMoveArrivesAgain => machines with { Customer = new AlteredMachine<CustomerState, CustomerMessage, CustomerReply>(machines.Customer) { Decides = MemberMutants.ForgetWays(machines.Customer) } },
        _ => machines,
    };

    private static Decision<PaymentState, PaymentReply> CaptureInstead(PaymentState s, PaymentMessage m, DateTimeOffset now, Decision<PaymentState, PaymentReply> made) =>
        s is PaymentState.Cancelling c && m is PaymentMessage.ReadAnswered { Result: VippsResult<PaymentRead?>.Ok { Value: { State: PaymentStateAtVipps.Authorized, CapturedMinor: 0, CancelledMinor: 0 } } }
            ? made with { State = new PaymentState.Capturing(c.Case, new Pace(0, now), 1), Keep = Keep.Saved }
            : made;

    private static ImmutableArray<Owed> PollAtOnce(PaymentState s, ImmutableArray<Owed> owed) =>
        s is not PaymentState.Waiting w ? owed : [.. owed.Select(one => one.Name == "read" ? one with { DueAt = w.Pace.NextAt - TimeSpan.FromSeconds(5) } : one)];

    private static ImmutableArray<Owed> TellPaid(PaymentState s, ImmutableArray<Owed> owed) => s is not PaymentState.Capturing c ? owed :
    [
        .. owed,
        new Owed("too soon", DateTimeOffset.UnixEpoch, new PaymentOperation.TellTill(c.Case.Till, new PaymentStatus(c.Case.Reference, PaymentStanding.Captured, c.Case.News + 1, c.Case.Amount, null, "", null))),
    ];

    private static Decision<PaymentState, PaymentReply> EndByTime(PaymentState s, PaymentMessage m, DateTimeOffset now, Decision<PaymentState, PaymentReply> made) =>
        made.State is PaymentState.Waiting w && now >= w.Case.AskedAt + TimeSpan.FromMinutes(5)
            ? made with { State = new PaymentState.Unpaid(w.Case.Tell(now), UnpaidReason.Expired, "", now), Keep = Keep.Saved }
            : made;

    private static ImmutableArray<Owed> KeyByTries(PaymentState s, ImmutableArray<Owed> owed) => s is not PaymentState.Captured c ? owed :
    [
        .. owed.Select(one => one.Operation is PaymentOperation.GiveBack back && c.Pace.Tries > 0
            ? one with { Operation = new PaymentOperation.GiveBack(back.Request with { Key = $"{back.Request.Key}-{c.Pace.Tries}" }) }
            : one),
    ];

    private static Decision<TillState, TillReply> NeverHold(TillState s, TillMessage m, DateTimeOffset now, Decision<TillState, TillReply> made) =>
        made.State.Held is null ? made : made with { State = made.State with { Held = null } };

    private static Decision<TillState, TillReply> CountFromStored(TillState s, TillMessage m, DateTimeOffset now, Decision<TillState, TillReply> made) =>
        m is TillMessage.Loaded ? made with { State = made.State with { Version = s.Version } } : made;

    private static Func<TillState, TillMessage, DateTimeOffset, Decision<TillState, TillReply>, Decision<TillState, TillReply>> TakeForUnpaid(IMachine<TillState, TillMessage, TillReply> till) =>
        (s, m, now, made) => m is TillMessage.PaymentSays { Status: { Standing: PaymentStanding.Checking } status }
            ? till.Decide(s, new TillMessage.PaymentSays(status with { Standing = PaymentStanding.Unpaid, Reason = UnpaidReason.NotCreated }), now)
            : made;

    private static Func<CustomerState, ImmutableArray<Owed>, ImmutableArray<Owed>> NewestFirst(IMachine<CustomerState, CustomerMessage, CustomerReply> customer) =>
        (s, owed) => s.EventsOwed.Length < 2 ? owed : customer.Owed(s with { Events = [.. s.EventsOwed.Reverse()] });

    private static Func<CustomerState, CustomerMessage, DateTimeOffset, Decision<CustomerState, CustomerReply>, Decision<CustomerState, CustomerReply>> ForgetWhatCounted(
        IMachine<CustomerState, CustomerMessage, CustomerReply> customer) =>
        (s, m, now, made) => m is CustomerMessage.Credit credit && s.Sales.Any(sale => sale.Reference == credit.Reference)
            ? customer.Decide(s with { Credited = default }, m, now)
            : made;
}
