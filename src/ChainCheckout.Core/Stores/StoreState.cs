using System.Text.Json.Serialization;

namespace ChainCheckout.Core.Stores;

/// <summary>What a till has to know of its store. A till keeps the copy that it got at its last Hello.</summary>
/// <param name="Number">1 to 9999.</param>
/// <param name="Msn">The sales unit that takes this store's payments.</param>
/// <param name="TimeZone">IANA name; it decides when the day totals begin again.</param>
public sealed record StoreProfile(int Number, string Name, Msn Msn, Country Country, Currency Currency, string TimeZone, Language Language);

/// <summary>What a connection may do for a till.</summary>
public enum TillRole
{
    Pos = 1,

    /// <summary>Scans only; what it scanned shows on the POS.</summary>
    Scanner,
}

/// <summary>The shared secret of one (till, role). It never crosses the wire.</summary>
public sealed record TillCredential(int Till, TillRole Role, Secret Secret);

/// <summary>A store as configured; <see cref="Profile"/> is null until it has been.</summary>
public sealed record StoreState(StoreProfile? Profile, ImmutableArray<TillCredential> Tills);

/// <summary>Everything that a store can be told.</summary>
public abstract record StoreMessage
{
    private StoreMessage()
    {
    }

    /// <summary>The settings say that the store is so. The same again changes nothing.</summary>
    public sealed record Configure(StoreProfile Profile, ImmutableArray<TillCredential> Tills) : StoreMessage;

    /// <summary>May this till sell, in this role?</summary>
    public sealed record Admit(int Till, TillRole Role) : StoreMessage;
}

/// <summary>What a store answers.</summary>
public abstract record StoreReply
{
    private StoreReply()
    {
    }

    public sealed record Configured : StoreReply;

    public sealed record Admitted(StoreProfile Profile, Secret Secret) : StoreReply;

    public sealed record UnknownTill : StoreReply;
}
