using System.Buffers;
using System.Text.Json;
using Pay = ChainCheckout.Protocol.Commands.TillCommand.Pay;

namespace ChainCheckout.Protocol.Commands;

/// <summary>
/// The one spelling of a command: fixed order, nothing that is left out, no session. Servers keep its hash to
/// recognise a repeat over days and versions, so what is written here for a command of today never changes.
/// </summary>
public static class CommandCanonical
{
    public static void Write(TillCommand command, IBufferWriter<byte> output) => output.Write(WriteToScratch(command));

    public static byte[] ToBytes(TillCommand command) => WriteToScratch(command).ToArray();

    private static ReadOnlySpan<byte> WriteToScratch(TillCommand command)
    {
        var pen = JsonPen.Take();
        var json = pen.Json;
        json.WriteStartObject();
        json.WriteString("type"u8, command.Type);
        WriteFields(json, command);
        json.WriteEndObject();
        return pen.Written();
    }

    private static void WriteFields(Utf8JsonWriter json, TillCommand command)
    {
        switch (command)
        {
            case TillCommand.Scan scan:
                json.WriteString("qr"u8, scan.Qr);
                WriteText(json, "saleId"u8, scan.SaleId);
                break;
            case TillCommand.Phone phone:
                json.WriteString("phone"u8, phone.Number);
                WriteText(json, "saleId"u8, phone.SaleId);
                break;
            case Pay pay:
                json.WriteString("saleId"u8, pay.SaleId);
                WriteAmount(json, pay.AmountMinor, pay.Currency);
                WriteLines(json, pay.Lines);
                WriteCoupons(json, pay.Coupons);
                WriteNumber(json, "minimumAge"u8, pay.MinimumAge);
                break;
            case TillCommand.Cancel cancel:
                json.WriteString("saleId"u8, cancel.SaleId);
                break;
            case TillCommand.Complete complete:
                json.WriteString("saleId"u8, complete.SaleId);
                json.WriteString("tender"u8, complete.Tender);
                WriteAmount(json, complete.AmountMinor, complete.Currency);
                WriteLines(json, complete.Lines);
                break;
            case TillCommand.Close close:
                WriteText(json, "saleId"u8, close.SaleId);
                break;
            case TillCommand.Refund refund:
                json.WriteString("reference"u8, refund.Reference);
                WriteAmount(json, refund.AmountMinor, refund.Currency);
                json.WriteString("by"u8, refund.By);
                json.WriteString("why"u8, refund.Why);
                break;
            case TillCommand.Enrol enrol:
                WriteText(json, "saleId"u8, enrol.SaleId);
                if (enrol.Replace) json.WriteBoolean("replace"u8, true);
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"No spelling for {command.Type}.");
        }
    }

    private static void WriteLines(Utf8JsonWriter json, IReadOnlyList<SaleLine>? lines)
    {
        if (lines is null) return;
        json.WriteStartArray("lines"u8);
        foreach (var line in lines)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, line.Id);
            json.WriteString("name"u8, line.Name);
            WriteText(json, "quantity"u8, line.Quantity);
            WriteText(json, "unit"u8, line.Unit);
            WriteNumber(json, "unitPriceMinor"u8, line.UnitPriceMinor);
            json.WriteNumber("totalMinor"u8, line.TotalMinor);
            json.WriteNumber("taxRate"u8, line.TaxRate);
            WriteNumber(json, "discountMinor"u8, line.DiscountMinor);
            if (line.IsReturn) json.WriteBoolean("isReturn"u8, true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCoupons(Utf8JsonWriter json, IReadOnlyList<string>? coupons)
    {
        if (coupons is null) return;
        json.WriteStartArray("coupons"u8);
        foreach (var coupon in coupons) json.WriteStringValue(coupon);
        json.WriteEndArray();
    }

    private static void WriteAmount(Utf8JsonWriter json, long amountMinor, string currency)
    {
        json.WriteNumber("amountMinor"u8, amountMinor);
        json.WriteString("currency"u8, currency);
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }
}
