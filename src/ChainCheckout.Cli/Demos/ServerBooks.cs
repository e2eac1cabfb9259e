using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Load.Books;
using ChainCheckout.Standalone.Storage;

namespace ChainCheckout.Cli.Demos;

/// <summary>What a stopped server has left in its folder.</summary>
/// <param name="Members">Every stored customer, by key.</param>
public sealed record ServerBooks(
    IReadOnlyList<StoredPayment> Payments, IReadOnlyDictionary<string, StoredMember> Members, StorageStats Stats)
{
    public static async Task<ServerBooks> ReadAsync(string folder, KeyRing keys, CancellationToken cancellation)
    {
        await using var storage = SqliteActorStorage.ReadOnly(folder);
        var codec = new StateCodec(keys);
        var json = new Payment(new PaymentTimings()).StateJson(codec);
        var payments = new List<StoredPayment>();
        await foreach (var (id, stored) in storage.ReadAllAsync(ActorKind.Payment, cancellation))
        {
            payments.Add(Of(id.Key, codec.Decode(stored.State, json)));
        }

        var members = new Dictionary<string, StoredMember>(StringComparer.Ordinal);
        await foreach (var (id, stored) in storage.ReadAllAsync(ActorKind.Customer, cancellation))
        {
            var state = codec.Decode(stored.State, codec.States.CustomerState);
            members[id.Key] = new StoredMember(
                state.Member?.MemberId, state.Member?.JoinedOn, state.Member?.Points ?? 0, state.EventsOwed.Length, state.LettersKept.Length);
        }

        return new ServerBooks(payments, members, storage.ReadStats());
    }

    private static StoredPayment Of(string reference, PaymentState state) => state switch
    {
        PaymentState.Captured s =>
            new StoredPayment(reference, nameof(PaymentState.Captured), s.CapturedMinor, s.RefundedMinor),
        PaymentState.GivingBack s =>
            new StoredPayment(reference, nameof(PaymentState.GivingBack), s.CapturedMinor, s.RefundedMinor),
        _ => new StoredPayment(reference, state.GetType().Name, 0, 0),
    };
}
