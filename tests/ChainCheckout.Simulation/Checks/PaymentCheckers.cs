using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Tills;
using ChainCheckout.Simulation.Hosting;
using ChainCheckout.Simulation.People;
using ChainCheckout.Simulation.Vipps;

namespace ChainCheckout.Simulation.Checks;

/// <summary>
/// Over all attempts and tenders of one sale, money is taken once. In a run whose storage went back in time there are three
/// corners, and no more. A payment begun anew from a lost state may be given back whole, and then another may be paid. Where
/// the end of an attempt, or the other tender, was stored and lost, nothing stored anywhere knows of it: the attempt goes on, its
/// push comes once more, and a customer may approve what is paid already. And where what was stored of a payment is lost, and its
/// till was restored from a backup as well, nobody is left who knows that the sale is paid.
/// </summary>
internal sealed class OnePaymentPerAttempt(World world) : Checker(world)
{
    private readonly Dictionary<string, PaymentReference> _captured = [];
    private readonly Dictionary<string, DateTimeOffset> _otherwise = [];
    private readonly Dictionary<PaymentReference, DateTimeOffset> _created = [];
    private readonly Dictionary<PaymentReference, DateTimeOffset> _ended = [];

    public override string Invariants => "I-1";

    public override void Happened(Effect effect, HeldPayment held)
    {
        var reference = effect.Reference;
        if (effect.Kind == EffectKind.Created) Ask(_created.TryAdd(reference, World.Schedule.Now), $"{reference} was created twice", $"{reference}");
        if (effect.Kind != EffectKind.Captured || World.Sales.Of(reference) is not { } sale) return;
        if (_captured.TryGetValue(sale, out var other) && !IsGivenBack(other))
            Ask(IsEndLost(reference) || IsForgotten(other), $"sale {sale} was paid twice: {other} and {reference}", sale, $"{other}", $"{reference}");
        if (_otherwise.TryGetValue(sale, out var at))
            Ask(at < World.WentBackAt, $"sale {sale} was paid by {reference} and by another tender", sale, $"{reference}");
        _captured[sale] = reference;
    }

    public override void Saved(SavedState saved)
    {
        if (saved.After is PaymentState.Unpaid { Case.Reference: var ended }) _ended.TryAdd(ended, World.Schedule.Now);
        if (saved is { Before: TillState { Sale: Sale.Holding held }, After: TillState { Sale: not (Sale.Holding or Sale.Paying) } })
            _ended.TryAdd(held.Attempt.Reference, World.Schedule.Now);
        if (saved.After is not TillState { Sale: Sale.Finished { Receipt.Reference: null } done } till) return;
        var sale = SaleBook.Name(till.Id, done.SaleId);
        _otherwise.TryAdd(sale, World.Schedule.Now);
        if (!_captured.TryGetValue(sale, out var paid) || IsGivenBack(paid)) return;
        Ask(IsForgotten(paid), $"sale {sale} was completed by another tender and is paid by {paid}", sale, $"{paid}");
    }

    private bool IsEndLost(PaymentReference reference) => _ended.TryGetValue(reference, out var at) && at < World.WentBackAt;

    private bool IsForgotten(PaymentReference paid) => _created[paid] < World.WentBackAt && World.Restored.Contains(paid.Till);

    private bool IsGivenBack(PaymentReference reference) =>
        World.WentBack && World.Vendor.Payments.Find(reference) is { } held && held.CapturedMinor == held.RefundedMinor;
}

/// <summary>What is captured is what the cashier confirmed, in the same currency, and never more than was approved.</summary>
internal sealed class CapturedAsConfirmed(World world) : Checker(world)
{
    public override string Invariants => "I-2, I-10";

    public override void Happened(Effect effect, HeldPayment held)
    {
        var asked = held.Asked.Amount;
        Ask(asked.Minor is > 0 and <= Currencies.AmountMinorMax && asked.Currency == Currency.NOK, $"{effect.Reference} asks for {asked}", $"{effect.Reference}");
        if (World.Sales.AmountOf(effect.Reference) is { } confirmed)
            Ask(asked == confirmed, $"{effect.Reference} asks for {asked}, the cashier confirmed {confirmed}", $"{effect.Reference}");
        if (effect.Kind != EffectKind.Captured) return;
        Ask(effect.AmountMinor == asked.Minor && held.CapturedMinor <= asked.Minor, $"{effect.Reference}: captured {effect.AmountMinor} of {asked}", $"{effect.Reference}");
    }
}

/// <summary>No capture before a read of that very reference has shown the approval; a webhook is not one.</summary>
internal sealed class CapturedAfterReadBack(World world) : Checker(world)
{
    private readonly HashSet<PaymentReference> _approved = [];

    public override string Invariants => "I-3";

    public override void ReadAnswered(PaymentReference reference, object answer)
    {
        if (answer is VippsResult<PaymentRead?>.Ok { Value: { State: PaymentStateAtVipps.Authorized } }) _approved.Add(reference);
    }

    public override void Starts(Node node, ActorId actor, object operation)
    {
        if (operation is PaymentOperation.Capture capture && !_approved.Contains(capture.Request.Reference))
            Fail($"{capture.Request.Reference} is captured before a read has shown its approval", $"{capture.Request.Reference}");
    }
}

/// <summary>At rest Vipps holds what the tills' books say, reference by reference.</summary>
internal sealed class BooksAgree(World world) : Checker(world)
{
    private readonly Dictionary<PaymentReference, long> _paid = [];
    private readonly Dictionary<string, (PaymentReference Reference, long Minor)> _refunds = [];

    public override string Invariants => "I-4";

