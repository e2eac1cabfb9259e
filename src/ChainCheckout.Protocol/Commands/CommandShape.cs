using static ChainCheckout.Protocol.Commands.CommandField;

namespace ChainCheckout.Protocol.Commands;

/// <summary>Which fields a command must and may have, and how it is made of them.</summary>
internal sealed record CommandShape(
    CommandField Required, CommandField Optional, Func<CommandFields, TillCommand> Build)
{
    private const CommandField Always = Session | CommandField.Type;

    private static readonly CommandShape Scan = new(
        Always | Qr, SaleId, f => new TillCommand.Scan(f.Qr, f.SaleId));

    private static readonly CommandShape Phone = new(
        Always | CommandField.Phone, SaleId, f => new TillCommand.Phone(f.Phone, f.SaleId));

    private static readonly CommandShape Pay = new(
        Always | SaleId | AmountMinor | Currency,
        Lines | Coupons | MinimumAge,
        f => new TillCommand.Pay(f.SaleId!, f.AmountMinor, f.Currency, f.Lines, f.Coupons, f.MinimumAge));

    private static readonly CommandShape Cancel = new(
        Always | SaleId, 0, f => new TillCommand.Cancel(f.SaleId!));

    private static readonly CommandShape Complete = new(
        Always | SaleId | Tender | AmountMinor | Currency,
        Lines,
        f => new TillCommand.Complete(f.SaleId!, f.Tender, f.AmountMinor, f.Currency, f.Lines));

    private static readonly CommandShape Close = new(
        Always, SaleId, f => new TillCommand.Close(f.SaleId));

    private static readonly CommandShape Refund = new(
        Always | Reference | AmountMinor | Currency | By | Why,
        0,
        f => new TillCommand.Refund(f.Reference, f.AmountMinor, f.Currency, f.By, f.Why));

    private static readonly CommandShape Enrol = new(
        Always, SaleId | Replace, f => new TillCommand.Enrol(f.SaleId, f.Replace));

    public CommandField Allowed => Required | Optional;

    public static CommandShape? Of(string type) => type switch
    {
        CommandTypes.Scan => Scan,
        CommandTypes.Phone => Phone,
        CommandTypes.Pay => Pay,
        CommandTypes.Cancel => Cancel,
        CommandTypes.Complete => Complete,
        CommandTypes.Close => Close,
        CommandTypes.Refund => Refund,
        CommandTypes.Enrol => Enrol,
        _ => null,
    };
}
