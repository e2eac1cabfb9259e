using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ChainCheckout.Simulator.Http;

/// <summary>One request, its body read whole. Carrying it out needs nothing else of HTTP.</summary>
internal sealed record ApiRequest(Route Route, string Method, string Path, IHeaderDictionary Headers, byte[] Body)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private JsonDocument? _document;
    private bool _parsed;

    public CallKind Kind => Route.Kind;

    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>The body as JSON; null if it is none.</summary>
    public JsonElement? Json()
    {
        if (!_parsed)
        {
            _parsed = true;
            try
            {
                _document = JsonDocument.Parse(Body, Strict);
            }
            catch (JsonException)
            {
                _document = null; // Said to the caller as a 400.
            }
        }

        return _document?.RootElement;
    }

    /// <summary>The payment that the call is about: from the path, and for a creation from the body.</summary>
    public string? Reference() => Kind != CallKind.Create
        ? Route.Argument
        : Json() is { ValueKind: JsonValueKind.Object } body
            && body.TryGetProperty("reference", out var reference)
            && reference.ValueKind == JsonValueKind.String
                ? reference.GetString()
                : null;
}
