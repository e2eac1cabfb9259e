using ChainCheckout.Core.Payments;
using ChainCheckout.Simulation.Hosting;
using ChainCheckout.Simulation.Vipps;

namespace ChainCheckout.Simulation.Checks;

/// <summary>
/// A repeat has the same key and the same body. Another key needs a definitive refusal of the one before; a new intention
/// never takes an old key.
/// </summary>
internal sealed class SameKeySameBody(World world) : Checker(world)
{
    private readonly Dictionary<string, string> _created = [];

    public override string Invariants => "I-7";

    public override string MayBreakWhenRolledBack =>
        "which keys were refused is forgotten with the state: the payment stops, or asks with a key that Vipps remembers";

    public override void KeyReused(PaymentReference reference, string key, string before, string now) =>
        Fail($"key {key} came with another body: {before} / {now}", $"{reference}");

    public override void ChangeLeaves(Node node, PaymentReference reference, string key, object request)
    {
        if (request is CreatePayment)
        {
            if (!_created.TryAdd($"{reference}", key) && _created[$"{reference}"] != key) Fail($"{reference}: a second create key, {key}", $"{reference}");
            return;
        }

        // "…-k3" after "…-k2": the one before must have been refused for good.
        var tail = key.AsSpan(key.LastIndexOf('-') + 1);
        if (tail.Length < 2 || tail[0] is not ('k' or 'x' or 'g') || !int.TryParse(tail[1..], out var number) || number == 1) return;
        var previous = $"{key[..(key.Length - tail.Length + 1)]}{number - 1}";
        Ask(World.Refused.Contains(previous), $"{key} was sent though {previous} was never refused", $"{reference}");
    }
}

/// <summary>Key and intention are on the disk before the first byte leaves, and the outcome before the till hears of it.</summary>
internal sealed class IntentionFirst(World world) : Checker(world)
{
    private readonly HashSet<string> _durable = [];
    private readonly HashSet<PaymentReference> _captured = [];

    public override string Invariants => "I-8";

    public override void Saved(SavedState saved)
    {
        if (saved.After is not PaymentState.Known s) return;
        if (s is PaymentState.Captured) _captured.Add(s.Case.Reference);
        foreach (var refund in s.Case.Refunds) _durable.Add(refund.Key);
        switch (s)
        {
            case PaymentState.Creating:
                _durable.Add(s.Case.CreateKey);
                break;
            case PaymentState.Capturing capturing:
                _durable.Add($"{s.Case.Reference}-k{capturing.KeyNumber}");
                break;
            case PaymentState.Cancelling cancelling:
                _durable.Add($"{s.Case.Reference}-x{cancelling.KeyNumber}");
                break;
            case PaymentState.GivingBack back:
                _durable.Add($"{s.Case.Reference}-g{back.KeyNumber}");
                break;
        }
    }

    public override void ChangeLeaves(Node node, PaymentReference reference, string key, object request) =>
        Ask(_durable.Contains(key), $"{key} leaves before its intention is stored", $"{reference}");

    public override void Starts(Node node, ActorId actor, object operation)
    {
        if (operation is not PaymentOperation.TellTill { Status: { Standing: PaymentStanding.Captured or PaymentStanding.Unpaid } status }) return;
        var isStored = World.Checks.Stored(actor) switch
        {
            PaymentState.Captured => true,

            // It was, until storage went back under an activation that goes on.
            _ when World.WentBack && _captured.Contains(status.Reference) => true,
            PaymentState.Known => status.Standing == PaymentStanding.Unpaid,
            _ => World.WentBack || World.HasForgotten,
        };
        Ask(isStored, $"{status.Reference}: {status.Standing} is told before it is stored", $"{status.Reference}");
    }
}

/// <summary>
/// At most five changes and 120 reads a minute leave for one reference. Two activations at once count apart, one that was lost
/// had its count in memory, and a clock that jumps makes a minute of another length: there Vipps itself says 429, which is obeyed.
/// </summary>
internal sealed class WithinRates(World world) : Checker(world)
{
    private const int ChangesMax = 5;
    private const int ReadsMax = 120;

