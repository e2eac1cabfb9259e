using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Tests.Actors;
using static ChainCheckout.Core.Tills.TillMessage;
using Step = ChainCheckout.Tests.Actors.Step<
    ChainCheckout.Core.Tills.TillState, ChainCheckout.Core.Tills.TillMessage, ChainCheckout.Core.Tills.TillReply>;

namespace ChainCheckout.Tests.Tills;

/// <summary>What must hold of every turn of a till, and of every state that it can be in.</summary>
internal sealed class TillRules(Till machine)
{
    private static readonly TillRole[] Roles = [TillRole.Pos, TillRole.Scanner];
    private static readonly Dictionary<object, string> BadFields =
        TillAlphabet.Bad.ToDictionary<(TillCommand Command, string Field), object, string>(bad => bad.Command, bad => bad.Field, ReferenceEqualityComparer.Instance);

    public void AskStep(Step step)
    {
        var (before, after) = (step.Before, step.After);
        if (step.Made.Verdict != Verdict.Accepted && step.Message is not Command) Assert.Same(before, after);
        foreach (var role in Roles)
        {
            Assert.True(after.Of(role).Epoch >= before.Of(role).Epoch && after.Of(role).Session >= before.Of(role).Session);
            Assert.True(after.Of(role).LastNumber - before.Of(role).LastNumber <= 1);
            if (after.Of(role).Epoch > before.Of(role).Epoch) Assert.IsType<Hello>(step.Message);
        }

        Assert.True(after.Version >= before.Version, "a view's version went back");
        if (step.Message is Command command) CommandTakesEffectOnce(step, command);
        else Assert.Equal((before.Pos.LastNumber, before.Scanner.LastNumber), (after.Pos.LastNumber, after.Scanner.LastNumber));
        ShownChangesHaveANewVersion(step);
        PaidOnlyWhenThePaymentSaysSo(step);
        AttemptStartsOnlyAfterTheLastOneIsUnpaid(step);
        OtherTenderOnlyWhenNoPaymentCanBeCaptured(step);
        ASaleOfAKnownCustomerIsOwedToThem(step);
        WhoIsForgottenIsNobody(step);
        if (before.Held is not null && after.Held is null) Assert.IsType<Release>(step.Message);
        if (step.Message is PaymentSays { Status.Standing: PaymentStanding.Captured or PaymentStanding.Unpaid or PaymentStanding.Stopped } said)
            Assert.DoesNotContain(machine.Owed(after), owed => owed.Operation is TillOperation.TellPayment tell && tell.Reference == said.Status.Reference);
    }

    public void AskState(TillState state, DateTimeOffset now)
    {
        var owed = machine.Owed(state);
        Assert.Equal(owed.Length, owed.Select(one => one.Name).Distinct().Count());
        if (state.Sale is Sale.Paying { Status: null or { Standing: not PaymentStanding.Stopped } }) Assert.Contains(owed, one => one.Operation is TillOperation.TellPayment);
        if (state.Sale is Sale.Holding) Assert.DoesNotContain(owed, one => one.Operation is TillOperation.TellPayment);
        Assert.Equal(state is { Sale: Sale.Holding, Held: null }, owed.Any(one => one.Operation is TillOperation.StopHolding));
        if (state.Customer is Identity.Identified { Enrol.IsOpen: true }) Assert.Contains(owed, one => one.Operation is TillOperation.AskEnrolment);
        foreach (var credit in state.CreditsOwed) Assert.Contains(owed, one => one.Operation is TillOperation.TellCredit tell && tell.Credit == credit);
        if (state.Customer is Identity.Identifying) Assert.Contains(owed, one => one.Operation is TillOperation.Exchange);
        if (state.Refund is { IsOpen: true }) Assert.Contains(owed, one => one.Operation is TillOperation.AskRefund);
        if (state.Profile is null) return;
        if (state.Pos.Session > 0) AllowedIsWhatWouldBeAccepted(state, now);
        SurvivesStorage(state);
    }

