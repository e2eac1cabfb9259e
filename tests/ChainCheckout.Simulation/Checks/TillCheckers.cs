using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Simulation.People;
using ChainCheckout.Simulation.Vipps;

namespace ChainCheckout.Simulation.Checks;

/// <summary>A till shows PAID only for money that Vipps has taken, and never shows a failure of a payment that may still succeed.</summary>
internal sealed class ShownAsItIs(World world) : Checker(world)
{
    private static readonly HashSet<TillCode> Failures =
    [
        TillCode.PaymentRefused, TillCode.PaymentExpired, TillCode.PaymentCancelled, TillCode.CustomerCannotPay, TillCode.PaymentNotPossible,
        TillCode.VippsUnavailable,
    ];

    private readonly Dictionary<string, PaymentReference> _last = [];
    private readonly HashSet<PaymentReference> _failed = [];

    public override string Invariants => "I-6";

    public override string MayBreakWhenRolledBack => "a till that went back in time shows an earlier attempt's end until its POS comes back and it is held";

    public override void Shown(Pos pos, TillView view)
    {
        if (view.Payment is { } paying && view.SaleId is { } sale) _last[SaleBook.Name(pos.Id, sale)] = paying.Reference;
        if (view is { Stage: "paid", Receipt: { Reference: { } paid } receipt })
        {
            var held = World.Vendor.Payments.Find(paid);
            Ask(held?.CapturedMinor == receipt.Amount.Minor, $"{paid} is shown as paid, Vipps holds {held?.Shown}", $"{paid}");
        }

        if (view.SaleId is null || !Failures.Contains(view.Code) || !_last.TryGetValue(SaleBook.Name(pos.Id, view.SaleId), out var reference)) return;
        _failed.Add(reference);
        Ask(World.Vendor.Payments.Find(reference) is not { IsOpen: true }, $"{reference} is shown as {view.Code} and may still succeed", $"{reference}");
    }

    public override void Happened(Effect effect, HeldPayment held)
    {
        if (effect.Kind is EffectKind.Approved or EffectKind.Captured)
            Ask(!_failed.Contains(effect.Reference), $"{effect.Reference} was shown as failed, and then: {effect.Kind}", $"{effect.Reference}");
    }
}

/// <summary>Two views under one number: a till would keep the wrong one, and nobody would mend it.</summary>
internal sealed class OneViewPerNumber(World world) : Checker(world)
{
    public override string Invariants => "I-6";

    public override string MayBreakWhenRolledBack => "numbers that were shown are counted again, until the POS says which it has seen";

    public override void Dropped(Pos pos, TillView stands, TillView dropped) =>
        Ask(stands.Version != dropped.Version || What(stands) == What(dropped), $"{pos.Id} drops {What(dropped)}: {What(stands)} stands under its number {stands.Version}", $"{pos.Id}");

    private static string What(TillView view) => $"{view.Stage} {view.Code} {view.SaleId} {view.Payment?.Reference} {view.Receipt?.Reference} {(view.Refund is { IsOpen: false } refund ? refund.Stage : null)} {view.Enrolment?.Stage}";
}

/// <summary>What a till was told is still so after any crash.</summary>
internal sealed class AcknowledgedSurvives(World world) : Checker(world)
{
    private readonly Dictionary<(TillId, TillRole), uint> _highest = [];

    public override string Invariants => "I-13";

    public override string MayBreakWhenRolledBack => "it is what a rollback takes away; the till sees it at its next Hello and is held";

    public override void Answered(TillClient client, uint number, TillCommand body, TillAnswer answer)
    {
        var key = (client.Id, client.Role);
        _highest[key] = Math.Max(_highest.GetValueOrDefault(key), number);
        var stored = (World.Checks.Stored(ActorId.Of(client.Id)) as TillState)?.Of(client.Role).LastNumber ?? 0;
        Ask(stored >= number, $"{client.Id}: number {number} was answered, {stored} is stored", $"{client.Id}");
    }

    public override void Welcomed(TillClient client, TillReply.Welcome welcome)
    {
        var answered = _highest.GetValueOrDefault((client.Id, client.Role));
        Ask(welcome.LastApplied >= answered, $"{client.Id}: number {answered} was answered, the welcome says {welcome.LastApplied}", $"{client.Id}");
    }
}

/// <summary>A till that remembers more than its server pays nothing until a person has looked.</summary>
internal sealed class HeldWhenLost(World world) : Checker(world)
{
    public override string Invariants => "I-1, I-13";

