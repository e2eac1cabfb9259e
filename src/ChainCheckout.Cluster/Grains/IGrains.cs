using ChainCheckout.Cluster.Views;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;

namespace ChainCheckout.Cluster.Grains;

/// <summary>An actor of the chain. Its key is that of its actor id, never personal.</summary>
[Alias("chaincheckout.actor")]
public interface IActorGrain : IGrainWithStringKey
{
    [Alias("wake")]
    Task WakeAsync(bool stored);
}

[Alias("chaincheckout.till")]
public interface ITillGrain : IActorGrain
{
    /// <param name="gateway">Where this message came in, to be shown the views; null for a message of another actor.</param>
    [Alias("send")]
    ValueTask<TillReply> SendAsync(TillMessage message, IViewObserver? gateway);
}

[Alias("chaincheckout.customer")]
public interface ICustomerGrain : IActorGrain
{
    [Alias("send")]
    ValueTask<CustomerReply> SendAsync(CustomerMessage message);
}

[Alias("chaincheckout.payment")]
public interface IPaymentGrain : IActorGrain
{
    [Alias("send")]
    ValueTask<PaymentReply> SendAsync(PaymentMessage message);
}

[Alias("chaincheckout.salesunit")]
public interface ISalesUnitGrain : IActorGrain
{
    [Alias("send")]
    ValueTask<SalesUnitReply> SendAsync(SalesUnitMessage message);
}

[Alias("chaincheckout.store")]
public interface IStoreGrain : IActorGrain
{
    [Alias("send")]
    ValueTask<StoreReply> SendAsync(StoreMessage message);
}

[Alias("chaincheckout.login")]
public interface ILoginGrain : IActorGrain
{
    [Alias("send")]
    ValueTask<LoginReply> SendAsync(LoginMessage message);
}

/// <summary>The one owner of the stored wake-ups under one tag. Every silo asks it to look, so it lives as long as any silo.</summary>
[Alias("chaincheckout.wakes")]
public interface IWakesGrain : IGrainWithStringKey
{
    [Alias("beat")]
    Task BeatAsync();
}
