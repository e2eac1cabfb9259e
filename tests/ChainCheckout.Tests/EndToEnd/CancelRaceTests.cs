using ChainCheckout.Protocol.Commands;
using ChainCheckout.Simulator.Customers;

namespace ChainCheckout.Tests.EndToEnd;

public sealed class CancelRaceTests(ShopFixture fixture) : IClassFixture<ShopFixture>
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task ACancelThatRacesWithTheApproval_EndsEitherPaidOrCancelled_NeverBoth()
    {
        const int Races = 32;
        var ends = await Task.WhenAll(Enumerable.Range(1, Races).Select(till => RaceAsync(till, TimeSpan.FromMilliseconds((till - 10) * 60))));

        // Both sides must have won at times, or nothing has raced.
        Assert.Contains("paid", ends);
        Assert.Contains("ready", ends);
    }

    /// <param name="lead">How long the approval comes before the cancel; negative: after it.</param>
    private async Task<string> RaceAsync(int number, TimeSpan lead)
    {
        var customer = $"47912346{number:00}";
        _shop.Vipps.World.Tell(customer, CustomerAnswer.Manual);
        var till = await _shop.TillAsync(number);
        var reference = await till.AsksForPaymentAsync(_shop, "race", customer: customer);
        await till.SeesAsync("paying", "WaitingForCustomer");

        var approval = AfterAsync(lead < TimeSpan.Zero ? -lead : TimeSpan.Zero, () => _shop.Vipps.World.Approve(Shop.Msn, reference));
        await Task.Delay(lead > TimeSpan.Zero ? lead : TimeSpan.Zero);
        await till.DoesAsync(new TillCommand.Cancel("race"));
        await approval;
        var end = await till.SeesAsync(view => view.Stage is "paid" or "ready");

        var atVipps = _shop.AtVipps(reference)!;
        if (end.Stage == "paid")
        {
            Assert.Equal((20_000L, 0L, 0L), (atVipps.CapturedMinor, atVipps.RefundedMinor, atVipps.CancelledMinor));
            Assert.Single(_shop.Ledger(reference, "captured"));
        }
        else
        {
            Assert.Equal("PaymentCancelled", end.Code);
            Assert.Equal((0L, 0L), (atVipps.CapturedMinor, atVipps.OpenMinor));
            Assert.Empty(_shop.Ledger(reference, "captured"));
        }

        return end.Stage;
    }

    private static async Task AfterAsync(TimeSpan wait, Func<bool> act)
    {
        await Task.Delay(wait);
        act();
    }
}
