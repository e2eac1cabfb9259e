using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Cli.Processes;
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
        var reader = new Reader(keys);
        foreach (var kind in new[] { ActorKind.Payment, ActorKind.Customer })
        {
            await foreach (var (id, stored) in storage.ReadAllAsync(kind, cancellation)) reader.Add(id, stored.State);
        }

        return reader.Close(storage.ReadStats());
    }

    /// <summary>What a chain's program has dumped: a line an actor, and the sums.</summary>
    public static ServerBooks Parse(IEnumerable<string> dump, KeyRing keys)
    {
        var reader = new Reader(keys);
        foreach (var line in dump)
        {
            var words = line.Split(' ');
            if (words is ["stats", var saves, var bytes, var settles])
                return reader.Close(new StorageStats(Number(saves), Number(bytes), Number(settles), Batches: 0));
            if (words is [var kind, var key, var state] && Enum.TryParse<ActorKind>(kind, out var known))
                reader.Add(new ActorId(known, key), Convert.FromBase64String(state));
        }

        throw new CommandException("The dump of what the chain has stored has no end.");
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Reader
    {
        private readonly StateCodec _codec;
        private readonly JsonTypeInfo<PaymentState> _payment;
        private readonly List<StoredPayment> _payments = [];
        private readonly Dictionary<string, StoredMember> _members = new(StringComparer.Ordinal);

        public Reader(KeyRing keys)
        {
            _codec = new StateCodec(keys);
            _payment = new Payment(new PaymentTimings()).StateJson(_codec);
        }

        public void Add(ActorId id, ReadOnlyMemory<byte> stored)
        {
            if (id.Kind == ActorKind.Payment) _payments.Add(Of(id.Key, _codec.Decode(stored, _payment)));
            if (id.Kind != ActorKind.Customer) return;
            var state = _codec.Decode(stored, _codec.States.CustomerState);
            _members[id.Key] = new StoredMember(
                state.Member?.MemberId, state.Member?.JoinedOn, state.Member?.Points ?? 0, state.Member?.BonusChecks.Length ?? 0,
                state.Member?.BonusChecks.Sum(check => check.Points) ?? 0, state.EventsOwed.Length, state.LettersKept.Length);
        }

        public ServerBooks Close(StorageStats stats) => new(_payments, _members, stats);
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
