using System.Globalization;
using ChainCheckout.Cluster.Views;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Standalone.Actors;
using Orleans;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Placement;

namespace ChainCheckout.Cluster.Grains;

/// <summary>
/// The place of an actor in the cluster. The actor itself is a mailbox around the shell, as in a server that stands alone: it takes
/// one message at a time, so the grain lets them all in.
/// </summary>
public abstract class ActorGrain(InProcessActors actors, ActorKind kind) : Grain, IActorGrain
{
    /// <summary>Calls to Vipps may take so long; what takes longer is found out by the next activation.</summary>
    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(5);

    protected InProcessActors Actors => actors;

    protected string Key => this.GetPrimaryKeyString();

    protected ActorId Id => new(kind, Key);

    public Task WakeAsync(bool stored) => actors.WakeAsync(Id, stored).AsTask();

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        actors.LeaveAsync(Id, LeaveWithin);
}

/// <remarks>It stays while its silo does, as its actor does: it alone knows who is to be shown its views.</remarks>
[GrainType("till")]
[Reentrant]
[CollectionAgeLimit(AlwaysActive = true)]
[PreferLocalPlacement]
public sealed class TillGrain(InProcessActors actors, GrainViews views) : ActorGrain(actors, ActorKind.Till), ITillGrain
{
    public async ValueTask<TillReply> SendAsync(TillMessage message, IViewObserver? gateway)
    {
        if (gateway is not null) views.Heard(Id, message, gateway);
        var reply = await Actors.SendAsync(TillId.Parse(Key), message);
        if (gateway is not null && message is TillMessage.Hello hello && reply is TillReply.Welcome welcome)
            views.Welcomed(Id, hello.Role, welcome.Session, gateway);
        return reply;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await base.OnDeactivateAsync(reason, cancellationToken);
        views.Forget(Id);
    }
}

[GrainType("customer")]
[Reentrant]
[PreferLocalPlacement]
public sealed class CustomerGrain(InProcessActors actors) : ActorGrain(actors, ActorKind.Customer), ICustomerGrain
{
    public ValueTask<CustomerReply> SendAsync(CustomerMessage message) => Actors.SendAsync(new CustomerId(Key), message);
}

[GrainType("payment")]
[Reentrant]
[PreferLocalPlacement]
public sealed class PaymentGrain(InProcessActors actors) : ActorGrain(actors, ActorKind.Payment), IPaymentGrain
{
    public ValueTask<PaymentReply> SendAsync(PaymentMessage message) => Actors.SendAsync(PaymentReference.Parse(Key), message);
}

[GrainType("salesunit")]
[Reentrant]
public sealed class SalesUnitGrain(InProcessActors actors) : ActorGrain(actors, ActorKind.SalesUnit), ISalesUnitGrain
{
    public ValueTask<SalesUnitReply> SendAsync(SalesUnitMessage message) => Actors.SendAsync(new Msn(Key), message);
}

[GrainType("store")]
[Reentrant]
public sealed class StoreGrain(InProcessActors actors) : ActorGrain(actors, ActorKind.Store), IStoreGrain
{
    public ValueTask<StoreReply> SendAsync(StoreMessage message) => Actors.SendAsync(int.Parse(Key, CultureInfo.InvariantCulture), message);
}

/// <remarks>A login lives 15 minutes at most, and its ping may come at their end.</remarks>
[GrainType("login")]
[Reentrant]
[CollectionAgeLimit(Minutes = 16)]
[PreferLocalPlacement]
public sealed class LoginGrain(InProcessActors actors) : ActorGrain(actors, ActorKind.Login), ILoginGrain
{
    public ValueTask<LoginReply> SendAsync(LoginMessage message) => Actors.SendAsync(new LoginId(Key), message);
}
