namespace ChainCheckout.Protocol.Commands;

internal static class LineReader
{
    private static readonly string[] Names =
        ["id", "name", "totalMinor", "taxRate", "quantity", "unit", "unitPriceMinor", "discountMinor", "isReturn"];

    private const int RequiredFirst = 4;

    public static IReadOnlyList<SaleLine> ReadAll(ref FieldReader reader)
    {
        var lines = new List<SaleLine>();
        if (!reader.EnterArray("lines")) return lines;

        for (var index = 0; reader.NextElement(index, isLine: true); index++)
        {
            if (index == ProtocolLimits.LinesMax) reader.AddTooMany("lines", ProtocolLimits.LinesMax);
            if (index >= ProtocolLimits.LinesMax) reader.Skip();
            else lines.Add(ReadOne(ref reader));
        }

        return lines;
    }

    private static SaleLine ReadOne(ref FieldReader reader)
    {
        string id = "", name = "";
        long total = 0;
        var taxRate = 0;
        string? quantity = null, unit = null;
        long? unitPrice = null, discount = null;
        var isReturn = false;
        if (reader.EnterObject())
        {
            uint seen = 0;
            while (reader.NextField(Names, ref seen, out var field))
            {
                switch (field)
                {
                    case 0: id = reader.Text("id", ProtocolLimits.LineTextCharsMax, charsMin: 1); break;
                    case 1: name = reader.Text("name", ProtocolLimits.LineTextCharsMax, charsMin: 1); break;
                    case 2: total = reader.Whole("totalMinor", FieldRules.MinorUnits); break;
                    case 3: taxRate = FieldRules.TaxRate(ref reader); break;
                    case 4: quantity = FieldRules.Quantity(ref reader); break;
                    case 5: unit = FieldRules.Unit(ref reader); break;
                    case 6: unitPrice = reader.Whole("unitPriceMinor", FieldRules.MinorUnits); break;
                    case 7: discount = reader.Whole("discountMinor", FieldRules.MinorUnits); break;
                    case 8: isReturn = reader.Flag("isReturn"); break;
                    default: reader.Skip(); break;
                }
            }

            for (var i = 0; i < RequiredFirst; i++)
            {
                if ((seen & (1u << i)) == 0) reader.Missing(Names[i]);
            }
        }

        return new SaleLine(id, name, total, taxRate, quantity, unit, unitPrice, discount, isReturn);
    }
}