    public override void Welcomed(TillClient client, TillReply.Welcome welcome)
    {
        if (client.LastAnswered <= welcome.LastApplied) return;
        var isHeld = World.Checks.Stored(ActorId.Of(client.Id)) is TillState { Held: not null };
        Ask(isHeld, $"{client.Id}: the {client.Role} knows number {client.LastAnswered}, its server {welcome.LastApplied}, and it is not held", $"{client.Id}");
    }
}

/// <summary>A command takes effect once under its number; a repeat gets the same reply, whatever has happened since.</summary>
internal sealed class CommandsTakeEffectOnce(World world) : Checker(world)
{
    private readonly Dictionary<(TillId, TillRole, uint), TillAnswer> _answers = [];

    public override string Invariants => "I-14";

    public override string MayBreakWhenRolledBack => "the number is free again, and the repeat that the till sends is applied anew under it";

    public override void Answered(TillClient client, uint number, TillCommand body, TillAnswer answer)
    {
        if (!_answers.TryAdd((client.Id, client.Role, number), answer))
            Ask(_answers[(client.Id, client.Role, number)] == answer, $"{client.Id}: number {number} was answered with {answer.Code} after {_answers[(client.Id, client.Role, number)].Code}", $"{client.Id}");
    }

    public override void Saved(SavedState saved)
    {
        if (saved is not { Before: TillState before, After: TillState after }) return;
        foreach (var role in (TillRole[])[TillRole.Pos, TillRole.Scanner])
        {
            var (old, now) = (before.Of(role), after.Of(role));
            Ask(now.LastNumber == old.LastNumber || now.LastNumber == old.LastNumber + 1, $"{after.Id}: number {now.LastNumber} after {old.LastNumber}", $"{after.Id}");
            if (now.LastNumber == old.LastNumber) Ask(now.LastReply == old.LastReply, $"{after.Id}: the reply to number {now.LastNumber} changed", $"{after.Id}");
            Ask(now.Epoch >= old.Epoch && now.Session >= old.Session, $"{after.Id}: epoch or session went back", $"{after.Id}");
        }
    }
}

/// <summary>A payment goes from stage to stage as listed; a final one is left only for money that Vipps shows.</summary>
internal sealed class ListedTransitions(World world) : Checker(world)
{
    private static readonly HashSet<(Type, Type)> Listed =
    [
        (typeof(PaymentState.Creating), typeof(PaymentState.Waiting)), (typeof(PaymentState.Creating), typeof(PaymentState.Capturing)),
        (typeof(PaymentState.Creating), typeof(PaymentState.Cancelling)), (typeof(PaymentState.Creating), typeof(PaymentState.Unpaid)),
        (typeof(PaymentState.Waiting), typeof(PaymentState.Capturing)), (typeof(PaymentState.Waiting), typeof(PaymentState.Cancelling)),
        (typeof(PaymentState.Waiting), typeof(PaymentState.Unpaid)), (typeof(PaymentState.Capturing), typeof(PaymentState.Captured)),
        (typeof(PaymentState.Capturing), typeof(PaymentState.Unpaid)), (typeof(PaymentState.Cancelling), typeof(PaymentState.Unpaid)),
        (typeof(PaymentState.Cancelling), typeof(PaymentState.GivingBack)), (typeof(PaymentState.GivingBack), typeof(PaymentState.Unpaid)),
        (typeof(PaymentState.Unpaid), typeof(PaymentState.Cancelling)), (typeof(PaymentState.Unpaid), typeof(PaymentState.GivingBack)),
        (typeof(PaymentState.Rebuilding), typeof(PaymentState.Captured)), (typeof(PaymentState.Rebuilding), typeof(PaymentState.Unheard)),
        (typeof(PaymentState.Unheard), typeof(PaymentState.Creating)), (typeof(PaymentState.Unheard), typeof(PaymentState.Rebuilding)),

        // A reference that was asked about for a refund, and turned out to be a new sale's.
        (typeof(PaymentState.Rebuilding), typeof(PaymentState.Creating)),
    ];

    public override string Invariants => "I-15";

    public override string MayBreakWhenRolledBack => "it may begin a second time, or stop because Vipps remembers more than it does";

    public override void Saved(SavedState saved)
    {
        if (saved.After is not PaymentState after) return;
        var before = saved.Before ?? PaymentState.Unheard.Instance;
        if (before.GetType() == after.GetType()) return;
        Ask(Listed.Contains((before.GetType(), after.GetType())), $"{saved.Id.Key}: from {before.GetType().Name} to {after.GetType().Name}", saved.Id.Key);
        if (before is not PaymentState.Unpaid left) return;
        var held = World.Vendor.Payments.Find(left.Case.Reference);
        Ask(held is { IsOpen: true } || held?.CapturedMinor > 0, $"{saved.Id.Key}: a final stage was left though Vipps holds {held?.Shown}", saved.Id.Key);
    }
}
