using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Tills;

namespace ChainCheckout.Simulation.Checks;

/// <summary>
/// When nothing goes wrong any more, everything comes to rest: no payment open, no event unpublished, no till stuck, one
/// registration whose secret is known.
/// </summary>
internal sealed class ComesToRest(World world) : Checker(world)
{
    public override string Invariants => "I-5, I-13, I-17, I-21, I-22";

    public override string MayBreakWhenRolledBack => "what stopped because its state was lost waits for a person, and so does a till that is held";

    public override void AtRest()
    {
        foreach (var pos in World.Tills) Ask(pos.IsDone, $"the cashier of {pos.Id} waits: {pos.Doing}", $"{pos.Id}", pos.Doing);
        foreach (var (id, row) in World.Disk.All(ActorKind.Payment))
        {
            var state = World.Checks.Stored(id);
            Ask(state is PaymentState.Captured or PaymentState.Unpaid or PaymentState.Unheard, $"{id.Key} rests in {state?.GetType().Name}", id.Key);
            if (state is PaymentState.Known known) Ask(known.Case.Refunds.All(one => one.Stage != RefundStage.Owed), $"{id.Key}: a refund is left owed", id.Key);
        }

        foreach (var (id, _) in World.Disk.All(ActorKind.Till))
        {
            var till = (TillState)World.Checks.Stored(id)!;
            Ask(till.Sale is not (Sale.Paying or Sale.Holding), $"till {id.Key} rests in {till.Sale.GetType().Name}", id.Key);
            Ask(till.Refund is not { IsOpen: true }, $"till {id.Key}: refund {till.Refund?.Key} is left open", id.Key);
            Ask(till.Held is null, $"till {id.Key} is held: {till.Held}", id.Key);
        }

        foreach (var (id, _) in World.Disk.All(ActorKind.Customer))
        {
            var customer = (CustomerState)World.Checks.Stored(id)!;

            // Discharged in memory is discharged: the disk hears of it with the next change.
            foreach (var owed in customer.EventsOwed) Ask(World.Vendor.Loyalty.Has(owed.EventId), $"customer {id.Key} still owes event {owed.EventId}", id.Key);
            Ask(customer.Enrolment is not { IsOpen: true }, $"customer {id.Key}: the enrolment is left open", id.Key);
        }

        // A registration that Vipps made long after its caller gave up is found by the next day's look.
        foreach (var (id, _) in World.Disk.All(ActorKind.SalesUnit).Where(_ => World.HasForgotten))
        {
            var hooks = World.Vendor.Webhooks.Of(new Msn(id.Key)).Select(one => one.Id).ToArray();
            var known = ((SalesUnitState)World.Checks.Stored(id)!).Hooks.Select(one => one.Id);
            Ask(hooks.Length == 1 && known.Contains(hooks[0]), $"sales unit {id.Key} has registrations {string.Join(", ", hooks)} and knows {string.Join(", ", known)}", id.Key);
        }
    }
}

/// <summary>No turn and no operation ends in an exception of a kind that nobody expects.</summary>
internal sealed class NoSurprise(World world) : Checker(world)
{
    public override string Invariants => "I-13, I-20";

    public override void TurnFailed(ActorId id, Exception failure)
    {
        if (failure is IOException or TimeoutException or StorageConflictException or ActorBusyException) return;
        if (failure is ActorStoppedException && World.WentBack) return;
        Fail($"{id}: {failure.GetType().Name}: {failure.Message} {failure.StackTrace}", id.Key);
    }
}

/// <summary>An alert wakes a person: there is none in a run that lost nothing but what it may lose.</summary>
internal sealed class AlertsAreEarned(World world) : Checker(world)
{
    /// <summary>What is told of things that Vipps did, not we.</summary>
    private static readonly string[] Earned =
    [
        // A capture that Vipps refuses again and again.
        "the capture was refused",

        // Registrations that Vipps does not take.
        "the webhooks cannot be registered",
    ];

    public override string Invariants => "I-40";

    public override string MayBreakWhenRolledBack => "a rollback is exactly what alerts are for";

    public override void Logged(string text)
    {
        if (!text.StartsWith("ALERT", StringComparison.Ordinal) || Earned.Any(one => text.Contains(one, StringComparison.Ordinal))) return;

        // Its payment was forgotten, or it is a refund's webhook that came before anybody had heard of the payment again.
        if (text.Contains("unknown payment", StringComparison.Ordinal) && World.HasForgotten) return;
        var actor = text.Split(' ', ':')[1];
        Fail(text, actor[(actor.IndexOf('/', StringComparison.Ordinal) + 1)..]);
    }
}

/// <summary>No phone number, code, token or secret stands in anything that is logged.</summary>
internal sealed class NothingPersonal(World world) : Checker(world)
{
    public override string Invariants => "I-28";

    public override void Logged(string text)
    {
        foreach (var person in World.People)
            Ask(!text.Contains(person.Digits, StringComparison.Ordinal) && !text.Contains(person.Digits[2..], StringComparison.Ordinal), "a phone number stands in the log");
        Ask(!text.Contains("qr.vipps.no", StringComparison.Ordinal) && !text.Contains("token of", StringComparison.Ordinal) && !text.Contains("secret of", StringComparison.Ordinal), "a code, token or secret stands in the log");
    }
}
