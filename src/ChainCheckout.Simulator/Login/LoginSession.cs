using System.Collections.Immutable;
using ChainCheckout.Simulator.Customers;

namespace ChainCheckout.Simulator.Login;

public enum LoginState
{
    Pending = 1,
    Accepted = 2,
    Denied = 3,
    Expired = 4,
}

/// <summary>What never changes after a login's request. Instants are simulated.</summary>
internal sealed record LoginOrder
{
    public required string Msn { get; init; }
    public required string ClientId { get; init; }

    /// <summary>Whom the push goes to. Never in a ledger line.</summary>
    public required string Msisdn { get; init; }
    public required ImmutableArray<string> Scope { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What the person was going to do and to tell when the push came.</summary>
    public required LoginScript Person { get; init; }

    public string Sub => Person.Sub ?? Profile.Sub(Msn, Msisdn);
}

/// <summary>A login as Vipps has it. Immutable: <see cref="LoginMachine"/> gives the next one.</summary>
/// <param name="Number">1, 2, 3 … within one run: the ledger's name for it.</param>
internal sealed record LoginSession(long Number, LoginOrder Order)
{
    public static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(5);

    public LoginState State { get; init; } = LoginState.Pending;
    public DateTimeOffset? AnsweredAt { get; init; }
    public DateTimeOffset? LastPoll { get; init; }

    /// <summary>Simulated time that has to lie between two polls.</summary>
    public TimeSpan Interval { get; init; } = FirstInterval;

    /// <summary>The tokens were given out.</summary>
    public bool Exchanged { get; init; }
}
