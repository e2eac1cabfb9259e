using System.Collections.Concurrent;
using ChainCheckout.Simulator.Ledgers;
using ChainCheckout.Simulator.Time;
using ChainCheckout.Simulator.Webhooks;

namespace ChainCheckout.Simulator.Payments;

/// <summary>
/// All payments. The one place where a payment changes: what happened goes to the ledger and to the webhooks.
/// </summary>
internal sealed class PaymentBook(SimulatedClock clock, Alarms alarms, Ledger ledger, WebhookApi webhooks)
{
    private readonly ConcurrentDictionary<(string Msn, string Reference), PaymentSlot> _slots = new();
    private readonly PaymentCounts _counts = new();

    public PaymentCounts Counts => _counts;

    public PaymentSlot Slot(string msn, string reference) =>
        _slots.GetOrAdd((msn, reference), static key => new PaymentSlot(key.Msn, key.Reference));

    public PaymentSlot? Find(string msn, string reference) => _slots.GetValueOrDefault((msn, reference));

    /// <summary>The payment as time has made it by now. Under the slot's gate.</summary>
    public Payment? Settled(PaymentSlot slot)
    {
        if (slot.Payment is { } payment) Change(slot, PaymentMachine.Settle(payment, clock.Now));
        return slot.Payment;
    }

    /// <summary>Puts the next payment in place and tells what happened. Under the slot's gate.</summary>
    public void Change(PaymentSlot slot, Payment next)
    {
        var before = slot.Payment;
        if (ReferenceEquals(before, next)) return;
        slot.Newest = new PaymentVersion(next, clock.WallNow, slot.Newest);
        _counts.Move(before, next);
        for (var i = before?.Events.Length ?? 0; i < next.Events.Length; i++) Tell(next, next.Events[i]);
        if (before is null && PaymentMachine.SettlesAt(next) is { } due) WakeAt(slot, due);
    }

    private void Tell(Payment payment, PaymentEvent happened)
    {
        ledger.Append(new LedgerLine(KindOf(happened.Name))
        {
            Msn = payment.Msn,
            Reference = payment.Reference,
            AmountMinor = happened.AmountMinor,
            Currency = payment.Currency,
            PspReference = happened.PspReference,
            IdempotencyKey = happened.IdempotencyKey,
        });
        webhooks.Tell(payment, happened);
    }

    private void WakeAt(PaymentSlot slot, DateTimeOffset due) => alarms.Set(
        due,
        static state =>
        {
            var (book, slot) = ((PaymentBook, PaymentSlot))state;
            lock (slot.Gate) book.Settled(slot);
        },
        (this, slot));

    private static string KindOf(PaymentEventName name) => name switch
    {
        PaymentEventName.Created => "created",
        PaymentEventName.Authorized => "authorized",
        PaymentEventName.Aborted => "aborted",
        PaymentEventName.Expired => "expired",
        PaymentEventName.Terminated => "terminated",
        PaymentEventName.Cancelled => "cancelled",
        PaymentEventName.Captured => "captured",
        _ => "refunded",
    };
}
