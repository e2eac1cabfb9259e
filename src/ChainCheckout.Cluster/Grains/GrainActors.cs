using System.Globalization;
using ChainCheckout.Cluster.Views;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;

namespace ChainCheckout.Cluster.Grains;

/// <summary>How a message reaches an actor anywhere in the cluster: a grain call. One that throws has an unknown outcome.</summary>
public sealed class GrainActors(IGrainFactory grains, GatewayViews views) : IActors
{
    public ValueTask<TillReply> SendAsync(TillId till, TillMessage message, CancellationToken cancellation = default) =>
        Within(Till(till.ToString()).SendAsync(message, ComesFromGateway(message) ? views.Self : null), cancellation);

    public ValueTask<CustomerReply> SendAsync(CustomerId customer, CustomerMessage message, CancellationToken cancellation = default) =>
        Within(grains.GetGrain<ICustomerGrain>(customer.ToString()).SendAsync(message), cancellation);

    public ValueTask<PaymentReply> SendAsync(PaymentReference payment, PaymentMessage message, CancellationToken cancellation = default) =>
        Within(grains.GetGrain<IPaymentGrain>(payment.ToString()).SendAsync(message), cancellation);

    public ValueTask<SalesUnitReply> SendAsync(Msn salesUnit, SalesUnitMessage message, CancellationToken cancellation = default) =>
        Within(grains.GetGrain<ISalesUnitGrain>(salesUnit.ToString()).SendAsync(message), cancellation);

    public ValueTask<StoreReply> SendAsync(int store, StoreMessage message, CancellationToken cancellation = default) =>
        Within(grains.GetGrain<IStoreGrain>(store.ToString("D4", CultureInfo.InvariantCulture)).SendAsync(message), cancellation);

    public ValueTask<LoginReply> SendAsync(LoginId login, LoginMessage message, CancellationToken cancellation = default) =>
        Within(grains.GetGrain<ILoginGrain>(login.ToString()).SendAsync(message), cancellation);

    public async ValueTask WakeAsync(ActorId id, bool stored, CancellationToken cancellation = default)
    {
        IActorGrain grain = id.Kind switch
        {
            ActorKind.Till => Till(id.Key),
            ActorKind.Customer => grains.GetGrain<ICustomerGrain>(id.Key),
            ActorKind.Payment => grains.GetGrain<IPaymentGrain>(id.Key),
            ActorKind.SalesUnit => grains.GetGrain<ISalesUnitGrain>(id.Key),
            ActorKind.Store => grains.GetGrain<IStoreGrain>(id.Key),
            ActorKind.Login => grains.GetGrain<ILoginGrain>(id.Key),
            _ => throw new System.Diagnostics.UnreachableException($"No grain for {id.Kind}."),
        };
        try
        {
            await grain.WakeAsync(stored).WaitAsync(cancellation);
        }
        catch (OrleansException failure)
        {
            throw Known(failure);
        }
    }

    /// <summary>Orleans tells of a silo that does not answer with pages; the first line is what an operator can use.</summary>
    internal static Exception Known(Exception failure) => failure is OrleansException ? new ActorOutOfReachException(failure.ToLine()) : failure;

    private ITillGrain Till(string key) => grains.GetGrain<ITillGrain>(key);

    private static bool ComesFromGateway(TillMessage message) =>
        message is TillMessage.Hello or TillMessage.Command or TillMessage.Watch or TillMessage.Gone;

    private static async ValueTask<T> Within<T>(ValueTask<T> call, CancellationToken cancellation)
    {
        try
        {
            return await (cancellation.CanBeCanceled ? new ValueTask<T>(call.AsTask().WaitAsync(cancellation)) : call);
        }
        catch (OrleansException failure)
        {
            throw Known(failure);
        }
    }
}
