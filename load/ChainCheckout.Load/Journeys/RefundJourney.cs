using ChainCheckout.Load.Fleets;
using ChainCheckout.Load.Measure;
using ChainCheckout.Protocol.Commands;

namespace ChainCheckout.Load.Journeys;

/// <summary>A part of a paid sale that is to be given back, by whichever till of its store is free.</summary>
/// <param name="Reference">The payment's.</param>
/// <param name="DueAt">Not before this timestamp.</param>
public sealed record RefundJob(string Reference, long AmountMinor, long DueAt);

internal static class RefundJourney
{
    /// <returns>Null when the money is given back, or the code that the till shows instead.</returns>
    public static async Task<string?> RunAsync(Seat seat, RefundJob job, SaleCounts counts, CancellationToken cancellation)
    {
        var refund = new TillCommand.Refund(
            job.Reference, job.AmountMinor, seat.Currency, $"cashier {seat.Number}", "goods returned");
        var reply = await seat.AskAsync(refund, cancellation);
        if (!reply.IsDone)
        {
            counts.RefundFailed(reply.Code);
            return reply.Code;
        }

        var view = await seat.WhenAsync(
            view =>
                view.Refund is { Stage: Views.Refunded or Views.RefundRefused } shown
                    && shown.Reference == job.Reference, cancellation);
        if (view.Refund!.Stage == Views.Refunded)
        {
            counts.Refunded();
            return null;
        }

        counts.RefundFailed(view.Refund.Code);
        return view.Refund.Code;
    }
}
