using System.Text.Json;
using System.Text.Json.Serialization;
using ChainCheckout.Vipps.Options;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Vipps.Qr;

/// <summary>The QR API over HTTP: the whole scanned text in, a phone number out.</summary>
internal sealed class QrApi(VippsSender sender, VippsOptions options) : IQrApi
{
    private static readonly string[] PhoneOnly = ["MSISDN"];
    private readonly Uri _exchange = options.Qr.BaseAddress!.At(VippsOperation.Exchange.Template);

    public Task<VippsResult<QrExchanged>> ExchangeAsync(Msn msn, QrText qr, CancellationToken cancellation)
    {
        var body =
            JsonSerializer.SerializeToUtf8Bytes(new ExchangeBody(qr.Text, PhoneOnly), QrBodyJson.Default.ExchangeBody);
        var call = new VippsCall(VippsOperation.Exchange, msn, _exchange, options.Qr.Timeout, body);
        return sender.SendAsync(call, Read, null, cancellation);
    }

    private static VippsResult<QrExchanged> Read(ReadOnlySpan<byte> body)
    {
        var answer = JsonSerializer.Deserialize(body, QrAnswerJson.Default.ExchangedDto);
        if (answer is not { Msisdn: { } msisdn, Version: { } version })
            return new VippsResult<QrExchanged>.Unknown("answer without msisdn or version");

        // Asking again would give the same number; it is not a failure of Vipps but a customer whom the chain cannot
        // serve.
        if (!Msisdn.TryParse(msisdn.TrimStart('+'), out var phone))
            return new VippsResult<QrExchanged>.Refused(
                new VippsFault(200, Title: "phone number of a country not served", Field: "msisdn"));

        return new VippsResult<QrExchanged>.Ok(new QrExchanged(phone, version, MadeAt(answer.Timestamp)));
    }

    private static DateTimeOffset? MadeAt(long? seconds) =>
        seconds is > 0 and <= 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value) : null;
}

internal sealed record ExchangeBody(string QrCode, string[] RequestedData);

internal sealed class ExchangedDto
{
    [JsonConverter(typeof(TextOrNumberJson))] public string? Msisdn { get; set; }

    [JsonConverter(typeof(TextOrNumberJson))] public string? Version { get; set; }

    /// <summary>UTC seconds; version 2.0 only.</summary>
    public long? Timestamp { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExchangeBody))]
internal sealed partial class QrBodyJson : JsonSerializerContext;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(ExchangedDto))]
internal sealed partial class QrAnswerJson : JsonSerializerContext;