    public override string MayBreakWhenRolledBack =>
        "a receipt that was stored and lost is in no book any more; the money stays where it is and the till is held for a person";

    public override void Saved(SavedState saved)
    {
        if (saved.After is not TillState till) return;
        if (till.Sale is Sale.Finished { Receipt: { Reference: { } reference } receipt }) _paid[reference] = receipt.Amount.Minor;
        if (till.Refund is { Stage: RefundStage.Done } refund) _refunds[refund.Key] = (refund.Reference, refund.Amount.Minor);
    }

    public override void AtRest()
    {
        foreach (var held in World.Vendor.Payments.All)
        {
            var reference = held.Asked.Reference;
            var taken = held.CapturedMinor - held.RefundedMinor;
            var booked = _paid.GetValueOrDefault(reference) - _refunds.Values.Where(one => one.Reference == reference).Sum(one => one.Minor);
            Ask(taken == booked, $"{reference}: Vipps took {taken}, the tills say {booked}", $"{reference}", World.Sales.Of(reference) ?? "");
        }

        foreach (var reference in _paid.Keys.Where(one => World.Vendor.Payments.Find(one) is null)) Fail($"{reference} is shown as paid and Vipps does not know it", $"{reference}");
    }
}

/// <summary>At rest no reservation is left: every approval ended captured or cancelled.</summary>
internal sealed class NothingDangles(World world) : Checker(world)
{
    public override string Invariants => "I-5";

    public override string MayBreakWhenRolledBack =>
        "a payment whose intention was stored and lost is nobody's: its webhook is parked with an alert, and the reservation ends by itself";

    public override void AtRest()
    {
        foreach (var held in World.Vendor.Payments.All)
        {
            Ask(held.OpenMinor == 0, $"{held.Asked.Reference}: {held.OpenMinor} is left reserved", $"{held.Asked.Reference}");
            Ask(held.State != PaymentStateAtVipps.Created, $"{held.Asked.Reference} is left open", $"{held.Asked.Reference}");
        }
    }
}

/// <summary>Cancel and capture exclude each other; what comes after a cancel is let go or given back, never taken.</summary>
internal sealed class CancelledOrCaptured(World world) : Checker(world)
{
    private readonly Dictionary<PaymentReference, DateTimeOffset> _givenUp = [];

    public override string Invariants => "I-9";

    public override void Saved(SavedState saved)
    {
        if (saved.After is PaymentState.Cancelling s) _givenUp[s.Case.Reference] = World.Schedule.Now;
    }

    public override void Happened(Effect effect, HeldPayment held)
    {
        // A cancel that storage has lost was never asked for: the till shows the payment as wanted again.
        if (effect.Kind == EffectKind.Captured && _givenUp.TryGetValue(effect.Reference, out var at)) Ask(at < World.WentBackAt, $"{effect.Reference} was given up and is captured", $"{effect.Reference}");
        Ask(held.CapturedMinor == 0 || held.CancelledMinor == 0, $"{effect.Reference} is captured and cancelled", $"{effect.Reference}");
    }
}

/// <summary>Each refund that was asked for moves money once, and all of them never more than was captured.</summary>
internal sealed class RefundedOnceWithinCaptured(World world) : Checker(world)
{
    private readonly Dictionary<PaymentReference, Dictionary<string, long>> _asked = [];

    public override string Invariants => "I-11";

    public override void Saved(SavedState saved)
    {
        if (saved.After is not PaymentState.Known s) return;
        foreach (var refund in s.Case.Refunds) AskedOf(s.Case.Reference)[refund.Key] = refund.AmountMinor;
        if (saved.After is PaymentState.GivingBack all) AskedOf(s.Case.Reference)["all of it"] = all.CapturedMinor;
    }

    public override void Happened(Effect effect, HeldPayment held)
    {
        if (effect.Kind != EffectKind.Refunded) return;
        Ask(held.RefundedMinor <= held.CapturedMinor, $"{effect.Reference}: {held.RefundedMinor} given back of {held.CapturedMinor}", $"{effect.Reference}");
        var asked = AskedOf(effect.Reference).Values.Sum();
        Ask(held.RefundedMinor <= asked, $"{effect.Reference}: {held.RefundedMinor} given back, {asked} asked for", $"{effect.Reference}");
    }

    private Dictionary<string, long> AskedOf(PaymentReference reference)
    {
        if (!_asked.TryGetValue(reference, out var asked)) _asked.Add(reference, asked = []);
        return asked;
    }
}

/// <summary>
/// A payment is declared over only when nothing can come of it any more, whatever the clocks said: Vipps holds nothing open
/// then, and nothing happens to it afterwards.
/// </summary>
internal sealed class FinalIsFinal(World world) : Checker(world)
{
    private readonly HashSet<PaymentReference> _over = [];

    public override string Invariants => "I-6, I-15, I-36";

    public override string MayBreakWhenRolledBack =>
        "a payment that began anew from a lost state may meet a read of what it was before; money seen later reopens it";

    public override void Saved(SavedState saved)
    {
        if (saved.After is not PaymentState.Unpaid s) return;
        _over.Add(s.Case.Reference);
        if (World.Vendor.Payments.Find(s.Case.Reference) is not { } held) return;
        Ask(!held.IsOpen && held.CapturedMinor == held.RefundedMinor, $"{s.Case.Reference} is stored as over while Vipps holds {held.Shown}", $"{s.Case.Reference}");
    }

    public override void Happened(Effect effect, HeldPayment held)
    {
        if (effect.Kind is EffectKind.Created or EffectKind.Approved or EffectKind.Captured)
            Ask(!_over.Contains(effect.Reference), $"{effect.Reference} was over, and then: {effect.Kind}", $"{effect.Reference}");
    }
}
