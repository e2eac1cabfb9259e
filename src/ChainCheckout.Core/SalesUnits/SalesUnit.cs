using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core.Ports;
using static ChainCheckout.Core.SalesUnits.SalesUnitMessage;
using Decision = ChainCheckout.Core.Actors.Decision<
    ChainCheckout.Core.SalesUnits.SalesUnitState, ChainCheckout.Core.SalesUnits.SalesUnitReply>;

namespace ChainCheckout.Core.SalesUnits;

/// <summary>
/// Keeps exactly one webhook registration whose secret is known: list → delete those whose secret is lost → register.
/// Registering twice would bring every webhook twice, one of them signed with a secret nobody kept.
/// </summary>
public sealed class SalesUnit : IMachine<SalesUnitState, SalesUnitMessage, SalesUnitReply>
{
    private static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(5);

    public ActorKind Kind => ActorKind.SalesUnit;

    public SalesUnitMessage Loaded => new SalesUnitMessage.Loaded();

    public SalesUnitState Initial(string key) => new(null, [], new HookStep.Rest(), 0, DateTimeOffset.MaxValue, []);

    public Decision Decide(SalesUnitState s, SalesUnitMessage message, DateTimeOffset now) => message switch
    {
        Ensure m when s.Wanted == m.Wanted => Next(s, new HookStep.List(), now) with { Keep = Keep.InMemory },
        Ensure m => Next(s with { Wanted = m.Wanted }, new HookStep.List(), now),
        Secrets => new Decision(Verdict.Duplicate, s, Answer(s)),
        Park m => Parked(s, m, now),

        // "Started" was saved, and the answer is lost: a list shows whether a registration without a secret came of it.
        SalesUnitMessage.Loaded when s.Step is HookStep.Register { Started: true } => Next(s, new HookStep.List(), now),
        SalesUnitMessage.Loaded => new Decision(Verdict.Duplicate, s, Answer(s)),
        RegisterStarts => Accept(s with { Step = new HookStep.Register(Started: true) }),

        Listed { Result: VippsResult<ImmutableArray<WebhookRegistration>>.Ok { Value: var found } } => WhenListed(s, found, now),
        Listed m => Again(s, new HookStep.List(), Fault(m.Result), now),

        Deleted { Result: VippsResult<bool>.Ok } m when s.Step is HookStep.Delete step && step.Ids.Length > 1 =>
            Next(s, new HookStep.Delete(step.Ids.Remove(m.Id)), now) with { Keep = Keep.InMemory },
        Deleted { Result: VippsResult<bool>.Ok } => Next(s, new HookStep.List(), now) with { Keep = Keep.InMemory },
        Deleted m => Again(s, new HookStep.List(), Fault(m.Result), now),

        Registered { Result: VippsResult<WebhookRegistered>.Ok { Value: var hook } } =>
            Next(s with { Hooks = s.Hooks.Add(new Hook(hook.Id, s.Wanted!.Url, hook.Secret)) }, new HookStep.List(), now),
        Registered m => Again(s, new HookStep.List(), Fault(m.Result), now),

        _ => throw new System.Diagnostics.UnreachableException($"No arm for {message.GetType().Name}."),
    };

    public ImmutableArray<Owed> Owed(SalesUnitState s) => (s.Wanted, s.Step) switch
    {
        (null, _) => [],
        (_, HookStep.Rest or HookStep.List) => [new Owed("list", s.NextAt, new SalesUnitOperation.List())],
        (_, HookStep.Delete step) => [new Owed("delete", s.NextAt, new SalesUnitOperation.Delete(step.Ids[0]), Mutation: true)],
        (_, HookStep.Register { Started: false }) =>
            [new Owed("register", s.NextAt, new SalesUnitOperation.Register(s.Wanted), Repeat.Once, Mutation: true)],

        // Under way: its outcome comes, or a load does.
        _ => [],
    };

    public SalesUnitMessage Starting(object operation) => new RegisterStarts();

    public SalesUnitMessage Lost(object operation) => operation switch
    {
        SalesUnitOperation.List => new Listed(new VippsResult<ImmutableArray<WebhookRegistration>>.Unknown("lost")),
        SalesUnitOperation.Register => new Registered(new VippsResult<WebhookRegistered>.Unknown("lost")),
        SalesUnitOperation.Delete o => new Deleted(o.Id, new VippsResult<bool>.Unknown("lost")),
        _ => throw new System.Diagnostics.UnreachableException($"No sales unit owes {operation.GetType().Name}."),
    };

