using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Tills;

namespace ChainCheckout.Core.Actors;

/// <summary>The one place that maps operation → call → message.</summary>
public sealed class Operations(
    IActors actors, IPaymentApi payments, IQrApi qr, IWebhookApi webhooks, MemberPorts members, ChainSecret secret, TimeProvider clock) : IOperations
{
    public Task<object> RunAsync(ActorId actor, object operation, CancellationToken cancellation) => operation switch
    {
        TillOperation o => RunAsync(o, cancellation),
        PaymentOperation o => RunAsync(o, cancellation),
        CustomerOperation o => RunAsync(new CustomerId(actor.Key), o, cancellation),
        TellOwner o => TellOwnerAsync(o, cancellation),
        SalesUnitOperation o => RunAsync(new Msn(actor.Key), o, cancellation),
        _ => throw new System.Diagnostics.UnreachableException($"No code runs {operation.GetType().Name}."),
    };

    private async Task<object> RunAsync(TillOperation operation, CancellationToken cancellation)
    {
        switch (operation)
        {
            case TillOperation.Exchange o:
                return new TillMessage.Exchanged(o.Number, await qr.ExchangeAsync(o.Msn, o.Qr, cancellation));
            case TillOperation.MeetCustomer o:
                var found = await LookUpAsync(o.Phone, cancellation);
                return await actors.SendAsync(o.Id, new CustomerMessage.Met(o.Phone, o.At, o.Msn, o.Visit, o.IsFirst, found), cancellation) switch
                {
                    CustomerReply.Known known => new TillMessage.CustomerMet(o.Id, Reached: true, known.Card),
                    _ => new TillMessage.CustomerMet(o.Id, Reached: true, MemberCard.Unknown),
                };
            case TillOperation.AskEnrolment o:
                return await actors.SendAsync(o.Id, o.Message, cancellation) switch
                {
                    CustomerReply.EnrolmentIs says => new TillMessage.EnrolmentSays(says.Status),
                    _ => new TillMessage.EnrolmentSays(new EnrolmentStatus(o.Message.Key, EnrolmentStage.Unavailable, 0, null)),
                };
            case TillOperation.TellCredit { Credit: var credit }:
                var counts = await actors.SendAsync(credit.Customer, new CustomerMessage.Credit(credit.Reference, credit.Amount, 0, credit.At, credit.Way), cancellation);
                return new TillMessage.CreditTold(credit.Reference, IsCounted(counts), counts as CustomerReply.Moved);
            case TillOperation.StopHolding o:
                return new TillMessage.HeldLongEnough(o.SaleId);
            case TillOperation.TellPayment o:
                return await actors.SendAsync(o.Reference, o.Message, cancellation) switch
                {
                    PaymentReply.Status status => new TillMessage.PaymentSays(status.Of),
                    PaymentReply.Refused refused => new TillMessage.PaymentLost(o.Reference, refused.Code),
                    _ => new TillMessage.PaymentLost(o.Reference, "UnheardOf"),
                };
            case TillOperation.AskRefund { Message: var ask }:
                return await actors.SendAsync(ask.Reference, ask, cancellation) switch
                {
                    PaymentReply.RefundStatus status => new TillMessage.RefundSays(ask.Key, status.Stage, status.Code, status.Rebuilt),
                    PaymentReply.Refused { Code: "TryAgain" } => new TillMessage.RefundSilent(ask.Key),
                    PaymentReply.Refused refused => new TillMessage.RefundRefused(ask.Key, refused.Code),
                    _ => new TillMessage.RefundRefused(ask.Key, "UnknownPayment"),
                };
            case TillOperation.GiveUpWaiting:
                return new TillMessage.StayedAway();
            default:
                throw new System.Diagnostics.UnreachableException($"No code runs {operation.GetType().Name}.");
        }
    }

    private async Task<object> RunAsync(PaymentOperation operation, CancellationToken cancellation)
    {
        switch (operation)
        {
            case PaymentOperation.Create o:
                return new PaymentMessage.CreateAnswered(await payments.CreateAsync(o.Request, cancellation));
            case PaymentOperation.Read o:
                return new PaymentMessage.ReadAnswered(await payments.ReadAsync(o.Request, cancellation));
            case PaymentOperation.Capture o:
                return new PaymentMessage.CaptureAnswered(await payments.CaptureAsync(o.Request, cancellation));
            case PaymentOperation.Cancel o:
                return new PaymentMessage.CancelAnswered(await payments.CancelAsync(o.Request, cancellation));
            case PaymentOperation.GiveBack o:
                return new PaymentMessage.RefundAnswered(o.Request.Key, await payments.RefundAsync(o.Request, cancellation));
            case PaymentOperation.TellTill o:
                await actors.SendAsync(o.Till, new TillMessage.PaymentSays(o.Status), cancellation);
                return new PaymentMessage.TillTold(o.Status.News, Reached: true);
            case PaymentOperation.TellRefund { Refund: var refund }:
                var said = new TillMessage.RefundSays(refund.Key, refund.Stage, refund.Code, refund.Rebuilt);
                await actors.SendAsync(refund.AskedBy, said, cancellation);
                return new PaymentMessage.RefundTold(refund.Key, Reached: true);
            case PaymentOperation.TellCustomer o:
                var counts = await actors.SendAsync(o.Customer, o.Credit, cancellation);
                return new PaymentMessage.CustomerTold(o.Credit.RefundedMinor, IsCounted(counts), counts as CustomerReply.Moved);
            default:
                throw new System.Diagnostics.UnreachableException($"No code runs {operation.GetType().Name}.");
        }
    }

    private async Task<object> RunAsync(CustomerId id, CustomerOperation operation, CancellationToken cancellation)
    {
        switch (operation)
        {
            case CustomerOperation.SendCheckIn o:
                await members.CheckIns.CheckInAsync(o.Request, cancellation);
                return new CustomerMessage.CheckInAnswered(o.Visit);
            case CustomerOperation.TellOldTill o:
                await actors.SendAsync(o.Till, new TillMessage.CustomerElsewhere(id, o.Visit), cancellation);
                return new CustomerMessage.OldTillTold(o.Visit);
            case CustomerOperation.ClearTill o:
                return new CustomerMessage.TillCleared(o.Till, await actors.SendAsync(o.Till, new TillMessage.Forget(id), cancellation) is not TillReply.NotApplied);
            case CustomerOperation.LookUpUser o:
                return new CustomerMessage.UserExistsAnswered(o.Key, await members.Logins.UserExistsAsync(o.Msn, o.Phone, cancellation));
            case CustomerOperation.SendLogin o:
                var asked = await members.Logins.RequestAsync(o.Request, cancellation);
                var login = asked is VippsResult<LoginRequested>.Ok { Value: LoginRequested.Sent sent } ? secret.Login(sent.AuthReqId) : default;
                return new CustomerMessage.LoginAnswered(o.Key, asked, login);
            case CustomerOperation.RouteLogin o:
                var noted = (LoginReply.Noted)await actors.SendAsync(o.Login, new LoginMessage.Belongs(id), cancellation);
                return new CustomerMessage.LoginRouted(o.Login, Reached: true, noted.PingCame);
            case CustomerOperation.Exchange o:
                return new CustomerMessage.ExchangeAnswered(o.Key, await members.Logins.ExchangeAsync(o.Msn, o.AuthReqId, cancellation));
            case CustomerOperation.ReadUser o:
                return new CustomerMessage.UserInfoAnswered(o.Key, await members.Logins.UserInfoAsync(o.Msn, o.AccessToken, cancellation));
            case CustomerOperation.TellTill o:
                await actors.SendAsync(o.Till, new TillMessage.EnrolmentSays(o.Status), cancellation);
                return new CustomerMessage.EnrolmentTold(o.Status.Key, o.Status.News, Reached: true);
            case CustomerOperation.Publish o:
                return new CustomerMessage.PublishAnswered(o.Event.EventId, await members.Publisher.PublishAsync(id, o.Event, cancellation));
            case CustomerOperation.MoveTo o:
                return new CustomerMessage.MoveAnswered(o.To, await actors.SendAsync(o.To, o.Message, cancellation) is CustomerReply.Done, o.Message.Random);
            case CustomerOperation.TellRegister o:
                await members.Register.JoinedAsync(o.Join, cancellation);
                return new CustomerMessage.RegisterTold(o.Join.MemberId, Reached: true);
            default:
                throw new System.Diagnostics.UnreachableException($"No code runs {operation.GetType().Name}.");
        }
    }

    /// <summary>A member who is on the way to another number counts nothing until there.</summary>
    private static bool IsCounted(CustomerReply reply) => reply is not (CustomerReply.Refused or CustomerReply.Moved);

    private async Task<object> TellOwnerAsync(TellOwner operation, CancellationToken cancellation)
    {
        await actors.SendAsync(operation.Customer, new CustomerMessage.Pinged(operation.Login), cancellation);
        return new LoginMessage.OwnerTold(Reached: true);
    }

    /// <summary>A register that is slow or broken makes the membership unknown; the sale does not wait for it.</summary>
    private async ValueTask<RegisterAnswer> LookUpAsync(Msisdn phone, CancellationToken cancellation)
    {
        try
        {
            var answer = members.Register.FindAsync(phone, cancellation);
            return answer.IsCompletedSuccessfully ? answer.Result : await answer.AsTask().WaitAsync(members.RegisterMax, clock, cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            members.RegisterFailed(failure);
            return new RegisterAnswer.Unknown();
        }
    }

    private async Task<object> RunAsync(Msn msn, SalesUnitOperation operation, CancellationToken cancellation) => operation switch
    {
        SalesUnitOperation.List => new SalesUnitMessage.Listed(await webhooks.ListAsync(msn, cancellation)),
        SalesUnitOperation.Register o =>
            new SalesUnitMessage.Registered(await webhooks.RegisterAsync(msn, o.Wanted.Url, o.Wanted.Events, cancellation)),
        SalesUnitOperation.Delete o => new SalesUnitMessage.Deleted(o.Id, await webhooks.DeleteAsync(msn, o.Id, cancellation)),
        _ => throw new System.Diagnostics.UnreachableException($"No code runs {operation.GetType().Name}."),
    };
}
