namespace ChainCheckout.Load.Crowds;

/// <summary>One of the simulated people.</summary>
/// <param name="Msisdn">Digits with country code.</param>
/// <param name="QrV1">The personal code's clear form.</param>
/// <param name="QrToken">Its token form.</param>
/// <param name="Handle">What the ledger calls this person.</param>
public sealed record Shopper(string Msisdn, string QrV1, string QrToken, string Handle = "")
{
    public Belonging Belonging { get; init; } = Belonging.Stranger;

    // All of it is personal, even if nobody is behind it.
    public override string ToString() => nameof(Shopper);
}

/// <summary>How a customer stands to the chain's programme when the doors open.</summary>
public enum Belonging
{
    /// <summary>No member, and nobody asks.</summary>
    Stranger = 1,
    Member,

    /// <summary>No member yet: asked to join at the first visit.</summary>
    Asked,
}

/// <summary>What a customer does with a request to join; the simulator knows them by these names in camel
/// case.</summary>
public enum LoginAnswer
{
    Accept = 1,
    Deny,
    Ignore,
    OldApp,
    NoAccount,
}

/// <summary>What a customer does with the pushes to come; the simulator knows them by these names in camel
/// case.</summary>
public enum ShopperAnswer
{
    Approve = 1,
    Refuse,
    Ignore,
    LastSecond,
}

/// <summary>The customers of a run.</summary>
public interface ICrowd
{
    /// <summary>What this customer will do with the next push.</summary>
    /// <param name="after">Real time from the push to the answer.</param>
    ValueTask TellAsync(Shopper shopper, ShopperAnswer answer, TimeSpan after, CancellationToken cancellation);

    /// <summary>What this customer will do when asked to join.</summary>
    /// <param name="after">Real time from the push to the answer.</param>
    ValueTask TellLoginAsync(Shopper shopper, LoginAnswer answer, TimeSpan after, CancellationToken cancellation);
}

/// <summary>Everybody approves at once: the simulator's own script, so there is nothing to tell.</summary>
public sealed class PromptCrowd : ICrowd
{
    public ValueTask TellAsync(Shopper shopper, ShopperAnswer answer, TimeSpan after, CancellationToken cancellation) =>
        default;

    public ValueTask TellLoginAsync(
        Shopper shopper, LoginAnswer answer, TimeSpan after, CancellationToken cancellation) => default;
}
