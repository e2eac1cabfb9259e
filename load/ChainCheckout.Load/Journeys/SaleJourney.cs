using ChainCheckout.Client;
using ChainCheckout.Load.Crowds;
using ChainCheckout.Load.Fleets;
using ChainCheckout.Load.Measure;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Load.Journeys;

/// <summary>
/// One sale at one till from the scan to its end, as a cashier would do it: only what the view shows decides what is
/// asked next, and only a view that says so ends a payment.
/// </summary>
internal sealed class SaleJourney(
    Seat seat, SalePlan plan, ICrowd crowd, SaleCounts counts, TimeProvider clock, IJourneySteps steps)
{
    /// <summary>A cashier asks for the payment then, whatever the customer's phone says.</summary>
    private static readonly TimeSpan JoinPatience = TimeSpan.FromSeconds(20);

    private int _attempts;

    /// <summary>The payment that was paid; null until one is.</summary>
    public string? PaidReference { get; private set; }

    /// <param name="scheduledAt">The timestamp from which the customer has been waiting.</param>
    public async Task<SaleEnd> RunAsync(long scheduledAt, CancellationToken cancellation)
    {
        var unknown = await steps.RunAsync(
            JourneySteps.Scan, () => IdentifyAsync(scheduledAt, cancellation),
            static code => new StepEnd(code is null, code ?? "Identified"));
        if (unknown is not null)
            return await LeaveAsync(SaleEnd.Failed(unknown), cancellation);
        if (plan.Join is { } join) await JoinAsync(join, cancellation);
        if (plan.Ending == Ending.OtherTender) return await CompleteAsync(cancellation);

        var end = await PayAsync(cancellation);
        if (end.Outcome == Outcome.Refused && plan.Ending == Ending.RefuseThenAgain)
        {
            counts.SecondAttempt();
            end = await PayAsync(cancellation);
        }

        return (end.Outcome, plan.Ending) switch
        {
            (Outcome.Paid, _) => end,
            (Outcome.Refused, Ending.RefuseThenOtherTender) => await CompleteAsync(cancellation),
            (Outcome.Cancelled, Ending.CancelThenOtherTender) => await CompleteAsync(cancellation),
            _ => await LeaveAsync(end, cancellation),
        };
    }

    /// <returns>Null when the customer is known, or the code that the till shows instead.</returns>
    private async Task<string?> IdentifyAsync(long scheduledAt, CancellationToken cancellation)
    {
        long knownAt = 0;
        var reply = await IntroduceAsync(cancellation);
        if (!reply.IsDone) return reply.Code;
        var view = await seat.WhenAsync(
            view =>
            {
                if (view.Version < reply.View || !(IsIdentified(view) || Views.IsUnidentified(view))) return false;
                knownAt = clock.GetTimestamp();
                return true;
            },
            cancellation);
        if (!IsIdentified(view)) return view.Code;
        if (plan.Introduction != Introduction.Number)
            counts.ScanToView.Record(clock.GetElapsedTime(scheduledAt, knownAt));
        return null;
    }

    // A scanner gateway knows no sale: its scan comes without one, and Pay gives the sale its name.
    private Task<TillReply> IntroduceAsync(CancellationToken cancellation) => plan switch
    {
        { Introduction: Introduction.Number } =>
            seat.AskAsync(new TillCommand.Phone(Typed(), plan.SaleId), cancellation),
        { IsByScanner: true } => seat.AskScannerAsync(new TillCommand.Scan(Code()), cancellation),
        _ => seat.AskAsync(new TillCommand.Scan(Code(), plan.SaleId), cancellation),
    };

    private string Code() => plan.Introduction == Introduction.Token ? plan.Shopper.QrToken : plan.Shopper.QrV1;

    private string Typed() => plan.Shopper.Msisdn is ['4', '7', .. var national] ? national : "+" + plan.Shopper.Msisdn;

    /// <summary>A server that was killed looks the customer up once more; the cashier waits a moment, as the till
    /// says.</summary>
    private async Task<TillReply> AskKnownAsync(TillCommand command, CancellationToken cancellation)
    {
        while (true)
        {
            var reply = await seat.AskAsync(command, cancellation);
            if (reply.Code != "StillIdentifying") return reply;
            await seat.WhenAsync(view => view.Stage != Views.Identifying, cancellation);
        }
    }

    private bool IsIdentified(ViewPayload view) =>
        view.Stage == Views.Ready && view.Customer is not null && (view.SaleId is null || view.SaleId == plan.SaleId);

    /// <summary>Asks the customer to join, and waits a while for the answer unless the plan is to pay meanwhile.</summary>
    private async Task JoinAsync(JoinPlan join, CancellationToken cancellation)
    {
        var known = await seat.WhenAsync(
            view => view.Customer is { Membership: not Memberships.Unknown } && IsIdentified(view), cancellation);
        if (known.Customer!.Membership == Memberships.Member) return;

        await crowd.TellLoginAsync(plan.Shopper, join.Answer, join.CustomerTakes, cancellation);
        var askedAt = clock.GetTimestamp();
        var ended = seat.WhenAsync(
            view =>
            {
                if (view.Enrolment is null or { Stage: Views.EnrolAsking or Views.EnrolWaiting }) return false;
                var hasJoined = view.Enrolment.Stage == Views.EnrolJoined;
                counts.EnrolEnded(hasJoined);
                if (hasJoined) counts.AskToEnrolled.Record(clock.GetElapsedTime(askedAt, clock.GetTimestamp()));
                return true;
            },
            cancellation);
        var reply = await AskKnownAsync(new TillCommand.Enrol(plan.SaleId), cancellation);
        if (reply.IsDone && (!join.PaysMeanwhile || plan.Ending == Ending.OtherTender))
            await Task.WhenAny(ended, Task.Delay(JoinPatience, clock, cancellation));
        cancellation.ThrowIfCancellationRequested();
    }

    private Task<SaleEnd> PayAsync(CancellationToken cancellation) =>
        steps.RunAsync(JourneySteps.Pay, () => AskToPayAsync(cancellation), plan.EndOf);

    private async Task<SaleEnd> AskToPayAsync(CancellationToken cancellation)
    {
        _attempts++;
        await crowd.TellAsync(plan.Shopper, plan.AnswerTo(_attempts), plan.CustomerTakes, cancellation);
        long endedAt = 0;
        var askedAt = clock.GetTimestamp();
        var pay = new TillCommand.Pay(plan.SaleId, plan.AmountMinor, seat.Currency, plan.Lines);
        var reply = await AskKnownAsync(pay, cancellation);
        if (!reply.IsDone) return SaleEnd.Failed(reply.Code);

        // A reply may come before its view, and what stands until then shows how the attempt before ended.
        var settled = seat.WhenAsync(
            view =>
            {
                if (view.Version < reply.View || !Views.EndsPaymentOf(plan.SaleId, view)) return false;
                endedAt = clock.GetTimestamp();
                return true;
            },
            cancellation);
        if (plan.IsCancelled && _attempts == 1) await CancelSoonAsync(settled, cancellation);

        var view = await settled;
        if (view.Stage != Views.Paid) return Views.EndOf(view);
        counts.PayToPaid.Record(clock.GetElapsedTime(askedAt, endedAt));
        PaidReference = view.Receipt?.Reference;
        return new SaleEnd(Outcome.Paid);
    }

    private async Task CancelSoonAsync(Task settled, CancellationToken cancellation)
    {
        await Task.WhenAny(settled, Task.Delay(plan.CashierTakes, clock, cancellation));

        // Too late is an answer like any other: what counts is the view that comes.
        if (!settled.IsCompleted) await seat.AskAsync(new TillCommand.Cancel(plan.SaleId), cancellation);
    }

    private async Task<SaleEnd> CompleteAsync(CancellationToken cancellation)
    {
        var end = await steps.RunAsync(JourneySteps.OtherTender, () => AskToCompleteAsync(cancellation), plan.EndOf);
        return end.Outcome == Outcome.Failed ? await LeaveAsync(end, cancellation) : end;
    }

    private async Task<SaleEnd> AskToCompleteAsync(CancellationToken cancellation)
    {
        var complete = new TillCommand.Complete(
            plan.SaleId, Tenders.Other, plan.AmountMinor, seat.Currency, plan.Lines);
        var reply = await AskKnownAsync(complete, cancellation);
        if (!reply.IsDone) return SaleEnd.Failed(reply.Code);
        await seat.WhenAsync(view => view.Stage == Views.Completed && view.SaleId == plan.SaleId, cancellation);
        return new SaleEnd(Outcome.PaidElsewhere);
    }

    /// <summary>The customer goes without having paid. The next sale must not meet what this one leaves on the
    /// screen.</summary>
    private async Task<SaleEnd> LeaveAsync(SaleEnd end, CancellationToken cancellation)
    {
        var reply = await seat.AskAsync(new TillCommand.Close(), cancellation);
        if (!reply.IsDone) return end.Outcome == Outcome.Failed ? end : SaleEnd.Failed($"Close:{reply.Code}");
        await seat.WhenAsync(view => view.Stage == Views.Idle, cancellation);
        return end;
    }
}