    public ActorFlags Flags(SalesUnitState s) => s.Tries > 5 ? ActorFlags.Alert : ActorFlags.None;

    public DateTimeOffset? ForgetAt(SalesUnitState s) => null;

    public object? View(SalesUnitState s, DateTimeOffset now) => null;

    public JsonTypeInfo<SalesUnitState> StateJson(IStateCodec codec) => codec.States.SalesUnitState;

    private static Decision WhenListed(SalesUnitState s, ImmutableArray<WebhookRegistration> found, DateTimeOffset now)
    {
        // Where it is registered only Vipps knows: what is wanted may have changed while the registration was under way.
        var alive = s.Hooks.Join(found, hook => hook.Id, one => one.Id, (hook, one) => hook with { Url = one.Url }).ToImmutableArray();
        var good = alive.Where(hook => hook.Url == s.Wanted!.Url && Covers(found.First(one => one.Id == hook.Id), s.Wanted)).Take(1).ToImmutableArray();
        var strays = found.Where(one => one.Url == s.Wanted!.Url || alive.Any(hook => hook.Id == one.Id))
            .Where(one => good.All(hook => hook.Id != one.Id)).Select(one => one.Id).ToImmutableArray();

        // A changed endpoint is registered before the old one goes; under one URL the stray goes first, lest both deliver.
        var sameUrl = strays.Where(id => found.First(one => one.Id == id).Url == s.Wanted!.Url).ToImmutableArray();
        if (sameUrl.Length > 0) return Next(s with { Hooks = alive }, new HookStep.Delete(sameUrl), now);
        if (good.Length == 0) return Next(s with { Hooks = alive }, new HookStep.Register(Started: false), now);
        if (strays.Length > 0) return Next(s with { Hooks = alive }, new HookStep.Delete(strays), now);

        var settled = s with { Hooks = good, Step = new HookStep.Rest(), Tries = 0, NextAt = now + SalesUnitState.CheckEvery };
        return Accept(settled) with { Keep = s.Hooks.SequenceEqual(good) ? Keep.InMemory : Keep.Saved };
    }

    private static bool Covers(WebhookRegistration registration, WantedHook wanted) =>
        wanted.Events.All(name => registration.Events.Contains(name));

    private static Decision Parked(SalesUnitState s, Park m, DateTimeOffset now)
    {
        var parked = s.Parked.Length < SalesUnitState.ParkedMax ? s.Parked : s.Parked.RemoveAt(0);
        var next = s with { Parked = parked.Add(new ParkedHook(now, m.Reference, m.Event)) };
        return Accept(next) with { Keep = Keep.InMemory, Alert = $"a genuine webhook ({m.Event}) came for an unknown payment {m.Reference}" };
    }

    private static Decision Next(SalesUnitState s, HookStep step, DateTimeOffset now) => Accept(s with { Step = step, NextAt = now });

    private static Decision Again(SalesUnitState s, HookStep step, string fault, DateTimeOffset now)
    {
        var delay = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(s.Tries, 10)));
        var next = s with { Step = step, Tries = s.Tries + 1, NextAt = now + (delay < RetryMax ? delay : RetryMax) };
        var alert = next.Tries == 6 ? $"the webhooks cannot be registered ({fault}); polling goes on alone" : null;
        return Accept(next) with { Keep = s.Step is HookStep.Register { Started: true } ? Keep.Saved : Keep.InMemory, Alert = alert };
    }

    private static string Fault<T>(VippsResult<T> result) => result switch
    {
        VippsResult<T>.Refused { Fault: var fault } => $"{fault.Status} {fault.Code} {fault.Field}".Trim(),
        VippsResult<T>.Later { Fault: var fault } => $"{fault.Status}",
        VippsResult<T>.Unknown { Reason: var reason } => reason,
        _ => "",
    };

    private static Decision Accept(SalesUnitState s) => new(Verdict.Accepted, s, Answer(s));

    private static SalesUnitReply.Hooks Answer(SalesUnitState s) => new(s.Hooks, s.Step is HookStep.Rest && s.Wanted is not null);
}