    private void CommandTakesEffectOnce(Step step, Command m)
    {
        var before = step.Before.Of(m.Role);
        if (m.Session == 0 || m.Session != before.Session) Refused("StaleSession");
        else if (m.Number == before.LastNumber && m.Hash == before.LastHash && before.LastReply is { } stored)
        {
            Assert.Same(stored, Assert.IsType<TillReply.Answer>(step.Made.Reply).Reply);
            Assert.Same(step.Before, step.After);
        }
        else if (m.Number <= before.LastNumber) Refused("SequenceReused");
        else if (m.Number != before.LastNumber + 1) Refused("SequenceGap");
        else Applied();

        void Refused(string code)
        {
            Assert.Equal(code, Assert.IsType<TillReply.NotApplied>(step.Made.Reply).Code);
            Assert.Same(step.Before, step.After);
        }

        void Applied()
        {
            var reply = Assert.IsType<TillReply.Answer>(step.Made.Reply).Reply;
            var after = step.After.Of(m.Role);
            Assert.Equal((m.Number, m.Hash, reply), (after.LastNumber, after.LastHash, after.LastReply!));
            Assert.Equal((Keep.Saved, step.After.Version), (step.Made.Keep, reply.View));
            Assert.Equal(step.Made.Verdict != Verdict.Rejected, reply.Done);
            var again = machine.Decide(step.After, m, step.Now + TimeSpan.FromHours(1));
            Assert.Same(reply, Assert.IsType<TillReply.Answer>(again.Reply).Reply);
            Assert.Same(step.After, again.State);
            if (m is { Role: TillRole.Scanner, Body: not TillCommand.Scan }) Assert.Equal(TillCode.NotAllowedForScanner, reply.Code);
            if (reply.Done) return;
            Assert.True((int)reply.Code is >= 200 and < 400 || reply.Code == TillCode.Held || reply.Code == TillCode.NoCustomer, $"{reply.Code} is no refusal");
            Assert.Equal((step.Before.Sale.GetType(), step.Before.Customer, step.Before.Refund), (step.After.Sale.GetType(), step.After.Customer, step.After.Refund));
            if (m.Role == TillRole.Pos && BadFields.TryGetValue(m.Body, out var field)) BlamesTheFieldUnlessTheSaleIsToBlame(reply, field);
        }
    }

    private static void BlamesTheFieldUnlessTheSaleIsToBlame(TillAnswer reply, string field)
    {
        if (reply.Code is not (TillCode.PaymentOpen or TillCode.SaleOpen or TillCode.SaleCompleted)) Assert.Equal(field, reply.Field);
    }

    private void ShownChangesHaveANewVersion(Step step)
    {
        if (step.Before.Profile is null || ReferenceEquals(step.Before, step.After) || step.After.Version > step.Before.Version) return;
        if (step.Made.Verdict == Verdict.Rejected && ReferenceEquals(step.Before.Sale, step.After.Sale)) return;
        var (before, after) = ((TillView)machine.View(step.Before, step.Now)!, (TillView)machine.View(step.After, step.Now)!);
        Assert.Equal((before.Stage, before.Code, before.SaleId, before.Text), (after.Stage, after.Code, after.SaleId, after.Text));
        Assert.Equal(before.Allowed.AsEnumerable(), after.Allowed.AsEnumerable());
        Assert.Equal((before.Payment, before.Receipt), (after.Payment, after.Receipt));
        Assert.Equal((before.Member, before.CustomerNotice, before.Enrolment), (after.Member, after.CustomerNotice, after.Enrolment));
    }

    private static void PaidOnlyWhenThePaymentSaysSo(Step step)
    {
        if (step.After.Sale is not Sale.Finished { Receipt.Reference: { } reference } || step.Before.Sale is Sale.Finished) return;
        var said = Assert.IsType<PaymentSays>(step.Message).Status;
        var paying = Assert.IsType<Sale.Paying>(step.Before.Sale);
        Assert.Equal((PaymentStanding.Captured, reference), (said.Standing, paying.Attempt.Reference));
        Assert.Equal(Keep.Saved, step.Made.Keep);
        Assert.Equal(1, step.After.Today.Paid - step.Before.Today.Paid);
    }

