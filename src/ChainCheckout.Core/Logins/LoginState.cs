namespace ChainCheckout.Core.Logins;

/// <summary>One login at Vipps, under the hash of its <c>auth_req_id</c>: whose it is, or that a ping came first.</summary>
/// <param name="Owner">Null until the customer has said that it is theirs.</param>
/// <param name="Told">The owner knows of the ping.</param>
public sealed record LoginState(LoginId Id, CustomerId? Owner, bool Pinged, bool Told, DateTimeOffset TellAt);

/// <summary>Everything that a login can be told.</summary>
public abstract record LoginMessage
{
    private LoginMessage()
    {
    }

    /// <summary>The customer whose enrolment it is.</summary>
    public sealed record Belongs(CustomerId Customer) : LoginMessage;

    /// <summary>A verified webhook: it has been answered on the phone.</summary>
    public sealed record Ping : LoginMessage;

    public sealed record OwnerTold(bool Reached) : LoginMessage;
}

public abstract record LoginReply
{
    private LoginReply()
    {
    }

    /// <param name="PingCame">Ask at once: what the ping announced has happened.</param>
    public sealed record Noted(bool PingCame) : LoginReply;
}

/// <summary>What a login can owe.</summary>
public sealed record TellOwner(CustomerId Customer, LoginId Login);