    private readonly Dictionary<PaymentReference, Queue<DateTimeOffset>> _changes = [];
    private readonly Dictionary<PaymentReference, Queue<DateTimeOffset>> _reads = [];

    public override string Invariants => "I-12";

    public override string MayBreakWhenRolledBack => "how many calls have left in this minute is forgotten with the state";

    public override void Sent(PaymentReference reference)
    {
        var count = CountOf(_changes, reference);
        var payment = ActorId.Of(reference);
        if (World.ClockJumps || World.Whereabouts.WasDoubled(payment) || World.HasLeftMemory(payment, TimeSpan.FromMinutes(2))) return;
        Ask(count <= ChangesMax, $"{reference}: {count} changes leave within a minute", $"{reference}");
    }

    public override void Starts(Node node, ActorId actor, object operation)
    {
        if (operation is not PaymentOperation.Read { Request.Reference: var reference }) return;
        var count = CountOf(_reads, reference);
        Ask(count <= ReadsMax, $"{reference}: {count} reads leave within a minute", $"{reference}");
    }

    private int CountOf(Dictionary<PaymentReference, Queue<DateTimeOffset>> sent, PaymentReference reference)
    {
        if (!sent.TryGetValue(reference, out var times)) sent.Add(reference, times = []);
        var now = World.Schedule.Now;
        while (times.TryPeek(out var first) && first <= now - TimeSpan.FromMinutes(1)) times.Dequeue();
        times.Enqueue(now);
        return times.Count;
    }
}

/// <summary>No old activation overwrites what another has stored, and none has an effect of its own at Vipps.</summary>
internal sealed class OneWriter(World world) : Checker(world)
{
    private readonly HashSet<(PaymentReference, EffectKind)> _effects = [];

    public override string Invariants => "I-16";

    public override void Saved(SavedState saved) => Ask(
        (saved.Write.Before?.Version ?? StoredVersion.None) == saved.Write.Save.Expected,
        $"{saved.Id}: a save of an older state went over a newer one", saved.Id.Key);

    public override void Happened(Effect effect, HeldPayment held)
    {
        if (effect.Kind == EffectKind.Refunded) return;
        Ask(_effects.Add((effect.Reference, effect.Kind)), $"{effect.Reference}: {effect.Kind} twice", $"{effect.Reference}");
    }
}

/// <summary>A webhook makes nothing but a question: every change at Vipps is one that a stored state owed, however often it came.</summary>
internal sealed class WebhooksAreHints(World world) : Checker(world)
{
    private readonly HashSet<string> _owed = [];

    public override string Invariants => "I-17";

    public override void Starts(Node node, ActorId actor, object operation)
    {
        var key = operation switch
        {
            PaymentOperation.Create o => o.Request.Key,
            PaymentOperation.Capture o => o.Request.Key,
            PaymentOperation.Cancel o => o.Request.Key,
            PaymentOperation.GiveBack o => o.Request.Key,
            _ => null,
        };
        if (key is not null) _owed.Add(key);
    }

    public override void ChangeLeaves(Node node, PaymentReference reference, string key, object request) =>
        Ask(_owed.Contains(key), $"{key} leaves and no state owes it", $"{reference}");

    /// <summary>Whatever was lost on the way: at rest what is stored is what Vipps holds.</summary>
    public override void AtRest()
    {
        if (World.WentBack) return;
        foreach (var (id, _) in World.Disk.All(ActorKind.Payment))
        {
            if (World.Checks.Stored(id) is not PaymentState.Known s) continue;
            var held = World.Vendor.Payments.Find(s.Case.Reference);
            if (s is PaymentState.Captured) Ask(held?.CapturedMinor == s.Case.Amount.Minor, $"{s.Case.Reference} is stored as captured, Vipps holds {held?.Shown}", $"{s.Case.Reference}");
            if (s is PaymentState.Unpaid) Ask((held?.CapturedMinor ?? 0) == (held?.RefundedMinor ?? 0), $"{s.Case.Reference} is stored as unpaid, Vipps holds {held?.Shown}", $"{s.Case.Reference}");
        }
    }
}
