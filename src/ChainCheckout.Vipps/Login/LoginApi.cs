using System.Text;
using System.Text.Json;
using ChainCheckout.Vipps.Options;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Vipps.Login;

/// <summary>
/// Merchant-initiated login over HTTP: forms with the sales unit's own keys, never its access token or subscription key.
/// </summary>
internal sealed class LoginApi(VippsSender sender, SalesUnits units, Discovery discovery, VippsOptions options) : ILoginApi
{
    private const string CibaGrant = "urn:openid:params:grant-type:ciba";

    private readonly Uri? _userExists = options.Login.BaseAddress?.At(VippsOperation.UserExists.Template);

    public Task<VippsResult<bool>> UserExistsAsync(Msn msn, Msisdn phone, CancellationToken cancellation)
    {
        if (_userExists is null || HintFor(phone) is not { } hint)
            return Task.FromResult<VippsResult<bool>>(new VippsResult<bool>.Refused(new VippsFault(0, Title: "not looked up")));
        return PostAsync(VippsOperation.UserExists, msn, _userExists, LoginAnswers.Exists, cancellation, null, ("login_hint", hint));
    }

    public async Task<VippsResult<LoginRequested>> RequestAsync(RequestLogin request, CancellationToken cancellation)
    {
        if (HintFor(request.Phone) is not { } hint) return new VippsResult<LoginRequested>.Ok(new LoginRequested.NoUser());
        var found = await discovery.FindAsync(request.Msn, cancellation);
        if (found is not VippsResult<LoginEndpoints>.Ok { Value: var endpoints }) return NotFound<LoginRequested>(found);
        var seconds = ((int)request.Expiry.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return await PostAsync(
            VippsOperation.RequestLogin, request.Msn, endpoints.Request, LoginAnswers.Requested, cancellation, LoginAnswers.NotRequested,
            ("scope", options.Login.Scope), ("login_hint", hint), ("binding_message", request.Binding), ("requested_expiry", seconds));
    }

    public async Task<VippsResult<LoginStanding>> ExchangeAsync(Msn msn, Secret authReqId, CancellationToken cancellation)
    {
        var found = await discovery.FindAsync(msn, cancellation);
        if (found is not VippsResult<LoginEndpoints>.Ok { Value: var endpoints }) return NotFound<LoginStanding>(found);
        return await PostAsync(
            VippsOperation.ExchangeLogin, msn, endpoints.Token, body => LoginAnswers.Exchanged(body, authReqId), cancellation, LoginAnswers.NotExchanged,
            ("grant_type", CibaGrant), ("auth_req_id", authReqId.Reveal));
    }

    public async Task<VippsResult<UserInfo>> UserInfoAsync(Msn msn, Secret accessToken, CancellationToken cancellation)
    {
        var found = await discovery.FindAsync(msn, cancellation);
        if (found is not VippsResult<LoginEndpoints>.Ok { Value: var endpoints }) return NotFound<UserInfo>(found);
        var call = new VippsCall(
            VippsOperation.UserInfo, msn, endpoints.UserInfo, options.CallTimeout, Authorization: "Bearer " + accessToken.Reveal);
        return await sender.SendAsync(call, UserInfoAnswer.Read, null, cancellation);
    }

    private Task<VippsResult<T>> PostAsync<T>(
        VippsOperation operation, Msn msn, Uri address, AnswerReader<T> read, CancellationToken cancellation, RefusalReader<T>? refused,
        params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var form = new StringBuilder();
        foreach (var (name, value) in fields)
        {
            if (form.Length > 0) form.Append('&');
            form.Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        var body = Encoding.ASCII.GetBytes(form.ToString());
        var basic = units.Find(msn)?.Basic ?? "";
        var call = new VippsCall(operation, msn, address, options.CallTimeout, body, Authorization: basic, IsForm: true);
        return sender.SendAsync(call, read, null, cancellation, refused);
    }

    /// <summary>Null for a number that the form cannot name.</summary>
    private string? HintFor(Msisdn phone)
    {
        if (!options.Login.LegacyHint) return "urn:msisdn:" + phone.Digits;
        return phone.ForECom is { } eight ? "urn:mobilenumber:" + eight : null;
    }

    private static VippsResult<T> NotFound<T>(VippsResult<LoginEndpoints> found) => found switch
    {
        VippsResult<LoginEndpoints>.Refused refused => new VippsResult<T>.Refused(refused.Fault),

        // The call itself has never left.
        VippsResult<LoginEndpoints>.Later later => new VippsResult<T>.Later(new VippsFault(0, Title: "no discovery"), later.RetryAfter),
        _ => new VippsResult<T>.Later(new VippsFault(0, Title: "no discovery"), null),
    };
}

/// <summary>Reads what the login endpoints answer.</summary>
internal static class LoginAnswers
{
    private const int AuthReqIdCharsMax = 512;
    private const int TokenCharsMax = 16_384;

    private static readonly TimeSpan IntervalOtherwise = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ExpiryOtherwise = TimeSpan.FromMinutes(10);

    public static VippsResult<bool> Exists(ReadOnlySpan<byte> body) => Fields(body) is { } fields && fields.TryGetProperty("exists", out var exists)
        && exists.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? new VippsResult<bool>.Ok(exists.GetBoolean())
            : new VippsResult<bool>.Unknown("answer without exists");

    public static VippsResult<LoginRequested> Requested(ReadOnlySpan<byte> body)
    {
        if (Fields(body) is not { } fields || Text(fields, "auth_req_id") is not { Length: >= 1 and <= AuthReqIdCharsMax } id)
            return new VippsResult<LoginRequested>.Unknown("answer without auth_req_id");
        var interval = Seconds(fields, "interval", 300) ?? IntervalOtherwise;
        return new VippsResult<LoginRequested>.Ok(
            new LoginRequested.Sent(new Secret(id), Seconds(fields, "expires_in", 3_600) ?? ExpiryOtherwise, interval));
    }

    public static VippsResult<LoginRequested>? NotRequested(int status, ReadOnlySpan<byte> body) => Error(body) switch
    {
        "old_app" => new VippsResult<LoginRequested>.Ok(new LoginRequested.OldApp()),
        "invalid_user" or "unknown_user_id" => new VippsResult<LoginRequested>.Ok(new LoginRequested.NoUser()),
        _ => null,
    };

    public static VippsResult<LoginStanding> Exchanged(ReadOnlySpan<byte> body, Secret authReqId)
    {
        if (Fields(body) is not { } fields || Text(fields, "access_token") is not { Length: >= 1 and <= TokenCharsMax } token)
            return new VippsResult<LoginStanding>.Unknown("answer without access_token");
        return new VippsResult<LoginStanding>.Ok(
            IdToken.NamesAnother(Text(fields, "id_token"), authReqId) ? new LoginStanding.Foreign() : new LoginStanding.Granted(new Secret(token)));
    }

    public static VippsResult<LoginStanding>? NotExchanged(int status, ReadOnlySpan<byte> body) => Error(body) switch
    {
        "authorization_pending" => new VippsResult<LoginStanding>.Ok(new LoginStanding.Pending()),
        "slow_down" => new VippsResult<LoginStanding>.Ok(new LoginStanding.SlowDown()),
        "expired_token" => new VippsResult<LoginStanding>.Ok(new LoginStanding.Expired()),
        "access_denied" => new VippsResult<LoginStanding>.Ok(new LoginStanding.Denied()),
        "invalid_grant" => new VippsResult<LoginStanding>.Ok(new LoginStanding.Spent()),
        _ => null,
    };

    /// <summary>The vendor writes <c>error_code</c> where the standard has <c>error</c>.</summary>
    private static string Error(ReadOnlySpan<byte> body)
    {
        try
        {
            return Fields(body) is not { } fields ? "" : Text(fields, "error_code") is { Length: > 0 } own ? own : Text(fields, "error");
        }
        catch (JsonException)
        {
            // A page or a text: the status says enough.
            return "";
        }
    }

    private static JsonElement? Fields(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
    }

    private static string Text(JsonElement fields, string name) =>
        fields.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static TimeSpan? Seconds(JsonElement fields, string name, int most)
    {
        if (!fields.TryGetProperty(name, out var value)) return null;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : value.ValueKind == JsonValueKind.Number ? value.GetRawText() : "";
        return int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var seconds)
            && seconds > 0 && seconds <= most
                ? TimeSpan.FromSeconds(seconds)
                : null;
    }
}
