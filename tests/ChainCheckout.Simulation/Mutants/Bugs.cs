using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Payments;
using ChainCheckout.Simulation.Hosting;
using ChainCheckout.Simulation.Vipps;

namespace ChainCheckout.Simulation.Mutants;

/// <summary>Where a bug on purpose gets into a run through its ports. Without one, everything here lets pass what it is given.</summary>
internal sealed class Bugs(World world, Mutant mutant)
{
    private readonly Dictionary<string, int> _tries = [];

    public bool Is(Mutant one) => mutant == one;

    public ActorSave Change(ActorSave save) => Is(Mutant.WakeNotStored) ? save with { WakeAt = null } : save;

    public CreatePayment Change(CreatePayment ask)
    {
        var tries = Tries(ask.Key);
        if (Is(Mutant.NewKeyEachRetry) && tries > 1) return ask with { Key = $"{ask.Key}-{tries}" };
        if (Is(Mutant.BodyChangedOnRetry) && tries > 1) return ask with { Description = $"{ask.Description}, once more" };
        return ask;
    }

    public ChangePayment Change(ChangePayment ask)
    {
        var tries = Tries(ask.Key);
        if (Is(Mutant.NewKeyEachRetry) && tries > 1) return ask with { Key = $"{ask.Key}-{tries}" };
        if (Is(Mutant.AmountOffByOne) && ask.Key.Contains("-k", StringComparison.Ordinal)) return ask with { Amount = ask.Amount with { Minor = ask.Amount.Minor - 1 } };
        return ask;
    }

    public LoyaltyEvent Change(LoyaltyEvent happened) => Is(Mutant.EventIdNewEachTry) && Tries(happened.EventId) is > 1 and var tries
        ? happened with { EventId = $"{happened.EventId}-{tries}" }
        : happened;

    public VippsResult<bool> WhileAway(VippsResult<bool> result) => Is(Mutant.EventDroppedBeforeAccepted) ? new VippsResult<bool>.Ok(true) : result;

    public VippsResult<bool> Poisoned(VippsResult<bool> result) =>
        Is(Mutant.PoisonBlocks) && result is VippsResult<bool>.Refused refused ? new VippsResult<bool>.Later(refused.Fault, null) : result;

    public async Task<VippsResult<T>> Judge<T>(Task<VippsResult<T>> call) =>
        await call is var result && Is(Mutant.TimeoutIsRefusal) && result is VippsResult<T>.Unknown
            ? new VippsResult<T>.Refused(new VippsFault(400, "3000"))
            : result;

    public LoginStanding Denied(HeldLogin login) => Is(Mutant.DeniedIsJoined) ? new LoginStanding.Granted(login.AccessToken) : new LoginStanding.Denied();

    public string Log(string text, ActorId about) =>
        Is(Mutant.PhoneInLog) && about.Kind == ActorKind.Payment && PaymentReference.TryParse(about.Key, out var reference)
            ? $"{text} for {world.Vendor.Payments.Find(reference)?.Asked.Phone.Digits}"
            : text;

    /// <summary>A capture that nobody owes, once for every delivery.</summary>
    public async Task ActAsync(Node node, PaymentReference reference)
    {
        if (world.Vendor.Payments.Find(reference) is not { } held) return;
        var key = $"{reference}-w{Tries($"webhook {reference}")}";
        await node.Vipps.CaptureAsync(new ChangePayment(held.Asked.Msn, reference, key, held.Asked.Amount), default);
    }

    /// <summary>What the webhook says, taken for what a read would have said.</summary>
    public async Task BelieveAsync(Node node, PaymentReference reference)
    {
        if (world.Vendor.Payments.Find(reference) is not { } held) return;
        var read = new PaymentRead(PaymentStateAtVipps.Authorized, held.Asked.Amount, held.Asked.Amount.Minor, 0, 0, 0);
        await node.Actors.SendAsync(reference, new PaymentMessage.ReadAnswered(new VippsResult<PaymentRead?>.Ok(read)));
    }

    public async Task<object> RunAsync(IOperations inner, ActorId actor, object operation)
    {
        if (Is(Mutant.LoyaltyBlocksPayment) && operation is PaymentOperation.Capture && world.Vendor.Loyalty.AwayUntil > world.Schedule.Now)
            return new PaymentMessage.CaptureAnswered(new VippsResult<PaymentRead>.Later(new VippsFault(503), null));
        if (Is(Mutant.CheckInTwice) && operation is CustomerOperation.SendCheckIn) await inner.RunAsync(actor, operation, CancellationToken.None);
        if (Is(Mutant.MembershipGuessed) && operation is CustomerOperation.SendCheckIn guess) operation = guess with { Request = guess.Request with { IsMember = true } };
        return await inner.RunAsync(actor, operation, CancellationToken.None);
    }

    public IStateCodec Codec(IStateCodec codec) => Is(Mutant.NumberNotStored) ? new ForgetfulCodec(codec) : codec;

    private int Tries(string key) => mutant == Mutant.None ? 1 : _tries[key] = _tries.GetValueOrDefault(key) + 1;

    /// <summary>Stores everything but the number of the last command.</summary>
    private sealed class ForgetfulCodec(IStateCodec inner) : IStateCodec
    {
        public CoreJson States => inner.States;

        public System.Text.Json.JsonSerializerOptions Options => inner.Options;

        public ReadOnlyMemory<byte> Encode<TState>(TState state, JsonTypeInfo<TState> type) => inner.Encode(
            state is Core.Tills.TillState till ? (TState)(object)(till with { Pos = till.Pos with { LastNumber = till.Pos.LastNumber == 0 ? 0 : till.Pos.LastNumber - 1, LastHash = "" } }) : state, type);

        public TState Decode<TState>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<TState> type) => inner.Decode(bytes, type);
    }
}
