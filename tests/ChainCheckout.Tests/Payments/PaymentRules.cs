using System.Collections.Immutable;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Tests.Actors;
using static ChainCheckout.Core.Payments.PaymentMessage;
using static ChainCheckout.Core.Payments.PaymentState;
using static ChainCheckout.Tests.Payments.PaymentAlphabet;
using Step = ChainCheckout.Tests.Actors.Step<
    ChainCheckout.Core.Payments.PaymentState,
    ChainCheckout.Core.Payments.PaymentMessage,
    ChainCheckout.Core.Payments.PaymentReply>;

namespace ChainCheckout.Tests.Payments;

/// <summary>What must hold of every turn of a payment, and of every stage that it can be in.</summary>
internal sealed class PaymentRules(Payment machine, PaymentTimings timings)
{
    public void AskStep(Step step)
    {
        if (step.Made.Verdict != Verdict.Accepted) Assert.Same(step.Before, step.After);
        MoneyIsTakenOnlyWhenVippsShowsAnApproval(step);
        PaidOnlyWhenVippsShowsTheMoney(step);
        UnpaidOnlyForAReason(step);
        FinalIsLeftOnlyForMoney(step);
        GivenUpIsNeverWantedAgain(step);
        KeysChangeOnlyAfterARefusalAndARead(step);
        RefundsNeverExceedWhatWasCaptured(step);
        OneRefundIsNotTakenForAnother(step);
        EachCallIsCounted(step);
    }

    public void AskState(PaymentState state, DateTimeOffset now)
    {
        var owed = machine.Owed(state);
        var calls = owed.Where(one => one.Operation is not (PaymentOperation.TellTill or PaymentOperation.TellRefund)).ToArray();
        Assert.Equal(owed.Length, owed.Select(one => one.Name).Distinct().Count());
        Assert.True(calls.Length <= 1, "one call at a time");
        Assert.Equal(state is Capturing { Pace.ReadFirst: false }, calls.Any(one => one.Operation is PaymentOperation.Capture));
        Assert.True(state is Creating or Cancelling || !calls.Any(one => one.Operation is PaymentOperation.Create), "a create where none belongs");
        if (state is Stopped) Assert.Empty(calls);
        if (WaitsOnSomebody(state)) Assert.NotEmpty(calls);
        if (state is Unheard or Captured or Unpaid) _ = machine.ForgetAt(state);
        if (calls.Any(one => one.Mutation)) AtMostFiveInAnyMinute((Known)state, now);
        SurvivesStorage(state, now);
    }

    private static bool WaitsOnSomebody(PaymentState state) => state switch
    {
        Creating or Waiting or Capturing or Cancelling or GivingBack => true,
        Rebuilding r => r.Case.Refunds[0].Stage == RefundStage.Owed,
        Captured c => c.Case.Refunds.Any(refund => refund.Stage == RefundStage.Owed),
        _ => false,
    };

    private static void MoneyIsTakenOnlyWhenVippsShowsAnApproval(Step step)
    {
        if (step.After is not Capturing || step.Before is Capturing) return;
        Assert.True(step.Before is Creating or Waiting, "a payment that nobody wants is not captured");
        var read = Assert.IsType<ReadAnswered>(step.Message);
        var shown = Shown(read)!;
        Assert.Equal(PaymentStateAtVipps.Authorized, shown.State);
        Assert.Equal(((Known)step.Before).Case.Amount, shown.Amount);
        Assert.Equal(0, shown.CapturedMinor);
        Assert.Equal(Keep.Saved, step.Made.Keep);
    }

    private static void PaidOnlyWhenVippsShowsTheMoney(Step step)
    {
        if (step.After is not Captured || step.Before is Captured) return;
        var read = Shown(step.Message)!;
        Assert.True(read.CapturedMinor > 0);
        Assert.Equal(Keep.Saved, step.Made.Keep);
        if (step.Before is Rebuilding) return;
        Assert.IsType<Capturing>(step.Before);
        Assert.Equal(Amount.Minor, read.CapturedMinor);
    }

