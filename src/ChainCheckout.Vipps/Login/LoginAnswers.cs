using System.Globalization;
using System.Text.Json;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Vipps.Login;

/// <summary>Reads what the login endpoints answer: OAuth's error words are codes, and are branched on.</summary>
internal static class LoginAnswers
{
    private const int AuthReqIdCharsMax = 512;
    private const int TokenCharsMax = 16_384;

    private static readonly TimeSpan IntervalOtherwise = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IntervalMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ExpiryOtherwise = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ExpiryMax = TimeSpan.FromHours(1);

    public static VippsResult<bool> Exists(ReadOnlySpan<byte> body) =>
        JsonFields.Parse(body) is { } fields && JsonFields.Flag(fields, "exists") is { } exists
            ? new VippsResult<bool>.Ok(exists)
            : new VippsResult<bool>.Unknown("answer without exists");

    public static VippsResult<bool>? NotLookedUp(VippsFault fault, ReadOnlySpan<byte> body) =>
        Says(body, "invalid_user") || Says(body, "unknown_user_id")
            ? new VippsResult<bool>.Ok(false)
            : Final<bool>(fault);

    public static VippsResult<LoginRequested> Requested(ReadOnlySpan<byte> body)
    {
        if (JsonFields.Parse(body) is not { } fields
            || JsonFields.Text(fields, "auth_req_id") is not { Length: >= 1 and <= AuthReqIdCharsMax } id)
        {
            return new VippsResult<LoginRequested>.Unknown("answer without auth_req_id");
        }

        return new VippsResult<LoginRequested>.Ok(new LoginRequested.Sent(
            new Secret(id),
            Seconds(fields, "expires_in", ExpiryOtherwise, ExpiryMax),
            Seconds(fields, "interval", IntervalOtherwise, IntervalMax)));
    }

    public static VippsResult<LoginRequested>? NotRequested(VippsFault fault, ReadOnlySpan<byte> body) =>
        Says(body, "old_app") ? new VippsResult<LoginRequested>.Ok(new LoginRequested.OldApp())
        : Says(body, "invalid_user") || Says(body, "unknown_user_id")
            ? new VippsResult<LoginRequested>.Ok(new LoginRequested.NoUser())
        : Final<LoginRequested>(fault);

    public static VippsResult<LoginStanding> Exchanged(ReadOnlySpan<byte> body, Secret authReqId)
    {
        if (JsonFields.Parse(body) is not { } fields
            || JsonFields.Text(fields, "access_token") is not { Length: >= 1 and <= TokenCharsMax } token
            || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return new VippsResult<LoginStanding>.Unknown("answer without access_token");
        }

        return new VippsResult<LoginStanding>.Ok(
            IdToken.NamesAnother(JsonFields.Text(fields, "id_token"), authReqId)
                ? new LoginStanding.Foreign()
                : new LoginStanding.Granted(new Secret(token)));
    }

    public static VippsResult<LoginStanding>? NotExchanged(VippsFault fault, ReadOnlySpan<byte> body)
    {
        LoginStanding? standing = Says(body, "authorization_pending") ? new LoginStanding.Pending()
            : Says(body, "slow_down") ? new LoginStanding.SlowDown()
            : Says(body, "expired_token") ? new LoginStanding.Expired()
            : Says(body, "access_denied") ? new LoginStanding.Denied()
            : Says(body, "invalid_grant") ? new LoginStanding.Spent()
            : null;
        return standing is not null ? new VippsResult<LoginStanding>.Ok(standing) : Final<LoginStanding>(fault);
    }

    /// <summary>
    /// Keys, or a customer's token, that are not taken now will not be taken later: there is nothing to renew.
    /// </summary>
    public static VippsResult<T>? Final<T>(VippsFault fault) =>
        fault.Status == 401 ? new VippsResult<T>.Refused(fault) : null;

    /// <summary>The vendor writes <c>error_code</c> where the standard has <c>error</c>; either may say it.</summary>
    private static bool Says(ReadOnlySpan<byte> body, string error) =>
        JsonFields.ParseOrNull(body) is { } fields
        && (JsonFields.Text(fields, "error") == error || JsonFields.Text(fields, "error_code") == error);

    private static TimeSpan Seconds(JsonElement fields, string name, TimeSpan otherwise, TimeSpan most)
    {
        var text = JsonFields.Text(fields, name);
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || !(seconds > 0))
            return otherwise;
        return seconds < most.TotalSeconds ? TimeSpan.FromSeconds(seconds) : most;
    }
}
