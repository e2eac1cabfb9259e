using System.Text.Json.Serialization;
using ChainCheckout.Core.Ports;

namespace ChainCheckout.Core.SalesUnits;

/// <summary>A sales unit: its webhook registration, and what came for payments that nobody knows.</summary>
/// <param name="Wanted">What should be registered; null until the host has said so.</param>
/// <param name="Hooks">Registrations of ours whose secret we hold.</param>
/// <param name="Parked">Verified webhooks for unknown references, the newest <see cref="ParkedMax"/>; kept in memory.</param>
public sealed record SalesUnitState(
    WantedHook? Wanted, ImmutableArray<Hook> Hooks, HookStep Step, int Tries, DateTimeOffset NextAt, ImmutableArray<ParkedHook> Parked)
{
    public const int ParkedMax = 64;

    /// <summary>The vendor deletes a registration whose endpoint was dead for two weeks: look once a day.</summary>
    public static readonly TimeSpan CheckEvery = TimeSpan.FromDays(1);
}

/// <param name="Url">The registered URL: the host and path that a signature covers.</param>
public sealed record WantedHook(string Url, ImmutableArray<string> Events)
{
    public bool Equals(WantedHook? other) => other is not null && Url == other.Url && Events.SequenceEqual(other.Events);

    public override int GetHashCode() => Url.GetHashCode(StringComparison.Ordinal);
}

public sealed record Hook(string Id, string Url, Secret Secret);

public sealed record ParkedHook(DateTimeOffset At, string Reference, string Event);

/// <summary>What the registration needs next.</summary>
[JsonDerivedType(typeof(Rest), "rest")]
[JsonDerivedType(typeof(List), "list")]
[JsonDerivedType(typeof(Delete), "delete")]
[JsonDerivedType(typeof(Register), "register")]
public abstract record HookStep
{
    private HookStep()
    {
    }

    public sealed record Rest : HookStep;

    public sealed record List : HookStep;

    /// <summary>Registrations under our URL whose secret is lost, or under a URL that is no longer wanted.</summary>
    public sealed record Delete(ImmutableArray<string> Ids) : HookStep;

    /// <param name="Started">The call may have left: not sent again before a list says what came of it.</param>
    public sealed record Register(bool Started) : HookStep;
}

/// <summary>Everything that a sales unit can be told.</summary>
public abstract record SalesUnitMessage
{
    private SalesUnitMessage()
    {
    }

    /// <summary>The host starts and wants its webhooks registered, once.</summary>
    public sealed record Ensure(WantedHook Wanted) : SalesUnitMessage;

    /// <summary>Which secrets may a webhook be signed with?</summary>
    public sealed record Secrets : SalesUnitMessage;

    /// <summary>A verified webhook came for a reference that no payment knows.</summary>
    public sealed record Park(string Reference, string Event) : SalesUnitMessage;

    public sealed record Loaded : SalesUnitMessage;

    public sealed record RegisterStarts : SalesUnitMessage;

    public sealed record Listed(VippsResult<ImmutableArray<WebhookRegistration>> Result) : SalesUnitMessage;

    public sealed record Registered(VippsResult<WebhookRegistered> Result) : SalesUnitMessage;

    public sealed record Deleted(string Id, VippsResult<bool> Result) : SalesUnitMessage;
}

/// <summary>What a sales unit answers.</summary>
public abstract record SalesUnitReply
{
    private SalesUnitReply()
    {
    }

    public sealed record Hooks(ImmutableArray<Hook> Known, bool Settled) : SalesUnitReply;
}

/// <summary>What a sales unit can owe.</summary>
public abstract record SalesUnitOperation
{
    private SalesUnitOperation()
    {
    }

    public sealed record List : SalesUnitOperation;

    public sealed record Register(WantedHook Wanted) : SalesUnitOperation;

    public sealed record Delete(string Id) : SalesUnitOperation;
}
