using System.Globalization;
using System.Text;
using ChainCheckout.Vipps.Options;
using ChainCheckout.Vipps.Resilience;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Vipps.Login;

/// <summary>
/// Merchant-initiated login over HTTP: forms with the sales unit's own keys, never its access token or subscription
/// key.
/// </summary>
internal sealed class LoginApi(VippsSender sender, SalesUnits units, Discovery discovery, VippsOptions options)
    : ILoginApi
{
    private const string CibaGrant = "urn:openid:params:grant-type:ciba";

    private readonly Uri? _userExists = options.Login.BaseAddress?.At(VippsOperation.UserExists.Template);

    public Task<VippsResult<bool>> UserExistsAsync(Msn msn, Msisdn phone, CancellationToken cancellation)
    {
        if (_userExists is null)
            return Task.FromResult<VippsResult<bool>>(new VippsResult<bool>.Refused(NotSetUp));

        // Younger than the old form of the hint, so it is asked in the new form alone.
        return PostAsync(
            VippsOperation.UserExists, msn, _userExists, LoginAnswers.Exists, LoginAnswers.NotLookedUp, cancellation,
            ("login_hint", "urn:msisdn:" + phone.Digits));
    }

    public async Task<VippsResult<LoginRequested>> RequestAsync(RequestLogin request, CancellationToken cancellation)
    {
        var found = await discovery.FindAsync(cancellation);
        if (found is not VippsResult<LoginEndpoints>.Ok { Value: var endpoints }) return None<LoginRequested>(found);
        var seconds = ((int)request.Expiry.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return await PostAsync(
            VippsOperation.RequestLogin, request.Msn, endpoints.Request, LoginAnswers.Requested,
            LoginAnswers.NotRequested, cancellation,
            ("scope", options.Login.Scope), ("login_hint", HintFor(request.Phone)),
            ("binding_message", request.Binding), ("requested_expiry", seconds));
    }

    public async Task<VippsResult<LoginStanding>> ExchangeAsync(
        Msn msn, Secret authReqId, CancellationToken cancellation)
    {
        var found = await discovery.FindAsync(cancellation);
        if (found is not VippsResult<LoginEndpoints>.Ok { Value: var endpoints }) return None<LoginStanding>(found);
        return await PostAsync(
            VippsOperation.ExchangeLogin, msn, endpoints.Token, body => LoginAnswers.Exchanged(body, authReqId),
            LoginAnswers.NotExchanged, cancellation,
            ("grant_type", CibaGrant), ("auth_req_id", authReqId.Reveal));
    }

    public async Task<VippsResult<UserInfo>> UserInfoAsync(
        Msn msn, Secret accessToken, CancellationToken cancellation)
    {
        var found = await discovery.FindAsync(cancellation);
        if (found is not VippsResult<LoginEndpoints>.Ok { Value: var endpoints }) return None<UserInfo>(found);
        var call = new VippsCall(
            VippsOperation.UserInfo, msn, endpoints.UserInfo, options.CallTimeout,
            Share: CallShare.Member, Own: OwnAuthorization.OfCustomer(accessToken));
        return await sender.SendAsync(call, UserInfoAnswer.Read, null, cancellation, UserInfoAnswer.NotRead);
    }

    private Task<VippsResult<T>> PostAsync<T>(
        VippsOperation operation, Msn msn, Uri address, AnswerReader<T> read, RefusalReader<T> refused,
        CancellationToken cancellation, params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var form = new StringBuilder();
        foreach (var (name, value) in fields)
            form.Append(form.Length > 0 ? "&" : "").Append(name).Append('=').Append(Uri.EscapeDataString(value));

        // Without a sales unit the sender says so itself, before anything leaves.
        var call = new VippsCall(
            operation, msn, address, options.CallTimeout, Encoding.ASCII.GetBytes(form.ToString()),
            Share: CallShare.Member, Own: units.Find(msn)?.Client, IsForm: true);
        return sender.SendAsync(call, read, null, cancellation, refused);
    }

    private string HintFor(Msisdn phone) => options.Login.LegacyHint && phone.ForECom is { } eight
        ? "urn:mobilenumber:" + eight
        : "urn:msisdn:" + phone.Digits;

    private static VippsFault NotSetUp { get; } =
        new(0, Title: "login is not set up", Field: "Vipps:Login:BaseAddress");

    /// <summary>The call itself has never left.</summary>
    private static VippsResult<T> None<T>(VippsResult<LoginEndpoints> found) =>
        found is VippsResult<LoginEndpoints>.Later(var fault, var retryAfter)
            ? new VippsResult<T>.Later(fault, retryAfter)
            : new VippsResult<T>.Refused(NotSetUp);
}
