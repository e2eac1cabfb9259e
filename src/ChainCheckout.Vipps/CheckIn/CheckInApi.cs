using System.Text.Json;
using System.Text.Json.Serialization;
using ChainCheckout.Vipps.Options;
using ChainCheckout.Vipps.Resilience;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Vipps.CheckIn;

/// <summary>
/// The check-in over HTTP, in both of its forms: with the programme's name where the sales unit has one.
/// </summary>
internal sealed class CheckInApi(VippsSender sender, VippsOptions options) : ICheckInApi
{
    private const int IdCharsMax = 100;

    private readonly Uri? _address = options.CheckIn.BaseAddress?.At(VippsOperation.CheckIn.Template);

    public Task<VippsResult<string>> CheckInAsync(Core.Ports.CheckIn request, CancellationToken cancellation)
    {
        if (_address is null) return Refused("check-in is not set up", "Vipps:CheckIn:BaseAddress");
        if (request.Phone.ForECom is null) return Refused("no check-in outside Norway", "phoneNumber");

        var name = options.SalesUnits.Find(unit => unit.MerchantSerialNumber == request.Msn.Text)?.LoyaltyProgramName;
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new CheckInBody(request.Phone.Digits, name is { Length: > 0 } ? name : null, request.IsMember),
            CheckInJson.Default.CheckInBody);
        var call = new VippsCall(
            VippsOperation.CheckIn, request.Msn, _address, options.CheckIn.Timeout, body, Share: CallShare.Member);
        return sender.SendAsync(call, Read, null, cancellation);
    }

    /// <summary>A bare JSON string; it is for the vendor's support alone, so its form is not insisted on.</summary>
    private static VippsResult<string> Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            var id = reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
            return new VippsResult<string>.Ok(id.Length <= IdCharsMax ? id : "");
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return new VippsResult<string>.Ok("");
        }
    }

    private static Task<VippsResult<string>> Refused(string title, string field) =>
        Task.FromResult<VippsResult<string>>(
            new VippsResult<string>.Refused(new VippsFault(0, Title: title, Field: field)));
}

internal sealed record CheckInBody(string PhoneNumber, string? LoyaltyProgramName, bool IsMember);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CheckInBody))]
internal sealed partial class CheckInJson : JsonSerializerContext;
