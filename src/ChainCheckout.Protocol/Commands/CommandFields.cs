using System.Numerics;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Protocol.Commands;

[Flags]
internal enum CommandField : uint
{
    Session = 1 << 0,
    Type = 1 << 1,
    Qr = 1 << 2,
    SaleId = 1 << 3,
    Phone = 1 << 4,
    AmountMinor = 1 << 5,
    Currency = 1 << 6,
    Lines = 1 << 7,
    Coupons = 1 << 8,
    MinimumAge = 1 << 9,
    Tender = 1 << 10,
    Reference = 1 << 11,
    By = 1 << 12,
    Why = 1 << 13,
    Replace = 1 << 14,
}

/// <summary>Every field that any command has, as read; which of them belong is judged when the type is known.</summary>
internal struct CommandFields
{
    // In the order of the flags: a field's place here is its bit there.
    private static readonly string[] Names =
    [
        "session", "type", "qr", "saleId", "phone", "amountMinor", "currency", "lines", "coupons", "minimumAge",
        "tender", "reference", "by", "why", "replace",
    ];

    public uint Session;
    public string Type;
    public string Qr;
    public string? SaleId;
    public string Phone;
    public long AmountMinor;
    public string Currency;
    public IReadOnlyList<SaleLine>? Lines;
    public IReadOnlyList<string>? Coupons;
    public int? MinimumAge;
    public string Tender;
    public string Reference;
    public string By;
    public string Why;
    public bool Replace;

    private uint _seen;

    public readonly CommandField Seen => (CommandField)_seen;

    public readonly bool Has(CommandField field) => (Seen & field) != 0;

    public readonly string? FirstOf(CommandField fields) =>
        fields == 0 ? null : Names[BitOperations.TrailingZeroCount((uint)fields)];

    public void ReadAll(ref FieldReader reader)
    {
        while (reader.NextField(Names, ref _seen, out var index))
        {
            if (index < 0) reader.Skip();
            else ReadOne(ref reader, (CommandField)(1u << index));
        }
    }

    private void ReadOne(ref FieldReader reader, CommandField field)
    {
        switch (field)
        {
            case CommandField.Session: Session = (uint)reader.Whole("session", "", 0, uint.MaxValue); break;
            case CommandField.Type: Type = reader.Text("type", ProtocolLimits.SaleIdCharsMax); break;
            case CommandField.Qr: Qr = reader.TextOfBytes("qr", ProtocolLimits.QrBytesMax); break;
            case CommandField.SaleId: SaleId = FieldRules.SaleId(ref reader); break;
            case CommandField.Phone: Phone = reader.Text("phone", ProtocolLimits.PhoneCharsMax); break;
            case CommandField.AmountMinor: AmountMinor = reader.Whole("amountMinor", FieldRules.MinorUnits); break;
            case CommandField.Currency: Currency = FieldRules.Currency(ref reader); break;
            case CommandField.Lines: Lines = LineReader.ReadAll(ref reader); break;
            case CommandField.Coupons: Coupons = FieldRules.Coupons(ref reader); break;
            case CommandField.MinimumAge:
                MinimumAge = (int)reader.Whole("minimumAge", " of years", 0, ProtocolLimits.MinimumAgeMax);
                break;
            case CommandField.Tender: Tender = FieldRules.Tender(ref reader); break;
            case CommandField.Reference: Reference = FieldRules.Reference(ref reader); break;
            case CommandField.By: By = reader.Text("by", ProtocolLimits.SignatureCharsMax, charsMin: 1); break;
            case CommandField.Why: Why = reader.Text("why", ProtocolLimits.SignatureCharsMax, charsMin: 1); break;
            case CommandField.Replace: Replace = reader.Flag("replace"); break;
        }
    }
}