    private static void AttemptStartsOnlyAfterTheLastOneIsUnpaid(Step step)
    {
        if (step.Before.Sale is Sale.Paying old && step.After.Sale is not Sale.Paying)
        {
            var over = step.Message is PaymentSays { Status.Standing: PaymentStanding.Captured or PaymentStanding.Unpaid } said
                && said.Status.Reference == old.Attempt.Reference;
            Assert.True(over || old.Status is { Standing: PaymentStanding.Stopped }, "a payment was let go while it may be captured");
        }

        if (step.After.Sale is not Sale.Paying begun) return;
        if (step.Before.Sale is Sale.Paying same)
        {
            Assert.Equal(same.Attempt.Reference, begun.Attempt.Reference);
            return;
        }

        Assert.Null(step.After.Held);
        if (step.Before.Sale is Sale.Holding held && held.Attempt.Reference == begun.Attempt.Reference)
        {
            Assert.True(step.Message is HeldLongEnough or EnrolmentSays { Status.IsOpen: false } or Command { Body: TillCommand.Pay } or Release);
            return;
        }

        Assert.IsType<Identity.Identified>(step.Before.Customer);
        Assert.Equal((step.Before.Pos.Epoch, step.Before.Pos.LastNumber + 1), (begun.Attempt.Reference.Epoch, begun.Attempt.Reference.Number));
        if (step.Before.Sale is Sale.Open open) Assert.Equal(open.Attempts + 1, begun.Attempt.Number);
    }

    private static void OtherTenderOnlyWhenNoPaymentCanBeCaptured(Step step)
    {
        if (step.After.Sale is not Sale.Finished { Receipt.Reference: null } || ReferenceEquals(step.Before.Sale, step.After.Sale)) return;
        Assert.IsType<TillCommand.Complete>(Assert.IsType<Command>(step.Message).Body);
        Assert.IsNotType<Sale.Paying>(step.Before.Sale);
    }

    private static void ASaleOfAKnownCustomerIsOwedToThem(Step step)
    {
        var completes = step.Message is Command { Body: TillCommand.Complete } && step.Made.Verdict == Verdict.Accepted;
        var isOwed = completes && step.Before.Customer is Identity.Identified;
        if (step.Message is not CreditTold { Reached: true })
            Assert.Equal(step.Before.CreditsOwed.Length + (isOwed ? 1 : 0), step.After.CreditsOwed.Length);
        if (isOwed) Assert.Equal(((Identity.Identified)step.Before.Customer).Id, step.After.CreditsOwed[^1].Customer);
    }

    private static void WhoIsForgottenIsNobody(Step step)
    {
        if (step.Message is not Forget { Id: var id } || step.Made.Reply is TillReply.NotApplied) return;
        Assert.False(step.After.Customer is Identity.Identified known && known.Id == id, "an erased person still stands there");
    }

    private void AllowedIsWhatWouldBeAccepted(TillState state, DateTimeOffset now)
    {
        var view = (TillView)machine.View(state, now)!;
        foreach (var (name, command) in WellFormed(state, view))
        {
            var made = machine.Decide(state, TillAlphabet.Next(state, command), now);
            if (made.Verdict == Verdict.Duplicate) continue;

            // A matter of moments, not of the sale.
            if (made.Reply is TillReply.Answer { Reply.Code: TillCode.TooManyUncounted }) continue;
            Assert.True(view.Allowed.Contains(name) == (made.Verdict == Verdict.Accepted),
                $"{name} in {view.Stage} ({view.Code}): allowed {string.Join(',', view.Allowed)}, but {made.Verdict} {(made.Reply as TillReply.Answer)?.Reply.Code}");
        }
    }

    private static IEnumerable<(string Name, TillCommand Command)> WellFormed(TillState state, TillView view)
    {
        var sale = state.Sale is Sale.Open or Sale.Paying or Sale.Holding ? view.SaleId! : "S9";
        yield return ("scan", new TillCommand.Scan(TillAlphabet.Qr, null));
        yield return ("phone", new TillCommand.Phone("91234567", null));
        yield return ("pay", TillAlphabet.Pay(sale, 12_300));
        yield return ("cancel", new TillCommand.Cancel(sale));
        yield return ("complete", TillAlphabet.Complete(sale, 12_300));
        yield return ("close", new TillCommand.Close(null));
        yield return ("refund", TillAlphabet.Refund("s42-t7-1-5", 500));
        yield return ("enrol", new TillCommand.Enrol(null, false));
    }

    private void SurvivesStorage(TillState state)
    {
        var json = machine.StateJson(Stored.Codec);
        var read = Stored.Codec.Decode(Stored.Codec.Encode(state, json), json);
        Assert.Equal(PlainJson.Exact(state, types => types.TillState), PlainJson.Exact(read, types => types.TillState));
        Assert.Equal(machine.Owed(state).Select(one => (one.Name, one.DueAt)), machine.Owed(read).Select(one => (one.Name, one.DueAt)));
        Assert.Equal(machine.Flags(state), machine.Flags(read));
    }
}
