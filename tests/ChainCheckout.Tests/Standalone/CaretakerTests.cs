using System.Collections.Immutable;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Standalone;
using ChainCheckout.Standalone.Actors;
using ChainCheckout.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCheckout.Tests.Standalone;

[Collection(nameof(Timing))]
public sealed class CaretakerTests
{
    [Fact]
    public async Task AtAStart_EveryActorThatOwesIsWokenHoweverManyThereAre()
    {
        const int Many = WakeRound.AtOnce + 150;
        await using var shop = await Shop.OpenAsync();
        var storage = new Owing(Many);

        await WakesOf(shop, storage).BeginAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(15));

        Assert.Equal(Many, storage.Listed);
    }

    [Fact]
    public async Task AStorageThatFailsAtTheStart_IsAskedAgain()
    {
        await using var shop = await Shop.OpenAsync();
        var storage = new Owing(0, failures: 2);
        var caretaker = new Caretaker(
            shop.Services.GetRequiredService<InProcessActors>(), WakesOf(shop, storage), new StandaloneOptions(), TimeProvider.System,
            NullLogger<Caretaker>.Instance);
        using var stop = new CancellationTokenSource();

        var running = caretaker.RunAsync(stop.Token);
        await Shop.UntilAsync(() => storage.Asked > 3, "wake-ups are asked for again");
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    /// <summary>As an actor does that is just moving to another silo: it has waited for its time, and should not wait seconds more.</summary>
    [Fact]
    public async Task AnActorThatRefusesOnce_IsWokenInTheSameRound()
    {
        var (actors, storage) = (new RefusingOnce(), new Owing(1));
        var round = new WakeRound(actors, storage, TimeProvider.System, NullLogger<WakeRound>.Instance);

        await round.ServeAsync(await storage.DueAsync(DateTimeOffset.MaxValue, 1, CancellationToken.None), CancellationToken.None);

        Assert.Equal(2, actors.Asked);
        Assert.Equal(0, storage.Settled);
    }

    private static StoredWakes WakesOf(Shop shop, IActorStorage storage) => new(
        storage,
        new WakeRound(shop.Services.GetRequiredService<IActors>(), storage, TimeProvider.System, NullLogger<WakeRound>.Instance),
        TimeProvider.System);

    /// <summary>Actors that go on owing, far ahead: being woken does not take them off the list.</summary>
    private sealed class Owing(int count, int failures = 0) : IActorStorage
    {
        private readonly ImmutableArray<DueActor> _due =
        [
            .. Enumerable.Range(1, count).Select(n => new DueActor(
                new ActorId(ActorKind.Store, $"{n}"), new StoredVersion(1, 1), DateTimeOffset.UnixEpoch.AddYears(100).AddSeconds(n))),
        ];

        private int _failures = failures;

        public int Listed { get; private set; }

        public int Asked { get; private set; }

        public int Settled { get; private set; }

        public ValueTask<IReadOnlyList<DueActor>> DueAsync(DateTimeOffset now, int max, CancellationToken cancellation)
        {
            Asked++;
            if (_failures-- > 0) throw new IOException("The disk is away.");
            var due = _due.Where(one => one.WakeAt <= now).Take(max).ToList();
            Listed = Math.Max(Listed, due.Count);
            return new(due);
        }

        public ValueTask<StoredActor?> LoadAsync(ActorId id, CancellationToken cancellation) => new((StoredActor?)null);

        public ValueTask SaveAsync(ActorSave save, CancellationToken cancellation) => default;

        public ValueTask SettleWakeAsync(ActorId id, StoredVersion version, DateTimeOffset? wakeAt, CancellationToken cancellation)
        {
            Settled++;
            return default;
        }

        public ValueTask<IReadOnlyList<FlaggedActor>> FlaggedAsync(ActorFlags any, int max, ActorId? after, CancellationToken cancellation) => new([]);

        public ValueTask<int> ForgetAsync(DateTimeOffset now, int max, CancellationToken cancellation) => new(0);

        public async IAsyncEnumerable<(ActorId Id, StoredActor Stored)> ReadAllAsync(
            ActorKind kind, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.CompletedTask;
            yield break;
        }
    }

    private sealed class RefusingOnce : IActors
    {
        public int Asked { get; private set; }

        public ValueTask WakeAsync(ActorId id, bool stored, CancellationToken cancellation) =>
            ++Asked == 1 ? throw new IOException("It moves.") : default;

        public ValueTask<TillReply> SendAsync(TillId till, TillMessage message, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<CustomerReply> SendAsync(CustomerId customer, CustomerMessage message, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<PaymentReply> SendAsync(PaymentReference payment, PaymentMessage message, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<SalesUnitReply> SendAsync(Msn salesUnit, SalesUnitMessage message, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<StoreReply> SendAsync(int store, StoreMessage message, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<LoginReply> SendAsync(LoginId login, LoginMessage message, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
