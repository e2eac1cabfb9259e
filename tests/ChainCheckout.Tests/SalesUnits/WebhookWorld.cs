using System.Collections.Immutable;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Actors;

namespace ChainCheckout.Tests.SalesUnits;

/// <summary>One sales unit, what of it is on disk, its calls under way, and what Vipps has registered. Immutable.</summary>
/// <param name="Left">How many more disturbances may happen.</param>
internal sealed record WebhookWorld(
    SalesUnitState Memory, SalesUnitState? Saved, ImmutableArray<Call> Calls, ImmutableArray<WebhookRegistration> AtVipps, int Ids, int Left)
{
    public const string Url = "https://shop.example/hooks";
    public const string NewUrl = "https://shop.example/new-hooks";

    private static readonly SalesUnit Machine = new();
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static WebhookWorld Begin(int disturbances, params WebhookRegistration[] there) =>
        new(Machine.Initial("123456"), null, [], [.. there], 0, disturbances);

    public static WantedHook Wanted(string url) => new(url, ["authorized", "captured"]);

    /// <summary>Everything that may happen next, good and bad.</summary>
    public IEnumerable<WebhookWorld> Next()
    {
        foreach (var one in Quietly()) yield return one;
        if (Left == 0) yield break;

        var less = this with { Left = Left - 1 };
        foreach (var call in Calls)
        {
            yield return less.Ended(call, Machine.Lost(call.Operation));
            if (call.Answer is null) yield return less.Done(call).Ended(call, Machine.Lost(call.Operation));
        }

        if (Saved is not null)
        {
            yield return less.Crashed();
            foreach (var call in Calls.Where(call => call.Answer is null)) yield return less.Done(call).Crashed();
        }

        yield return less.Told(new SalesUnitMessage.Ensure(Wanted(Url)));
        yield return less.Told(new SalesUnitMessage.Ensure(Wanted(NewUrl)));
    }

    /// <summary>The same without disturbances, in the one order in which it comes to rest.</summary>
    public WebhookWorld? Onward() => Quietly().FirstOrDefault();

    public void AskAtRest()
    {
        // Under a former URL one whose secret is lost may be anybody's: it is left alone.
        var only = Assert.Single(AtVipps, one => one.Url == Memory.Wanted!.Url);
        var kept = Assert.Single(Memory.Hooks);
        Assert.Equal((only.Id, only.Url, SecretOf(only.Id)), (kept.Id, kept.Url, kept.Secret.Reveal));
        Assert.Contains(AtVipps, one => one.Url == "https://other.example/hooks");
        Assert.Contains(Saved!.Hooks, hook => hook.Id == only.Id);
    }

    public string Name() => PlainJson.Exact(Cut(Memory), types => types.SalesUnitState)
        + (Saved is null ? "" : PlainJson.Exact(Cut(Saved), types => types.SalesUnitState))
        + string.Join(';', Calls.Select(call => $"{call.Name} {call.Operation} {call.Answer is null}"))
        + string.Join(';', AtVipps.Select(one => $"{one.Id} {one.Url}")) + Left;

    public WebhookWorld Told(SalesUnitMessage message)
    {
        var made = Machine.Decide(Memory, message, Now);
        if (made.Verdict != Verdict.Accepted) Assert.Same(Memory, made.State);
        var saved = made.Keep == Keep.Saved && !ReferenceEquals(made.State, Memory) ? made.State : Saved;
        return this with { Memory = made.State, Saved = saved };
    }

    private IEnumerable<WebhookWorld> Quietly()
    {
        foreach (var call in Calls)
        {
            yield return call.Answer is null ? Done(call) : Ended(call, call.Answer);
        }

        // A settled unit looks again once a day; here that is at rest.
        if (Memory.Step is HookStep.Rest && Memory.NextAt > Now + TimeSpan.FromHours(1)) yield break;
        foreach (var owed in Machine.Owed(Memory))
        {
            if (Calls.Any(call => call.Name == owed.Name || (call.IsMutation && owed.Mutation))) continue;
            var begun = this with { Calls = Calls.Add(new Call(owed.Name, (SalesUnitOperation)owed.Operation, owed.Mutation, null)) };
            yield return owed.Repeat == Repeat.Once ? begun.Told(Machine.Starting(owed.Operation)) : begun;
        }
    }

    /// <summary>The call has its effect; its answer is on the way.</summary>
    private WebhookWorld Done(Call call)
    {
        var id = $"hook-{Ids + 1}";
        return call.Operation switch
        {
            SalesUnitOperation.List => Answered(new SalesUnitMessage.Listed(new VippsResult<ImmutableArray<WebhookRegistration>>.Ok(AtVipps))),
            SalesUnitOperation.Delete o => (this with { AtVipps = AtVipps.RemoveAll(one => one.Id == o.Id) })
                .Answered(call, new SalesUnitMessage.Deleted(o.Id, new VippsResult<bool>.Ok(true))),
            SalesUnitOperation.Register o => (this with { AtVipps = AtVipps.Add(new WebhookRegistration(id, o.Wanted.Url, o.Wanted.Events)), Ids = Ids + 1 })
                .Answered(call, new SalesUnitMessage.Registered(new VippsResult<WebhookRegistered>.Ok(new WebhookRegistered(id, new Secret(SecretOf(id)))))),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        WebhookWorld Answered(SalesUnitMessage answer) => this.Answered(call, answer);
    }

    private WebhookWorld Answered(Call call, SalesUnitMessage answer) =>
        this with { Calls = Calls.SetItem(Calls.IndexOf(Calls.First(one => one.Name == call.Name)), call with { Answer = answer }) };

    private WebhookWorld Ended(Call call, SalesUnitMessage answer) =>
        (this with { Calls = Calls.RemoveAll(one => one.Name == call.Name) }).Told(answer);

    private WebhookWorld Crashed() => (this with { Memory = Saved!, Calls = [] }).Told(Machine.Loaded);

    private static string SecretOf(string id) => $"secret of {id}";

    private static SalesUnitState Cut(SalesUnitState state) => state with
    {
        Tries = 0,
        NextAt = state.Step is HookStep.Rest && state.NextAt > Now + TimeSpan.FromHours(1) ? Now.AddDays(1) : Now,
    };
}

internal sealed record Call(string Name, SalesUnitOperation Operation, bool IsMutation, SalesUnitMessage? Answer);
