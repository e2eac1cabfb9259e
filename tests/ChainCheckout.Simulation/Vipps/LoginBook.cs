using ChainCheckout.Simulation.Faults;

namespace ChainCheckout.Simulation.Vipps;

/// <summary>How a customer takes a login.</summary>
internal enum LoginAnswer
{
    Pending,
    Approved,
    Denied,
}

/// <summary>One login at Vipps.</summary>
/// <param name="sub">The person whose phone it is then.</param>
internal sealed class HeldLogin(string id, RequestLogin asked, DateTimeOffset endsAt, string sub)
{
    public string Id => id;

    public string Sub => sub;

    public RequestLogin Asked => asked;

    public DateTimeOffset EndsAt => endsAt;

    public LoginAnswer Answer { get; set; }

    public DateTimeOffset? LastAskedAt { get; set; }

    public bool IsSpent { get; set; }

    public Secret AccessToken { get; } = new($"token of {id}");
}

/// <summary>Merchant-initiated logins: a push that is answered, denied, forgotten, or answered late; a grant that is given once.</summary>
internal sealed class LoginBook(World world)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Msisdn, string> _subs = [];
    private int _newOwners;

    public List<HeldLogin> All { get; } = [];

    /// <summary>The number has a new owner.</summary>
    public void Recycle(Msisdn phone) => _subs[phone] = $"sub-of-owner-{++_newOwners}";

    /// <summary>The person has a new number, and the old one somebody else.</summary>
    public void Follow(Msisdn from, Msisdn to)
    {
        _subs[to] = SubOf(from);
        Recycle(from);
    }

    public VippsResult<LoginRequested> Request(RequestLogin ask)
    {
        var now = world.Schedule.Now;
        if (All.Any(one => one.Asked.Phone == ask.Phone && one.Answer == LoginAnswer.Pending && one.EndsAt > now))
            return new VippsResult<LoginRequested>.Later(new VippsFault(429), null);
        var login = new HeldLogin($"login-{All.Count + 1}-{world.Chance.Hex(8)}", ask, now + ask.Expiry, SubOf(ask.Phone));
        All.Add(login);
        world.Trace.Say("login", $"asked for {login.Id}");
        if (world.Faults.Strikes(FaultKind.PingEarly)) world.Vendor.Webhooks.Ping(world.Secret.Login(new Secret(login.Id)));
        Plan(login, ask.Expiry);
        return new VippsResult<LoginRequested>.Ok(new LoginRequested.Sent(new Secret(login.Id), ask.Expiry, Interval));
    }

    public VippsResult<LoginStanding> Exchange(Secret id)
    {
        var now = world.Schedule.Now;
        if (All.Find(one => one.Id == id.Reveal) is not { IsSpent: false } login) return Is(new LoginStanding.Spent());
        var tooSoon = now - login.LastAskedAt < Interval - TimeSpan.FromSeconds(1);
        login.LastAskedAt = now;
        if (login.Answer == LoginAnswer.Denied) return Is(world.Bugs.Denied(login));
        if (login.Answer == LoginAnswer.Approved)
        {
            login.IsSpent = true;
            return Is(new LoginStanding.Granted(login.AccessToken));
        }

        if (now >= login.EndsAt) return Is(new LoginStanding.Expired());
        return tooSoon || world.Faults.Strikes(FaultKind.LoginSlowDown) ? Is(new LoginStanding.SlowDown()) : Is(new LoginStanding.Pending());
    }

    public VippsResult<UserInfo> UserInfo(Secret token) => All.Find(one => one.AccessToken == token) is { } login
        ? new VippsResult<UserInfo>.Ok(new UserInfo(login.Sub, login.Asked.Phone, "Kari", new Consents(true, false, false)))
        : new VippsResult<UserInfo>.Refused(new VippsFault(401));

    private string SubOf(Msisdn phone) => _subs.TryGetValue(phone, out var known) ? known : $"sub-{phone.Digits[..6]}";

    private void Plan(HeldLogin login, TimeSpan expiry)
    {
        if (world.Faults.Strikes(FaultKind.LoginExpired)) return;
        var answer = world.Faults.Strikes(FaultKind.LoginDenied) ? LoginAnswer.Denied : LoginAnswer.Approved;
        var after = world.Faults.Strikes(FaultKind.LoginPendingLong) ? expiry - world.Chance.Seconds(1, 20) : world.Chance.Seconds(3, 40);
        world.Schedule.After(after, () =>
        {
            login.Answer = answer;
            world.Trace.Say("login", $"{login.Id} {answer}");
            world.Vendor.Webhooks.Ping(world.Secret.Login(new Secret(login.Id)));
        });
    }

    private static VippsResult<LoginStanding>.Ok Is(LoginStanding standing) => new(standing);
}