    private void UnpaidOnlyForAReason(Step step)
    {
        if (step.After is not Unpaid || step.Before is Unpaid) return;
        Assert.Equal(Keep.Saved, step.Made.Keep);
        var sending = step.Before switch { Creating c => c.Sending, Cancelling c => c.Unclear, _ => null };
        var known = ((Known)step.Before).Case;
        var reason = step.Message switch
        {
            CreateAnswered { Result: VippsResult<PaymentCreated>.Later { Fault.Status: 0 } } => sending is { MayHaveLeft: false },
            ReadAnswered { Result: VippsResult<PaymentRead?>.Ok { Value: null } } =>
                sending is { Refused: not null, Unclear: false } ||
                (sending is not null && step.Now - sending.LastAt >= timings.NotFoundFinal) ||
                (sending is null && step.Now - known.EndsAt >= timings.NotFoundFinal),
            _ when Shown(step.Message) is { } read => step.Before is GivingBack
                ? read.RefundedMinor >= read.CapturedMinor && read.CapturedMinor > 0
                : NothingCanComeOf(read),
            _ => false,
        };
        Assert.True(reason, "unpaid without a reason");
    }

    private static bool NothingCanComeOf(PaymentRead read) => read.CapturedMinor == 0 &&
        (read.State is PaymentStateAtVipps.Aborted or PaymentStateAtVipps.Expired or PaymentStateAtVipps.Terminated ||
         (read.State == PaymentStateAtVipps.Authorized && read.CancelledMinor >= read.AuthorizedMinor));

    private static void FinalIsLeftOnlyForMoney(Step step)
    {
        if (step.Before is Stopped) Assert.IsType<Stopped>(step.After);
        if (step.Before is not (Unpaid or Captured) || step.Before.GetType() == step.After.GetType()) return;
        var read = Shown(step.Message)!;
        if (step.After is Stopped) Assert.NotEqual(((Known)step.Before).Case.Amount, read.Amount);
        else if (step.Before is Captured) Assert.Fail("paid is left for nothing");
        else Assert.True(read.CapturedMinor > read.RefundedMinor || (!NothingCanComeOf(read) && step.Before is Unpaid { Recheck: not null }));
        Assert.NotNull(step.Made.Alert);
    }

    private static void GivenUpIsNeverWantedAgain(Step step)
    {
        if (step.Before is Cancelling or GivingBack or Unpaid)
            Assert.True(step.After is Cancelling or GivingBack or Unpaid or Stopped, "a payment that was given up is wanted again");
        if (step.Before is Capturing) Assert.True(step.After is Capturing or Captured or Unpaid or Stopped, "approved money is dropped");
    }

    private static void KeysChangeOnlyAfterARefusalAndARead(Step step)
    {
        if (step.Before is not Known before || step.After is not Known after || before is Rebuilding) return;
        Assert.Equal(before.Case.CreateKey, after.Case.CreateKey);
        var (old, next) = (KeyNumber(before), KeyNumber(after));
        if (old is null || next is null || before.GetType() != after.GetType() || old == next) return;
        Assert.Equal(old + 1, next);
        Assert.NotNull(PaceOf(before)!.Refused);
        var read = Shown(Assert.IsType<ReadAnswered>(step.Message))!;
        Assert.True(before is GivingBack ? read.RefundedMinor < 10_000 : read.CapturedMinor == 0, "the read shows an effect");
        Assert.Equal(Keep.Saved, step.Made.Keep);
    }

    private static int? KeyNumber(PaymentState state) => state switch
    {
        Capturing s => s.KeyNumber,
        Cancelling s => s.KeyNumber,
        GivingBack s => s.KeyNumber,
        _ => null,
    };

    private static Pace? PaceOf(PaymentState state) => state switch
    {
        Capturing s => s.Pace,
        Cancelling s => s.Pace,
        GivingBack s => s.Pace,
        _ => null,
    };

