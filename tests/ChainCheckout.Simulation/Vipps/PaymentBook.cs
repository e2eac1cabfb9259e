using ChainCheckout.Simulation.Faults;

namespace ChainCheckout.Simulation.Vipps;

/// <summary>
/// Payments at Vipps: by reference, with a memory for idempotency keys, limits by the minute, reads that may be old, and
/// customers who answer the push in their own time.
/// </summary>
internal sealed class PaymentBook(World world)
{
    private const int ChangesMax = 5;
    private const int ReadsMax = 120;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Dictionary<PaymentReference, HeldPayment> _held = [];
    private readonly Dictionary<string, (string Body, object Answer)> _keys = [];
    private readonly Dictionary<PaymentReference, (Queue<DateTimeOffset> Changes, Queue<DateTimeOffset> Reads)> _rates = [];

    public List<HeldPayment> All { get; } = [];

    public List<Effect> Ledger { get; } = [];

    public HeldPayment? Find(PaymentReference reference) => _held.GetValueOrDefault(reference);

    public bool Knows(string key) => _keys.ContainsKey(key);

    public VippsResult<PaymentCreated> Create(CreatePayment ask, VippsFault? refusal) =>
        Once<PaymentCreated>(ask.Reference, ask.Key, BodyOf(ask), refusal, () =>
        {
            if (_held.ContainsKey(ask.Reference)) return Refuse<PaymentCreated>(409, "4150");
            var held = new HeldPayment(ask, world.Schedule.Now);
            _held.Add(ask.Reference, held);
            All.Add(held);
            Note(EffectKind.Created, held, ask.Key, ask.Amount.Minor);
            Push(held);
            return new VippsResult<PaymentCreated>.Ok(new PaymentCreated(ask.Reference));
        });

    public VippsResult<PaymentRead?> Read(ReadPayment ask)
    {
        if (!Within(Rates(ask.Reference).Reads, ReadsMax)) return new VippsResult<PaymentRead?>.Later(new VippsFault(429), TimeSpan.FromSeconds(5));
        if (Find(ask.Reference) is not { } held) return new VippsResult<PaymentRead?>.Ok(null);
        var isStale = world.Schedule.Now - held.ChangedAt < Lag && world.Faults.Strikes(FaultKind.ReadStale);
        return new VippsResult<PaymentRead?>.Ok(isStale ? held.Before : held.Shown);
    }

    public VippsResult<PaymentRead> Capture(ChangePayment ask, VippsFault? refusal) => Change(ask, "capture", refusal, held =>
    {
        if (held.CancelledMinor > 0) return "6070";
        if (held.State != PaymentStateAtVipps.Authorized) return "6080";
        if (held.OpenMinor < ask.Amount.Minor) return "6090";
        held.Capture(ask.Amount.Minor, world.Schedule.Now);
        Note(EffectKind.Captured, held, ask.Key, ask.Amount.Minor);
        return null;
    });

    public VippsResult<PaymentRead> Cancel(ChangePayment ask, VippsFault? refusal) => Change(ask, "cancel", refusal, held =>
    {
        if (held.State == PaymentStateAtVipps.Created && world.Faults.Strikes(FaultKind.ApprovedDuringCancel)) Approve(held);
        if (held.State == PaymentStateAtVipps.Created) End(held, PaymentStateAtVipps.Terminated, EffectKind.Terminated, ask.Key);
        else if (held is { State: PaymentStateAtVipps.Authorized, OpenMinor: > 0 and var open })
        {
            held.LetGo(world.Schedule.Now);
            Note(EffectKind.Cancelled, held, ask.Key, open);
        }
        else return held.CapturedMinor > 0 ? "6040" : "6050";
        return null;
    });

    public VippsResult<PaymentRead> Refund(ChangePayment ask, VippsFault? refusal) => Change(ask, "refund", refusal, held =>
    {
        if (held.CapturedMinor - held.RefundedMinor < ask.Amount.Minor) return "6150";
        held.Refund(ask.Amount.Minor, world.Schedule.Now);
        Note(EffectKind.Refunded, held, ask.Key, ask.Amount.Minor);
        return null;
    });

