using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChainCheckout.Simulator.Http;

namespace ChainCheckout.Simulator.Schemas;

/// <summary>
/// What a JSON value must look like. Names are compared with their capitals, unknown fields are refused.
/// </summary>
internal abstract record Schema
{
    public bool OrNull { get; init; }

    /// <summary>
    /// Adds one detail for each thing that is wrong with <paramref name="value"/>; none means that it fits.
    /// </summary>
    public void Check(JsonElement value, string path, List<ExtraDetail> faults)
    {
        if (value.ValueKind == JsonValueKind.Null && OrNull) return;
        CheckValue(value, path, faults);
    }

    protected abstract void CheckValue(JsonElement value, string path, List<ExtraDetail> faults);

    protected static void Add(List<ExtraDetail> faults, string path, string reason) =>
        faults.Add(new ExtraDetail(path, reason));

    protected static string Inside(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}

internal sealed record TextSchema(int Min = 0, int Max = 10_000, Regex? Pattern = null, string[]? OneOf = null) : Schema
{
    protected override void CheckValue(JsonElement value, string path, List<ExtraDetail> faults)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            Add(faults, path, "Must be a string.");
            return;
        }

        var text = value.GetString()!;
        if (text.Length < Min || text.Length > Max) Add(faults, path, $"Must have {Min} to {Max} characters.");
        else if (OneOf is not null && !OneOf.Contains(text, StringComparer.Ordinal))
            Add(faults, path, $"Must be one of {string.Join(", ", OneOf)}.");
        else if (Pattern is not null && !Pattern.IsMatch(text)) Add(faults, path, $"Must match {Pattern}.");
    }
}

/// <summary>An RFC 3339 instant that is in the calendar.</summary>
internal sealed record InstantSchema : Schema
{
    protected override void CheckValue(JsonElement value, string path, List<ExtraDetail> faults)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        var isInstant = PaymentSchemas.InstantPattern().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _);
        if (!isInstant) Add(faults, path, "Must be an RFC 3339 instant.");
    }
}

internal sealed record WholeSchema(long Min = long.MinValue, long Max = long.MaxValue) : Schema
{
    protected override void CheckValue(JsonElement value, string path, List<ExtraDetail> faults)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number))
            Add(faults, path, "Must be an integer.");
        else if (number < Min || number > Max)
            Add(faults, path, string.Create(CultureInfo.InvariantCulture, $"Must be {Min} to {Max}."));
    }
}

internal sealed record FlagSchema : Schema
{
    protected override void CheckValue(JsonElement value, string path, List<ExtraDetail> faults)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            Add(faults, path, "Must be true or false.");
    }
}

internal sealed record ListSchema(Schema Item, int Min = 0, int Max = 1_000) : Schema
{
    protected override void CheckValue(JsonElement value, string path, List<ExtraDetail> faults)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            Add(faults, path, "Must be an array.");
            return;
        }

        var count = value.GetArrayLength();
        if (count < Min || count > Max) Add(faults, path, $"Must have {Min} to {Max} items.");
        var index = 0;
        foreach (var item in value.EnumerateArray()) Item.Check(item, $"{path}[{index++}]", faults);
    }
}

/// <summary>A JSON object as a map from any text to a text.</summary>
internal sealed record MapSchema : Schema
{
    protected override void CheckValue(JsonElement value, string path, List<ExtraDetail> faults)
    {
        if (value.ValueKind != JsonValueKind.Object) Add(faults, path, "Must be an object.");
    }
}

internal sealed record Field(string Name, Schema Schema, bool Required = false);

internal sealed record ObjectSchema(params Field[] Fields) : Schema
{
    /// <summary>Fields that are not known pass: of this object the vendor has published a part only.</summary>
    public bool Open { get; init; }

    protected override void CheckValue(JsonElement value, string path, List<ExtraDetail> faults)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Add(faults, path.Length == 0 ? "body" : path, "Must be an object.");
            return;
        }

        foreach (var property in value.EnumerateObject())
        {
            var field = Array.Find(Fields, field => property.NameEquals(field.Name));
            if (field is null && Open) continue;
            if (field is null) Add(faults, Inside(path, property.Name), "The field is not known.");
            else field.Schema.Check(property.Value, Inside(path, field.Name), faults);
        }

        foreach (var field in Fields)
        {
            if (field.Required && !value.TryGetProperty(field.Name, out _))
                Add(faults, Inside(path, field.Name), "The field is required.");
        }
    }
}
