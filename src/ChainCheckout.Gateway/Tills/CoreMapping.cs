using System.Collections.Immutable;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;
using Wire = ChainCheckout.Protocol.Commands.TillCommand;

namespace ChainCheckout.Gateway.Tills;

/// <summary>The one place where what is on the wire and what the Core says meet.</summary>
internal static class CoreMapping
{
    public static Core.Tills.TillCommand ToCore(this Wire command) => command switch
    {
        Wire.Scan c => new Core.Tills.TillCommand.Scan(c.Qr, c.SaleId),
        Wire.Phone c => new Core.Tills.TillCommand.Phone(c.Number, c.SaleId),
        Wire.Pay c => new Core.Tills.TillCommand.Pay(
            c.SaleId, c.AmountMinor, c.Currency, Lines(c.Lines), c.Coupons is not null, c.MinimumAge),
        Wire.Cancel c => new Core.Tills.TillCommand.Cancel(c.SaleId),
        Wire.Complete c => new Core.Tills.TillCommand.Complete(c.SaleId, c.Tender, c.AmountMinor, c.Currency, Lines(c.Lines)),
        Wire.Close c => new Core.Tills.TillCommand.Close(c.SaleId),
        Wire.Refund c => new Core.Tills.TillCommand.Refund(c.Reference, c.AmountMinor, c.Currency, c.By, c.Why),
        Wire.Enrol c => new Core.Tills.TillCommand.Enrol(c.SaleId, c.Replace),
        _ => throw new System.Diagnostics.UnreachableException($"No till command is {command.GetType().Name}."),
    };

    /// <summary>Starts or widens a sale: the first to be told Busy.</summary>
    public static bool IsNewWork(this Wire command) => command is Wire.Scan or Wire.Phone or Wire.Pay or Wire.Enrol;

    public static TillRole ToRole(string role) => role == TillRoles.Scanner ? TillRole.Scanner : TillRole.Pos;

    public static Reply ToWire(this TillAnswer answer) => new(
        answer.Done ? ReplyStatus.Done : ReplyStatus.Refused,
        answer.Code.ToString(),
        answer.Field,
        answer.Text,
        answer.Hint.Length > 0 ? answer.Hint : null,
        answer.Reference?.ToString(),
        answer.SaleId,
        answer.View > 0 ? answer.View : null);

    public static ViewPayload ToWire(this TillView view) => new(
        view.Version,
        view.SaleId,
        view.Stage,
        view.Code.ToString(),
        view.Text,
        view.Hint,
        [.. view.Allowed],
        Customer(view),
        view.Payment is { } p
            ? new PaymentPayload(p.Reference.ToString(), p.Amount.Minor, p.Amount.Currency.ToString(), p.Attempt, p.Stage, p.SecondsLeft)
            : null,
        view.Receipt is { } r
            ? new ReceiptPayload(view.SaleId!, r.Tender, r.Reference?.ToString(), r.Amount.Minor, r.Amount.Currency.ToString(), r.At)
            : null,
        view.Refund is { } f
            ? new RefundPayload(f.Reference.ToString(), f.Amount.Minor, f.Amount.Currency.ToString(), Stage(f), f.Code.ToString(), view.RefundText!)
            : null,
        view.Enrolment is { } e ? new EnrolmentPayload(e.Stage, e.Code.ToString(), e.Text, e.Hint, e.Binding, e.SecondsLeft) : null);

    /// <summary>Somebody outside still has to answer: the gateway goes on asking for a newer view.</summary>
    public static bool IsUnfinished(this TillView view) =>
        view.Stage is "identifying" or "holding" or "paying" or "checking" or "cancelling" || view.Refund is { IsOpen: true }
        || view.Enrolment is { Stage: "asking" or "waiting" }
        || view is { Stage: "ready", CustomerMasked: not null, Member: null or { Kind: MembershipKind.Unknown } };

    private static CustomerPayload? Customer(TillView view)
    {
        if (view.CustomerMasked is not { } masked) return null;
        var member = view.Member ?? MemberCard.Unknown;
        var membership = member.Kind switch
        {
            MembershipKind.Member => Memberships.Member,
            MembershipKind.NotAMember => Memberships.None,
            _ => Memberships.Unknown,
        };
        return new CustomerPayload(masked, member.FirstName?.Reveal, membership, member.MemberId, member.Points, member.Coupons, view.CustomerNotice);
    }

    private static string Stage(RefundSlot refund) => refund.Stage switch
    {
        Core.Payments.RefundStage.Done => "refunded",
        Core.Payments.RefundStage.Refused => "refused",
        _ => "refunding",
    };

    private static ImmutableArray<OrderLine> Lines(IReadOnlyList<SaleLine>? lines) => lines is null
        ? []
        : [.. lines.Select(l => new OrderLine(
            l.Id, l.Name, l.TotalMinor, l.TaxRate, l.Quantity, l.Unit, l.UnitPriceMinor, l.DiscountMinor, l.IsReturn))];
}
