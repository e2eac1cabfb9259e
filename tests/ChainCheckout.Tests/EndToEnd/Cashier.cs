using ChainCheckout.Client;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Tests.EndToEnd;

/// <summary>A cashier's moves, each waited for.</summary>
internal static class Cashier
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static async Task<ViewPayload> SeesAsync(this Till till, Func<ViewPayload, bool> what)
    {
        try
        {
            return await till.WhenAsync(what).WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The till still shows {till.View?.Stage} / {till.View?.Code} / refund {till.View?.Refund?.Stage} {till.View?.Refund?.Code}.");
            throw;
        }
    }

    public static Task<ViewPayload> SeesAsync(this Till till, string stage, string? code = null) =>
        till.SeesAsync(view => view.Stage == stage && (code is null || view.Code == code));

    public static async Task<Reply> DoesAsync(this Till till, TillCommand command)
    {
        var reply = await till.SendAsync(command).WaitAsync(Patience);
        return Assert.IsType<TillReply.Answered>(reply).Reply;
    }

    /// <summary>Does it, and it must be done.</summary>
    public static async Task<Reply> GetsDoneAsync(this Till till, TillCommand command)
    {
        var reply = await till.DoesAsync(command);
        Assert.True(reply.Status == ReplyStatus.Done, $"{command} was refused: {reply.Code} {reply.Field}");
        return reply;
    }

    /// <summary>Does it, and it must be refused for this reason.</summary>
    public static async Task IsRefusedAsync(this Till till, TillCommand command, string code, string? field = null)
    {
        var reply = await till.DoesAsync(command);
        Assert.Equal((ReplyStatus.Refused, code, field), (reply.Status, reply.Code, reply.Field));
    }

    /// <summary>Identifies the customer and asks for the payment; gives its reference.</summary>
    public static async Task<string> AsksForPaymentAsync(
        this Till till, IShop shop, string saleId, long amountMinor = 20_000, string customer = ShopSettings.Customer, string currency = "NOK")
    {
        await till.GetsDoneAsync(new TillCommand.Scan(shop.Vipps.World.MintQr(customer), saleId));
        await till.SeesAsync("ready");
        return (await till.GetsDoneAsync(new TillCommand.Pay(saleId, amountMinor, currency))).Reference!;
    }

    public static async Task<string> SellsAsync(this Till till, IShop shop, string saleId, long amountMinor = 20_000, string customer = ShopSettings.Customer)
    {
        var reference = await till.AsksForPaymentAsync(shop, saleId, amountMinor, customer);
        await till.SeesAsync(view => view.Stage == "paid" && view.SaleId == saleId);
        return reference;
    }
}
