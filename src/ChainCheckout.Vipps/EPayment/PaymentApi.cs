using ChainCheckout.Vipps.Options;
using ChainCheckout.Vipps.Resilience;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Vipps.EPayment;

/// <summary>ePayment v1 over HTTP.</summary>
internal sealed class PaymentApi(VippsSender sender, VippsOptions options) : IPaymentApi
{
    private static readonly VippsResult<PaymentRead?> NotFound = new VippsResult<PaymentRead?>.Ok(null);

    private readonly Uri _payments = options.EPayment.BaseAddress!.At(VippsOperation.Create.Template);

    public Task<VippsResult<PaymentCreated>> CreateAsync(CreatePayment request, CancellationToken cancellation)
    {
        var call = Call(VippsOperation.Create, request.Msn, _payments, request.Reference) with
        {
            Body = PaymentBodies.Create(request),
            Key = request.Key,
        };
        return sender.SendAsync(call, body => PaymentAnswers.Created(body, request.Reference), null, cancellation);
    }

    public Task<VippsResult<PaymentRead?>> ReadAsync(ReadPayment request, CancellationToken cancellation)
    {
        var call = Call(VippsOperation.Read, request.Msn, At(request.Reference, ""), request.Reference);
        return sender.SendAsync<PaymentRead?>(
            call with { Share = request.Poll ? CallShare.Poll : CallShare.Sale },
            // The same type but for the null that only a 404 gives.
            body => PaymentAnswers.Payment(body, request.Reference, null)!,
            NotFound, cancellation);
    }

    public Task<VippsResult<PaymentRead>> CaptureAsync(ChangePayment request, CancellationToken cancellation) =>
        ChangeAsync(VippsOperation.Capture, "/capture", request, PaymentBodies.Modify(request.Amount), cancellation);

    public Task<VippsResult<PaymentRead>> CancelAsync(ChangePayment request, CancellationToken cancellation) =>
        ChangeAsync(VippsOperation.Cancel, "/cancel", request, null, cancellation);

    public Task<VippsResult<PaymentRead>> RefundAsync(ChangePayment request, CancellationToken cancellation) =>
        ChangeAsync(VippsOperation.Refund, "/refund", request, PaymentBodies.Modify(request.Amount), cancellation);

    public Task<VippsResult<ImmutableArray<PaymentEventRead>>> EventsAsync(
        ReadPayment request, CancellationToken cancellation)
    {
        var call = Call(VippsOperation.Events, request.Msn, At(request.Reference, "/events"), request.Reference);
        return sender.SendAsync(call with { Share = request.Poll ? CallShare.Poll : CallShare.Sale }, PaymentAnswers.Events, null, cancellation);
    }

    private Task<VippsResult<PaymentRead>> ChangeAsync(
        VippsOperation operation, string tail, ChangePayment request, byte[]? body, CancellationToken cancellation)
    {
        var (reference, currency) = (request.Reference, request.Amount.Currency);
        var call = Call(operation, request.Msn, At(reference, tail), reference) with { Body = body, Key = request.Key };
        return sender.SendAsync(call, answer => PaymentAnswers.Payment(answer, reference, currency), null, cancellation);
    }

    private VippsCall Call(VippsOperation operation, Msn msn, Uri address, PaymentReference reference) =>
        new(operation, msn, address, options.CallTimeout, Subject: reference.ToString());

    private Uri At(PaymentReference reference, string tail) => _payments.At($"/{reference}{tail}");
}
