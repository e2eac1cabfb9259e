using System.Net.Http.Headers;
using ChainCheckout.Core.Ports;
using ChainCheckout.Tests.Vipps.Support;

namespace ChainCheckout.Tests.Vipps;

[Collection(nameof(Timing))]
public sealed class DiscoveryTests
{
    private const string Sent = """{"auth_req_id":"r"}""";

    [Fact]
    public async Task Document_IsFetchedOnceForAllWhoWantIt_AndNamesNobody()
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, Sent);
        var gate = new TaskCompletionSource();
        vipps.Stub.Discovery = async _ =>
        {
            await gate.Task;
            return VippsStub.Json(200, VippsStub.DiscoveryAnswer());
        };

        var logins = Enumerable.Range(0, 20).Select(_ => LoginTests.RequestAsync(vipps)).ToArray();
        gate.SetResult();

        Assert.All(await Task.WhenAll(logins), login => Assert.IsType<VippsResult<LoginRequested>.Ok>(login));
        var call = Assert.Single(vipps.Stub.DiscoveryCalls);
        Assert.Equal("GET", call.Method);
        Assert.Equal(["Accept"], call.Headers.Keys);
        Assert.Equal(1, vipps.Calls.Snapshot()["login.discover.ok"]);
    }

    [Theory]
    [InlineData(null, 3_600)]
    [InlineData(120, 120)]
    [InlineData(0, 60)]
    [InlineData(172_800, 86_400)]
    public async Task Document_IsKeptAsLongAsItSays_WithinBounds(int? maxAge, int seconds)
    {
        var (clock, life) = (new ShiftedTime(), TimeSpan.FromSeconds(seconds));
        await using var vipps = new VippsSetup(clock: clock);
        vipps.Stub.AnswerWith(200, Sent);
        vipps.Stub.Discovery = _ => Task.FromResult(Document(maxAge));
        await LoginTests.RequestAsync(vipps);
        Assert.Contains($"kept for {life}", Assert.Single(vipps.Log.All, line => line.Id.Id == 3030).Text, StringComparison.Ordinal);

        clock.Advance(life - TimeSpan.FromSeconds(20));
        await LoginTests.RequestAsync(vipps);
        await Task.Delay(100); // A fetch that nobody waits for would have begun.
        Assert.Single(vipps.Stub.DiscoveryCalls);

        clock.Advance(TimeSpan.FromSeconds(21));
        await LoginTests.RequestAsync(vipps);
        await EventuallyAsync(() => vipps.Stub.DiscoveryCalls.Count == 2);
        Assert.Equal(2, vipps.Stub.DiscoveryCalls.Count);
    }

    [Fact]
    public async Task OldDocument_ServesWhileANewOneCannotBeHad_AndNobodyWaitsForIt()
    {
        var clock = new ShiftedTime();
        await using var vipps = new VippsSetup(clock: clock);
        vipps.Stub.AnswerWith(200, Sent);
        await LoginTests.RequestAsync(vipps);
        var never = new TaskCompletionSource<HttpResponseMessage>();
        vipps.Stub.Discovery = number => number == 2 ? never.Task : Task.FromResult(VippsStub.Json(503, ""));

        clock.Advance(TimeSpan.FromHours(2));
        var hanging = await LoginTests.RequestAsync(vipps).WaitAsync(TimeSpan.FromSeconds(5));
        never.SetResult(VippsStub.Json(200, "<html>"));
        await EventuallyAsync(() => vipps.Log.All.Any(line => line.Id.Id == 3031));
        clock.Advance(TimeSpan.FromMinutes(1));
        var failing = await LoginTests.RequestAsync(vipps);

        Assert.IsType<VippsResult<LoginRequested>.Ok>(hanging);
        Assert.IsType<VippsResult<LoginRequested>.Ok>(failing);
    }

    [Fact]
    public async Task NoDocument_IsLater_AndIsNotAskedForAgainByEveryLogin()
    {
        var clock = new ShiftedTime();
        await using var vipps = new VippsSetup(clock: clock);
        vipps.Stub.AnswerWith(200, Sent);
        vipps.Stub.Discovery = _ => Task.FromResult(VippsStub.Json(500, ""));

        for (var i = 0; i < 3; i++)
        {
            var later = Assert.IsType<VippsResult<LoginRequested>.Later>(await LoginTests.RequestAsync(vipps));
            Assert.Equal(0, later.Fault.Status);
            Assert.InRange(later.RetryAfter!.Value.TotalSeconds, 0.001, 1);
        }

        Assert.Single(vipps.Stub.DiscoveryCalls);
        Assert.Empty(vipps.Stub.Calls);
        vipps.Stub.Discovery = _ => Task.FromResult(Document(null));
        clock.Advance(TimeSpan.FromSeconds(1.1));
        Assert.IsType<VippsResult<LoginRequested>.Ok>(await LoginTests.RequestAsync(vipps));
    }

    [Theory]
    [InlineData("http://vipps.test")]
    [InlineData("http://127.0.0.1")]
    [InlineData("ftp://vipps.test")]
    [InlineData("https://user:pass@vipps.test")]
    [InlineData("/relative")]
    public async Task Endpoint_ThatKeysMustNotGoTo_IsRefused(string host)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(200, Sent);
        vipps.Stub.Discovery = _ => Task.FromResult(VippsStub.Json(200, VippsStub.DiscoveryAnswer(host)));

        Assert.IsType<VippsResult<LoginRequested>.Later>(await LoginTests.RequestAsync(vipps));
        Assert.Empty(vipps.Stub.Calls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"token_endpoint":"https://vipps.test/t","userinfo_endpoint":"https://vipps.test/u"}""")]
    [InlineData("""{"token_endpoint":"\ud800"}""")]
    public async Task Document_WithoutItsEndpoints_IsNone(string body)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.Discovery = _ => Task.FromResult(VippsStub.Json(200, body));

        Assert.IsType<VippsResult<LoginRequested>.Later>(await LoginTests.RequestAsync(vipps));
    }

    private static HttpResponseMessage Document(int? maxAge)
    {
        var answer = VippsStub.Json(200, VippsStub.DiscoveryAnswer());
        if (maxAge is { } seconds)
            answer.Headers.CacheControl = new CacheControlHeaderValue { MaxAge = TimeSpan.FromSeconds(seconds) };
        return answer;
    }

    private static async Task EventuallyAsync(Func<bool> holds)
    {
        for (var i = 0; i < 200 && !holds(); i++) await Task.Delay(10);
    }
}
