using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;

namespace ChainCheckout.Tests.Actors;

/// <summary>
/// The vendor in a hundred lines: payments by reference, a memory for idempotency keys, five changes a minute, reads
/// that may be two seconds old. What is done and what is answered are two things.
/// </summary>
internal sealed class TinyVipps(HandClock clock, Random chance)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(2);

    private readonly Dictionary<PaymentReference, Held> _held = [];
    private readonly Dictionary<string, (string Body, object Answer)> _keys = [];
    private readonly Dictionary<PaymentReference, List<DateTimeOffset>> _changes = [];

    /// <summary>Broken rules of the vendor; empty at the end of a good run.</summary>
    public List<string> Complaints { get; } = [];

    public IReadOnlyDictionary<PaymentReference, Held> All => _held;

    public bool IsStale { get; set; }

    public VippsResult<PaymentCreated> Create(CreatePayment ask) => Once<PaymentCreated>(ask.Reference, ask.Key, $"create {ask.Amount} {ask.Phone.Digits} {ask.Description}", () =>
    {
        if (_held.ContainsKey(ask.Reference)) return Refuse<PaymentCreated>("4150");
        _held.Add(ask.Reference, new Held(ask.Amount, clock.Now));
        return new VippsResult<PaymentCreated>.Ok(new PaymentCreated(ask.Reference));
    });

    public VippsResult<PaymentRead?> Read(ReadPayment ask)
    {
        Expire();
        if (!_held.TryGetValue(ask.Reference, out var held)) return new VippsResult<PaymentRead?>.Ok(null);
        var stale = IsStale && clock.Now - held.ChangedAt < Lag && chance.Next(2) == 0;
        return new VippsResult<PaymentRead?>.Ok(stale ? held.Before : held.Shown());
    }

    public VippsResult<PaymentRead> Capture(ChangePayment ask) => Change(ask, "capture", held =>
    {
        if (held.State != PaymentStateAtVipps.Authorized || held.Open < ask.Amount.Minor) return "6090";
        held.Captured += ask.Amount.Minor;
        return null;
    });

    public VippsResult<PaymentRead> Cancel(ChangePayment ask) => Change(ask, "cancel", held =>
    {
        if (held.State == PaymentStateAtVipps.Created) held.State = PaymentStateAtVipps.Terminated;
        else if (held.State == PaymentStateAtVipps.Authorized && held.Open > 0) held.Cancelled += held.Open;
        else return "6050";
        return null;
    });

    public VippsResult<PaymentRead> Refund(ChangePayment ask) => Change(ask, "refund", held =>
    {
        if (held.Captured - held.Refunded < ask.Amount.Minor) return "6150";
        held.Refunded += ask.Amount.Minor;
        return null;
    });

    /// <summary>A customer who still can answers.</summary>
    public void CustomerActs()
    {
        Expire();
        var waiting = _held.Values.Where(held => held.State == PaymentStateAtVipps.Created).ToArray();
        if (waiting.Length == 0) return;
        waiting[chance.Next(waiting.Length)].Set(clock.Now, held =>
            held.State = chance.Next(4) > 0 ? PaymentStateAtVipps.Authorized : PaymentStateAtVipps.Aborted);
    }

    private void Expire()
    {
        foreach (var held in _held.Values.Where(held => held.State == PaymentStateAtVipps.Created && clock.Now >= held.CreatedAt + Window))
            held.Set(held.CreatedAt + Window, expired => expired.State = PaymentStateAtVipps.Expired);
    }

    private VippsResult<PaymentRead> Change(ChangePayment ask, string what, Func<Held, string?> apply) =>
        Once<PaymentRead>(ask.Reference, ask.Key, $"{what} {ask.Reference} {ask.Amount}", () =>
        {
            Expire();
            if (!_held.TryGetValue(ask.Reference, out var held)) return Refuse<PaymentRead>("5090");
            string? refused = null;
            held.Set(clock.Now, one => refused = apply(one));
            return refused is null ? new VippsResult<PaymentRead>.Ok(held.Shown()) : Refuse<PaymentRead>(refused);
        });

    /// <summary>A key that is known gets what it got; with another body it is the caller's fault.</summary>
    private VippsResult<T> Once<T>(PaymentReference reference, string key, string body, Func<VippsResult<T>> act)
    {
        var times = _changes.TryGetValue(reference, out var known) ? known : _changes[reference] = [];
        times.Add(clock.Now);
        if (times.Count(at => at > clock.Now - TimeSpan.FromMinutes(1)) > 5) Complaints.Add($"six changes of {reference} in a minute");
        if (key.Length > 50) Complaints.Add($"key {key} is too long");
        if (_keys.TryGetValue(key, out var before))
        {
            if (before.Body != body) Complaints.Add($"key {key} came with another body");
            return (VippsResult<T>)before.Answer;
        }

        var answer = act();
        _keys.Add(key, (body, answer));
        return answer;
    }

    private static VippsResult<T>.Refused Refuse<T>(string code) => new(new VippsFault(400, code));

    internal sealed class Held(Money amount, DateTimeOffset createdAt)
    {
        public PaymentStateAtVipps State { get; set; } = PaymentStateAtVipps.Created;

        public long Captured { get; set; }

        public long Refunded { get; set; }

        public long Cancelled { get; set; }

        public DateTimeOffset CreatedAt { get; } = createdAt;

        public DateTimeOffset ChangedAt { get; private set; } = createdAt;

        /// <summary>As it was before its last change; null when it was not there.</summary>
        public PaymentRead? Before { get; private set; }

        public long Authorized => State == PaymentStateAtVipps.Authorized ? amount.Minor : 0;

        /// <summary>Reserved, and neither taken nor let go.</summary>
        public long Open => Authorized - Captured - Cancelled;

        public PaymentRead Shown() => new(State, amount, Authorized, Captured, Refunded, Cancelled);

        public void Set(DateTimeOffset at, Action<Held> change)
        {
            var before = Shown();
            change(this);
            if (Shown() != before) (Before, ChangedAt) = (before, at);
        }
    }
}
