using System.Collections.Concurrent;
using ChainCheckout.Client;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Tests.EndToEnd;

namespace ChainCheckout.Tests.Wires;

/// <summary>
/// One customer's whole visit by one till: scanned, asked to join, paid, a part given back. The till is the product's
/// own, with short waits.
/// </summary>
internal sealed class Journey(Shop shop, int number, string phone) : ITillObserver
{
    public const long PaidMinor = 20_000;
    public const long RefundedMinor = 5_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentBag<ReceiptPayload> _receipts = [];

    public string Phone => phone;

    public string SaleId { get; } = $"wire-{number}";

    public string? Reference { get; private set; }

    /// <summary>Every receipt of this sale that the till was shown.</summary>
    public IEnumerable<ReceiptPayload> Receipts => _receipts;

    public async Task RunAsync(int tillNumber, CutWire wire)
    {
        var identity = new TillIdentity(1, tillNumber, TillRoles.Pos, shop.SecretOf(tillNumber));
        var options = new ChainCheckout.Client.TillOptions
        {
            Observer = this, BackoffMin = TimeSpan.FromMilliseconds(2), BackoffMax = TimeSpan.FromMilliseconds(40),
        };
        await using var till = new Till(identity, [wire.EndPoint], options, TimeProvider.System, new Random(number));
        await till.StartAsync().WaitAsync(Patience);

        await DoneAsync(till, new TillCommand.Scan(shop.Vipps.World.MintQr(phone), SaleId));
        await SeesAsync(till, view => view.Customer?.Membership == Memberships.None);
        await DoneAsync(till, new TillCommand.Enrol(SaleId));
        await SeesAsync(till, view => view.Enrolment?.Stage == "joined");
        Reference = (await DoneAsync(till, new TillCommand.Pay(SaleId, PaidMinor, "NOK"))).Reference;
        await SeesAsync(till, view => view.Stage == "paid");
        await DoneAsync(till, new TillCommand.Refund(Reference!, RefundedMinor, "NOK", "Kari", "broken"));
        await SeesAsync(till, view => view.Refund is { Stage: "refunded" } refund && refund.Reference == Reference);
    }

    void ITillObserver.OnView(Till till, ViewPayload view, long receivedAt)
    {
        if (view.Receipt is { } receipt && receipt.SaleId == SaleId) _receipts.Add(receipt);
    }

    private async Task<Reply> DoneAsync(Till till, TillCommand command)
    {
        var reply = Assert.IsType<TillReply.Answered>(await till.SendAsync(command).WaitAsync(Patience)).Reply;
        Assert.True(reply.Status == ReplyStatus.Done, $"{SaleId}: {command} was refused: {reply.Code} {reply.Field}");
        return reply;
    }

    private async Task SeesAsync(Till till, Func<ViewPayload, bool> what)
    {
        try
        {
            await till.WhenAsync(view => view.SaleId == SaleId && what(view)).WaitAsync(Patience);
        }
        catch (TimeoutException never)
        {
            var view = till.View;
            throw new TimeoutException(
                $"{SaleId}: the till still shows {view?.SaleId} {view?.Stage} / {view?.Code} / {view?.Enrolment?.Stage} {view?.Enrolment?.Code}.", never);
        }
    }
}
