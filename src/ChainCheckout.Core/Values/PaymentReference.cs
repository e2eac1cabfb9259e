using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainCheckout.Core.Values;

/// <summary>
/// The reference of one attempt to pay one sale, built from what the till supplies: store, till, epoch and the number of
/// the command that started it, so that no two attempts of a chain share one and a lost database cannot reuse one.
/// <c>"s42-t7-3-118"</c>: 9 to 28 letters, digits and hyphens, store first, no leading zeros (ePayment: <c>^[a-zA-Z0-9-]{8,64}$</c>).
/// </summary>
/// <param name="Till">The till that started the attempt.</param>
/// <param name="Epoch">1 to 9,999,999.</param>
/// <param name="Number">The command's number, 1 or more.</param>
[JsonConverter(typeof(PaymentReferenceJson))]
public readonly record struct PaymentReference(TillId Till, uint Epoch, uint Number)
{
    /// <summary>So that the longest reference has 28 characters.</summary>
    public const uint EpochMax = 9_999_999;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"s{Till.Store}-t{Till.Till}-{Epoch}-{Number}");

    public static PaymentReference Parse(string text) =>
        TryParse(text, out var reference) ? reference : throw new FormatException($"'{text}' is not a payment reference (want sSTORE-tTILL-EPOCH-NUMBER).");

    /// <summary>Refuses what <see cref="ToString"/> would not write.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PaymentReference reference)
    {
        reference = default;
        if (text is null || text.Length is < 9 or > 28) return false;
        var parts = text.Split('-');
        if (parts.Length != 4 || !parts[0].StartsWith('s') || !parts[1].StartsWith('t')) return false;
        if (!TryNumber(parts[0].AsSpan(1), out var store) || !TryNumber(parts[1].AsSpan(1), out var till)) return false;
        if (!TryNumber(parts[2], out var epoch) || !TryNumber(parts[3], out var number)) return false;
        if (store > 9999 || till > 99 || epoch > EpochMax) return false;
        reference = new PaymentReference(new TillId((int)store, (int)till), epoch, number);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out uint number)
    {
        number = 0;
        return text.Length > 0 && text[0] != '0' && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}

internal sealed class PaymentReferenceJson : JsonConverter<PaymentReference>
{
    public override PaymentReference Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        PaymentReference.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, PaymentReference value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
