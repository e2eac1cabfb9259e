using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Webhooks;

namespace ChainCheckout.Simulator.Login;

internal sealed record DiscoveryBody(
    string Issuer,
    string TokenEndpoint,
    string BackchannelAuthenticationEndpoint,
    string UserinfoEndpoint,
    string JwksUri,
    ImmutableArray<string> BackchannelTokenDeliveryModesSupported);

internal sealed record ExistsBody(bool Exists);

internal sealed record StartedLoginBody(string AuthReqId, int ExpiresIn, int Interval);

internal sealed record LoginErrorBody(string Error, string ErrorCode, string ErrorDescription);

internal sealed record LoginTokenBody(string AccessToken, string TokenType, int ExpiresIn, string IdToken);

internal sealed record IdTokenBody(
    string Iss,
    string Aud,
    string Sub,
    long Exp,
    long Iat,
    [property: JsonPropertyName("urn:openid:params:jwt:claim:auth_req_id")] string AuthReqId);

internal sealed record PingBody(string AuthReqId);

internal sealed record UserInfoBody(
    string Sub,
    string? PhoneNumber,
    string? Name,
    string? GivenName,
    string? FamilyName,
    string? Email,
    bool? EmailVerified,
    [property: JsonPropertyName("delegatedConsents")] ConsentsBody? DelegatedConsents);

internal sealed record ConsentsBody(
    string Language,
    string Heading,
    ImmutableArray<ConsentBody> Consents,
    [property: JsonPropertyName("timeOfConsent")] string TimeOfConsent);

internal sealed record ConsentBody(
    string Id,
    bool Accepted,
    bool Required,
    [property: JsonPropertyName("textDisplayedToUser")] string TextDisplayedToUser);

/// <summary>A login in the words of the API.</summary>
internal static class LoginBodies
{
    private static readonly byte[] Unsigned = """{"alg":"none","typ":"JWT"}"""u8.ToArray();

    /// <summary>Three parts, the last one empty: it can be read, and nobody signed it.</summary>
    public static string IdToken(IdTokenBody claims)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(claims, LoginJson.Default.IdTokenBody);
        return $"{Base64Url.EncodeToString(Unsigned)}.{Base64Url.EncodeToString(content)}.";
    }

    /// <summary>Only what the scope asks for. The person's number is told with <c>phoneNumber</c>.</summary>
    public static UserInfoBody UserInfo(LoginSession session)
    {
        var order = session.Order;
        var person = order.Person;
        var given = Profile.GivenName(order.Msisdn);
        var family = Profile.FamilyName(order.Msisdn);
        var named = order.Scope.Contains("name");
        var mailed = order.Scope.Contains("email");
        return new UserInfoBody(
            order.Sub,
            order.Scope.Contains("phoneNumber") && !person.WithoutPhone ? person.Phone ?? order.Msisdn : null,
            named ? $"{given} {family}" : null,
            named ? given : null,
            named ? family : null,
            mailed ? Profile.Email(order.Msisdn) : null,
            mailed ? true : null,
            order.Scope.Contains("delegatedConsents") ? Consents(session) : null);
    }

    public static Notice Ping(LoginSlot slot, string msn) => new(
        $"login/{slot.Session.Number}",
        msn,
        null,
        EventTypes.LoginPing,
        () => JsonSerializer.SerializeToUtf8Bytes(new PingBody(slot.AuthReqId), LoginJson.Default.PingBody))
    {
        Login = slot.Session.Number,
        FirstTried = slot.Pinged,
    };

    private static ConsentsBody Consents(LoginSession session) => new(
        "en",
        "Join the customer club",
        [
            new ConsentBody("email", session.Order.Person.Email, Required: false, "Offers by e-mail"),
            new ConsentBody("sms", session.Order.Person.Sms, Required: false, "Offers by SMS"),
            new ConsentBody("digital", Accepted: false, Required: false, "Offers in digital channels"),
            new ConsentBody("personal", Accepted: false, Required: false, "Offers made for you"),
        ],
        (session.AnsweredAt ?? session.Order.RequestedAt)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
}

/// <summary>The bodies of the login are in OAuth's spelling, unlike those of the other APIs.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DiscoveryBody))]
[JsonSerializable(typeof(ExistsBody))]
[JsonSerializable(typeof(StartedLoginBody))]
[JsonSerializable(typeof(LoginErrorBody))]
[JsonSerializable(typeof(LoginTokenBody))]
[JsonSerializable(typeof(IdTokenBody))]
[JsonSerializable(typeof(PingBody))]
[JsonSerializable(typeof(UserInfoBody))]
internal sealed partial class LoginJson : JsonSerializerContext;