    /// <summary>The customer approves, if it is not too late.</summary>
    public void Approve(HeldPayment held)
    {
        if (held.State != PaymentStateAtVipps.Created) return;
        held.Become(PaymentStateAtVipps.Authorized, world.Schedule.Now);
        Note(EffectKind.Approved, held, "", held.Asked.Amount.Minor);
    }

    private void Push(HeldPayment held)
    {
        world.Schedule.After(Window, () => End(held, PaymentStateAtVipps.Expired, EffectKind.Expired, ""));
        var reads = world.Chance.Seconds(2, 25);
        if (world.Faults.Strikes(FaultKind.CustomerIgnored) || world.Chance.Below(120) == 0) return;
        if (world.Faults.Strikes(FaultKind.CustomerAborted) || world.Chance.Below(60) == 0)
            world.Schedule.After(reads, () => End(held, PaymentStateAtVipps.Aborted, EffectKind.Aborted, ""));
        else if (world.Faults.Strikes(FaultKind.ApprovedAtTheLastSecond))
            world.Schedule.After(Window - world.Chance.Seconds(0.01, 1.5), () => Approve(held));
        else world.Schedule.After(reads, () => Approve(held));
    }

    private void End(HeldPayment held, PaymentStateAtVipps state, EffectKind kind, string key)
    {
        if (held.State != PaymentStateAtVipps.Created) return;
        held.Become(state, world.Schedule.Now);
        Note(kind, held, key, held.Asked.Amount.Minor);
    }

    private void Note(EffectKind kind, HeldPayment held, string key, long minor)
    {
        var effect = new Effect(world.Schedule.Now, kind, held.Asked.Reference, key, minor);
        Ledger.Add(effect);
        world.Trace.Say(held.Asked.Reference.ToString(), $"at Vipps: {kind} {minor} {key}");
        world.Checks.Happened(effect, held);
        world.Vendor.Webhooks.Send(held.Asked.Msn, held.Asked.Reference, kind);
    }

    private VippsResult<PaymentRead> Change(ChangePayment ask, string what, VippsFault? refusal, Func<HeldPayment, string?> apply) =>
        Once<PaymentRead>(ask.Reference, ask.Key, $"{what} {ask.Reference} {ask.Amount}", refusal, () =>
        {
            if (Find(ask.Reference) is not { } held) return Refuse<PaymentRead>(404, "5090");
            return apply(held) is { } code ? Refuse<PaymentRead>(400, code) : new VippsResult<PaymentRead>.Ok(held.Shown);
        });

    /// <summary>A key that is known gets what it got; with another body it is the caller's fault.</summary>
    private VippsResult<T> Once<T>(PaymentReference reference, string key, string body, VippsFault? refusal, Func<VippsResult<T>> act)
    {
        if (!Within(Rates(reference).Changes, ChangesMax))
            return new VippsResult<T>.Later(new VippsFault(429), TimeSpan.FromSeconds(10));

        if (_keys.TryGetValue(key, out var before))
        {
            if (before.Body == body) return (VippsResult<T>)before.Answer;
            world.Checks.KeyReused(reference, key, before.Body, body);
            return Refuse<T>(409, "4020");
        }

        var answer = refusal is null ? act() : new VippsResult<T>.Refused(refusal);
        _keys.Add(key, (body, answer));
        if (answer is VippsResult<T>.Refused) world.Refused.Add(key);
        return answer;
    }

    private (Queue<DateTimeOffset> Changes, Queue<DateTimeOffset> Reads) Rates(PaymentReference reference)
    {
        if (!_rates.TryGetValue(reference, out var rates)) _rates.Add(reference, rates = (new(), new()));
        return rates;
    }

    private bool Within(Queue<DateTimeOffset> times, int most)
    {
        while (times.TryPeek(out var first) && first <= world.Schedule.Now - Minute) times.Dequeue();
        if (times.Count >= most) return false;
        times.Enqueue(world.Schedule.Now);
        return true;
    }

    private static string BodyOf(CreatePayment ask) =>
        $"create {ask.Msn} {ask.Reference} {ask.Phone.Digits} {ask.Amount} {ask.Description} {ask.MinimumAge} {string.Join(';', ask.Lines.Select(line => line.ToString()))}";

    private static VippsResult<T>.Refused Refuse<T>(int status, string code) => new(new VippsFault(status, code));
}
