using System.Text.Json.Serialization;

namespace ChainCheckout.Core.Values;

/// <summary>A text that must never be printed: a till's credential, a webhook secret. Stored encrypted, like a phone number.</summary>
[JsonConverter(typeof(PersonalJson<Secret>))]
public readonly record struct Secret
{
    private readonly string? _text;

    public Secret(string text) => _text = text;

    /// <summary>The secret itself, for the one call that needs it.</summary>
    public string Reveal => _text ?? "";

    public override string ToString() => "***";
}
