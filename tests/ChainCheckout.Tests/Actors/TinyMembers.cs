using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;

namespace ChainCheckout.Tests.Actors;

/// <summary>The vendor's side of a membership, small: every person accepts, and every event is kept once under its id.</summary>
internal sealed class TinyMembers(Msisdn phone)
{
    private int _logins;

    public Dictionary<string, LoyaltyEvent> Events { get; } = [];

    public List<CheckIn> CheckIns { get; } = [];

    public int Logins => _logins;

    public VippsResult<string> CheckIn(CheckIn request)
    {
        CheckIns.Add(request);
        return new VippsResult<string>.Ok("id");
    }

    public VippsResult<LoginRequested> Ask() =>
        new VippsResult<LoginRequested>.Ok(new LoginRequested.Sent(new Secret($"login-{++_logins}"), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(5)));

    public static VippsResult<LoginStanding> Exchange(Secret authReqId) =>
        new VippsResult<LoginStanding>.Ok(new LoginStanding.Granted(new Secret($"token of {authReqId.Reveal}")));

    public VippsResult<UserInfo> UserInfo() => new VippsResult<UserInfo>.Ok(new UserInfo("sub-1", phone, "Kari", new Consents(true, false, false)));

    public VippsResult<bool> Publish(LoyaltyEvent happened)
    {
        Events.TryAdd(happened.EventId, happened);
        return new VippsResult<bool>.Ok(true);
    }
}
