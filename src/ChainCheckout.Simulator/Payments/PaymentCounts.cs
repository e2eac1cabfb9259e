using System.Collections.Immutable;

namespace ChainCheckout.Simulator.Payments;

/// <summary>How many payments are where, each in exactly one place.</summary>
internal sealed class PaymentCounts
{
    private static readonly string[] Names =
        ["open", "authorized", "captured", "refunded", "cancelled", "aborted", "expired", "terminated"];

    private readonly long[] _counts = new long[Names.Length];

    public void Move(Payment? before, Payment next)
    {
        if (before is not null) Interlocked.Decrement(ref _counts[PlaceOf(before)]);
        Interlocked.Increment(ref _counts[PlaceOf(next)]);
    }

    public ImmutableSortedDictionary<string, long> All() =>
        Names.Select((name, place) => (name, Volatile.Read(ref _counts[place])))
            .ToImmutableSortedDictionary(entry => entry.name, entry => entry.Item2);

    /// <summary>Captured means at all, refunded and cancelled mean the whole.</summary>
    private static int PlaceOf(Payment payment) => payment switch
    {
        { State: PaymentState.Created } => 0,
        { State: PaymentState.Aborted } => 5,
        { State: PaymentState.Expired } => 6,
        { State: PaymentState.Terminated } => 7,
        { CapturedMinor: > 0 } when payment.RefundedMinor == payment.CapturedMinor => 3,
        { CapturedMinor: > 0 } => 2,
        { CancelledMinor: > 0 } => 4,
        _ => 1,
    };
}
