using ChainCheckout.Simulator.Customers;

namespace ChainCheckout.Simulator.Login;

/// <summary>
/// A login's life, pure: it waits until it is accepted, denied or expired, and stays that. An accepted one gives
/// its tokens out once, and only while its id is valid.
/// </summary>
internal static class LoginMachine
{
    private static readonly TimeSpan SlowedBy = TimeSpan.FromSeconds(5);

    /// <summary>Does what time has brought: the person's answer, or the expiry.</summary>
    public static LoginSession Settle(LoginSession login, DateTimeOffset now)
    {
        if (SettlesAt(login) is not { } due || due > now) return login;
        return due < login.Order.ExpiresAt
            ? Answer(login, login.Order.Person.Answer == LoginAnswer.Accept, due)
            : login with { State = LoginState.Expired };
    }

    /// <summary>When <see cref="Settle"/> will next have something to do; null = never again.</summary>
    public static DateTimeOffset? SettlesAt(LoginSession login)
    {
        if (login.State != LoginState.Pending) return null;
        var answered = login.Order.RequestedAt + login.Order.Person.After;
        return Answers(login) && answered < login.Order.ExpiresAt ? answered : login.Order.ExpiresAt;
    }

    /// <summary>Whether the person will do something by themselves.</summary>
    public static bool Answers(LoginSession login) =>
        login.Order.Person.Answer is LoginAnswer.Accept or LoginAnswer.Deny;

    public static LoginSession Answer(LoginSession login, bool accepts, DateTimeOffset at) =>
        login.State != LoginState.Pending
            ? login
            : login with { State = accepts ? LoginState.Accepted : LoginState.Denied, AnsweredAt = at };

    /// <param name="slack">How much too early a poll may come.</param>
    /// <returns>The error in OAuth's words; null = the tokens are given out.</returns>
    public static (LoginSession Next, string? Error) Poll(LoginSession login, DateTimeOffset now, TimeSpan slack)
    {
        switch (login.State)
        {
            case LoginState.Denied: return (login, "access_denied");
            case LoginState.Accepted when login.Exchanged: return (login, "invalid_grant");
            case LoginState.Accepted when login.Order.ExpiresAt > now: return (login with { Exchanged = true }, null);
            case LoginState.Accepted or LoginState.Expired: return (login, "expired_token");
        }

        var tooFast = login.LastPoll is { } last && now - last < login.Interval - slack;
        return tooFast
            ? (login with { LastPoll = now, Interval = login.Interval + SlowedBy }, "slow_down")
            : (login with { LastPoll = now }, "authorization_pending");
    }
}
