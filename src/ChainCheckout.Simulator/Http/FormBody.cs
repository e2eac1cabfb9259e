using System.Text;
using ChainCheckout.Simulator.Payments;
using Microsoft.AspNetCore.WebUtilities;

namespace ChainCheckout.Simulator.Http;

/// <summary>A body in form encoding, as the OAuth calls have it. No name may be given twice.</summary>
internal sealed class FormBody
{
    private readonly Dictionary<string, string> _values;

    private FormBody(Dictionary<string, string> values) => _values = values;

    /// <returns>Null if the body is no such form.</returns>
    public static FormBody? Read(ApiRequest request)
    {
        var type = request.Header("Content-Type");
        if (type?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
            return null;
        using var reader = new FormReader(Encoding.UTF8.GetString(request.Body))
        {
            KeyLengthLimit = Limits.RequestBytesMax,
        };
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadNextPair() is { } pair)
        {
            if (!values.TryAdd(pair.Key, pair.Value)) return null;
        }

        return new FormBody(values);
    }

    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <summary>A name that is not among those of the call; null if there is none.</summary>
    public string? Unknown(IEnumerable<string> known) =>
        _values.Keys.Except(known, StringComparer.Ordinal).FirstOrDefault();
}