    private static void RefundsNeverExceedWhatWasCaptured(Step step)
    {
        if (step.After is not Known { Case.Refunds.IsEmpty: false } after || ReferenceEquals(step.Before, step.After)) return;
        var keys = after.Case.Refunds.Select(refund => refund.Key).ToArray();
        Assert.Equal(keys.Distinct(), keys);
        if (after is not Captured paid) return;
        var promised = paid.Case.Refunds.Where(refund => refund.Stage != RefundStage.Refused).Sum(refund => refund.AmountMinor);
        if (!paid.Case.Refunds.Any(refund => refund.Rebuilt)) Assert.True(promised <= paid.CapturedMinor, "more is given back than was taken");
    }

    /// <summary>Done is what Vipps has said yes to by its key, or what was given back beyond what had been before its first call.</summary>
    private static void OneRefundIsNotTakenForAnother(Step step)
    {
        if (step is not { Before: Captured before, After: Known after }) return;
        foreach (var refund in before.Case.Refunds.Where(one => one.Stage == RefundStage.Owed && after.Case.Refunds.Any(then => then.Key == one.Key && then.Stage == RefundStage.Done)))
        {
            if (step.Message is RefundAnswered { Result: VippsResult<PaymentRead>.Ok } said && said.Key == refund.Key) continue;
            Assert.NotEqual(Core.Payments.Refund.NotRead, refund.BaseMinor);
            var read = Assert.IsType<VippsResult<PaymentRead?>.Ok>(Assert.IsType<ReadAnswered>(step.Message).Result).Value!;
            Assert.True(read.RefundedMinor >= refund.BaseMinor + refund.AmountMinor, "somebody else's refund was taken for this one");
            Assert.True(before.Pace.Refused is null || refund.Unclear, "a refund was refused, and is done");
        }
    }

    /// <summary>However many were sent within the minute: the next one waits until it is the fifth at most.</summary>
    private void AtMostFiveInAnyMinute(Known state, DateTimeOffset now)
    {
        // Each outcome plans the next call no sooner than it came: none of the five is newer than that plan.
        var planned = machine.Owed(state with { Case = state.Case with { Sent = [] } }).First(one => one.Mutation).DueAt;
        var last = planned < now ? planned : now;
        for (var sent = 0; sent <= PaymentTimings.MutationsMax; sent++)
        {
            var times = Enumerable.Range(1, sent).Reverse().Select(ago => last - TimeSpan.FromSeconds(10 * ago)).ToImmutableArray();
            foreach (var call in machine.Owed(state with { Case = state.Case with { Sent = times } }).Where(one => one.Mutation))
            {
                var before = times.Count(at => at > call.DueAt - timings.MutationWindow);
                Assert.True(before < PaymentTimings.MutationsMax, "a sixth mutation within a minute");
            }
        }
    }

    /// <summary>Unless it never left. At a load one may have been under way.</summary>
    private static void EachCallIsCounted(Step step)
    {
        var counts = step.Message switch
        {
            CreateAnswered { Result: VippsResult<PaymentCreated>.Later { Fault.Status: 0 } } => false,
            CreateAnswered => step.Before is Creating or Cancelling { Unclear: not null },
            CaptureAnswered => step.Before is Capturing,
            CancelAnswered => step.Before is Cancelling,
            Loaded => step.Before is Creating or Capturing or Cancelling or GivingBack,
            _ => false,
        };
        if (!counts || step.After is Stopped) return;
        Assert.Equal(step.Now, ((Known)step.After).Case.Sent[^1]);
        Assert.True(((Known)step.After).Case.Sent.Length <= PaymentTimings.MutationsMax);
    }

    private void SurvivesStorage(PaymentState state, DateTimeOffset now)
    {
        var json = machine.StateJson(Stored.Codec);
        var read = Stored.Codec.Decode(Stored.Codec.Encode(state, json), json);
        Assert.Equal(PlainJson.Exact(state, types => types.PaymentState), PlainJson.Exact(read, types => types.PaymentState));
        Assert.Equal(machine.Owed(state).Select(one => (one.Name, one.DueAt)), machine.Owed(read).Select(one => (one.Name, one.DueAt)));
        Assert.Equal(machine.Flags(state), machine.Flags(read));
    }
}
