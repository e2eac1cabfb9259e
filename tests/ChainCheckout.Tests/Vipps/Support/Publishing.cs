using System.Globalization;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;

namespace ChainCheckout.Tests.Vipps.Support;

/// <summary>What the tests of the publisher have in common.</summary>
internal static class Publishing
{
    public static Task<VippsResult<bool>> PublishAsync(
        VippsSetup vipps, int customer = 1, CancellationToken cancellation = default) => vipps.Loyalty.PublishAsync(
        new CustomerId("c" + customer.ToString(CultureInfo.InvariantCulture)),
        new LoyaltyEvent(
            VippsSetup.Msn, "evt-1", DateTimeOffset.UnixEpoch, "m-1", VippsSetup.Customer(),
            new LoyaltyContent.MemberDeleted()),
        cancellation);

    public static HttpResponseMessage TooMany(int seconds)
    {
        var answer = VippsStub.Json(429, "");
        answer.Headers.Add("Retry-After", seconds.ToString(CultureInfo.InvariantCulture));
        return answer;
    }

    public static async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; i < 1_000; i++)
        {
            if (holds()) return;
            await Task.Delay(10);
        }

        Assert.Fail("it never came to that");
    }
}
