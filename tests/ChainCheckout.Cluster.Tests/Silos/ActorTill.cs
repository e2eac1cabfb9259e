using ChainCheckout.Cluster.Grains;
using ChainCheckout.Cluster.Views;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.EndToEnd;

namespace ChainCheckout.Cluster.Tests.Silos;

/// <summary>A till as its gateway speaks for it: the session, the numbers, and every command repeated until it is answered.</summary>
internal sealed class ActorTill(StoreProfile profile, Func<TillMessage, ValueTask<TillReply>> send)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private uint _session, _epoch, _number;

    public TillView? View { get; private set; }

    public static ActorTill At(SiloCluster shop, IActors gateway, int till) =>
        new(shop.Profile, message => gateway.SendAsync(new TillId(1, till), message));

    /// <summary>Through a gateway of the test's own, which is shown the views.</summary>
    public static ActorTill At(SiloCluster shop, IGrainFactory grains, IViewObserver gateway, int till) =>
        new(shop.Profile, message => grains.GetGrain<ITillGrain>(new TillId(1, till).ToString()).SendAsync(message, gateway));

    /// <summary>The same till, connected elsewhere.</summary>
    public ActorTill MovedTo(Func<TillMessage, ValueTask<TillReply>> gateway) => new(profile, gateway) { _epoch = _epoch, _number = _number };

    public ActorTill MovedTo(IActors gateway, int till) => MovedTo(message => gateway.SendAsync(new TillId(1, till), message));

    public async Task<TillReply.Welcome> HelloAsync()
    {
        var welcome = Assert.IsType<TillReply.Welcome>(await RepeatedlyAsync(new TillMessage.Hello(TillRole.Pos, _epoch, _number, profile)));
        (_session, _epoch, _number, View) = (welcome.Session, welcome.Epoch, welcome.LastApplied, welcome.View);
        return welcome;
    }

    public async Task<TillAnswer> DoesAsync(TillCommand command)
    {
        var message = new TillMessage.Command(TillRole.Pos, _session, _number + 1, command.ToString(), "0123456789", command);
        var answer = Assert.IsType<TillReply.Answer>(await RepeatedlyAsync(message)).Reply;
        Assert.True(answer.Done, $"{command} was refused: {answer.Code} {answer.Field}");
        _number++;
        return answer;
    }

    /// <summary>Asks for newer views until it is shown this.</summary>
    public async Task<TillView> SeesAsync(string stage)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); View?.Stage != stage; await Task.Delay(50))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Patience, $"The till still shows {View?.Stage} {View?.Code}, not {stage}.");
            var reply = await RepeatedlyAsync(new TillMessage.Watch(TillRole.Pos, _session, View?.Version ?? 0));
            View = Assert.IsType<TillReply.Watched>(reply).Newer ?? View;
        }

        return View!;
    }

    /// <summary>Identifies the customer and asks for the payment; gives its reference.</summary>
    public async Task<string> AsksForPaymentAsync(IShop shop, string saleId, string customer = ShopSettings.Customer)
    {
        await DoesAsync(new TillCommand.Scan(shop.Vipps.World.MintQr(customer), saleId));
        await SeesAsync("ready");
        return (await DoesAsync(new TillCommand.Pay(saleId, 20_000, "NOK", [], HasCoupons: false, MinimumAge: null))).Reference!.Value.ToString();
    }

    public async Task<string> SellsAsync(IShop shop, string saleId)
    {
        var reference = await AsksForPaymentAsync(shop, saleId);
        await SeesAsync("paid");
        return reference;
    }

    /// <summary>No answer is an unknown outcome: the same message again, until there is one.</summary>
    private async Task<TillReply> RepeatedlyAsync(TillMessage message)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); ;)
        {
            try
            {
                return await send(message);
            }
            catch (Exception unknown)
            {
                if (TimeProvider.System.GetElapsedTime(begun) > Patience) Assert.Fail($"No answer to {message.GetType().Name}: {unknown}");
                await Task.Delay(200);
            }
        }
    }
}
