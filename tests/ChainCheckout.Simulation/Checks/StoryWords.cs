using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Tills;

namespace ChainCheckout.Simulation.Checks;

/// <summary>A stored state in a few words, for a story.</summary>
internal static class StoryWords
{
    public static string Of(object state) => state switch
    {
        TillState till => $"{Of(till.Customer)}, {Of(till.Sale)}, pos {till.Pos.Epoch}/{till.Pos.LastNumber}{(till.Refund is null ? "" : $", refund {till.Refund.Key} {till.Refund.Stage}")}{(till.Held is null ? "" : ", HELD")}",
        PaymentState.Known known => $"{Of(known)}{Of(known.Case)}",
        PaymentState => "nothing",
        CustomerState customer => Of(customer),
        SalesUnitState unit => $"{unit.Step.GetType().Name}, {unit.Hooks.Length} hooks",
        _ => state.GetType().Name,
    };

    private static string Of(Identity identity) => identity switch
    {
        Identity.Identified known => $"identified {known.Id.Text[..6]}{(known.Met ? "" : " (not met)")}{(known.Enrol is { } slot ? $" enrol {slot.Key} {slot.Status?.Stage}" : "")}",
        _ => identity.GetType().Name.ToLowerInvariant(),
    };

    private static string Of(Sale sale) => sale switch
    {
        Sale.Open open => $"open {open.SaleId} after {open.Attempts} ({open.Last})",
        Sale.Holding held => $"holding {held.SaleId} {held.Attempt.Reference}",
        Sale.Paying paying => $"paying {paying.SaleId} {paying.Attempt.Reference} {paying.Status?.Standing}{(paying.CancelAsked ? " cancel asked" : "")}",
        Sale.Finished done => $"finished {done.SaleId} by {done.Receipt.Tender} {done.Receipt.Reference}",
        _ => "no sale",
    };

    private static string Of(PaymentState.Known known) => known switch
    {
        PaymentState.Capturing s => $"capturing k{s.KeyNumber}",
        PaymentState.Cancelling s => $"cancelling x{s.KeyNumber}{(s.Unclear is null ? "" : " create unclear")}",
        PaymentState.Unpaid s => $"unpaid ({s.Reason} {s.Code}){(s.Recheck is null ? "" : " to be read again")}",
        PaymentState.GivingBack s => $"giving back g{s.KeyNumber}",
        PaymentState.Stopped s => $"stopped: {s.Why}",
        PaymentState.Creating s => $"creating{(s.Sending.Unclear ? " unclear" : "")}",
        _ => known.GetType().Name.ToLowerInvariant(),
    };

    private static string Of(PaymentCase known) => known.Refunds.IsEmpty ? "" : $" refunds {string.Join(", ", known.Refunds.Select(one => $"{one.Key} {one.AmountMinor} {one.Stage}"))}";

    private static string Of(CustomerState customer)
    {
        var member = customer.Member is { } known ? $"member {known.MemberId}, {known.Points} points{(known.BonusChecks.IsEmpty ? "" : $" and {known.BonusChecks.Sum(check => check.Points)} in checks")}" : "no member";
        var way = customer.Moving is { } moving ? $", moving to {moving.To.Text[..6]}" : customer.WentTo is { } went ? $", went to {went.To.Text[..6]}" : "";
        var owed = customer.EventsOwed.IsEmpty ? "" : $", owes {string.Join(' ', customer.EventsOwed.Select(one => one.EventId))}";
        var letters = customer.LettersKept.IsEmpty ? "" : $", letters {string.Join(' ', customer.LettersKept.Select(one => one.Id))}";
        return $"{member}{way}{(customer.ErasedAt is null ? "" : ", erased")}{owed}{letters}{(customer.Enrolment is { } joining ? $", enrolment {joining.Case.Key} {joining.GetType().Name}" : "")}";
    }
}
