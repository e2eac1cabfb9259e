using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Tills;

namespace ChainCheckout.Core.Actors;

/// <summary>The one place that maps operation → call → message.</summary>
public sealed class Operations(IActors actors, IPaymentApi payments, IQrApi qr, IWebhookApi webhooks) : IOperations
{
    public Task<object> RunAsync(ActorId actor, object operation, CancellationToken cancellation) => operation switch
    {
        TillOperation o => RunAsync(o, cancellation),
        PaymentOperation o => RunAsync(o, cancellation),
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
                await actors.SendAsync(o.Id, new CustomerMessage.Met(o.Phone, o.At, default, "", RegisterAnswer.Own.Instance), cancellation);
                return new TillMessage.CustomerMet(o.Id, Reached: true);
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
            default:
                throw new System.Diagnostics.UnreachableException($"No code runs {operation.GetType().Name}.");
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
