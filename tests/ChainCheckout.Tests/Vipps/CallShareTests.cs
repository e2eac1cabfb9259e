using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Vipps.Support;
using ChainCheckout.Vipps.Options;
using ChainCheckout.Vipps.Resilience;

namespace ChainCheckout.Tests.Vipps;

/// <summary>What each kind of call may take of the calls under way.</summary>
[Collection(nameof(Timing))]
public sealed class CallShareTests
{
    private static readonly Dictionary<string, Func<VippsSetup, Task>> MemberCalls = new()
    {
        ["check-in"] = vipps => vipps.CheckIns.CheckInAsync(new CheckIn(VippsSetup.Msn, VippsSetup.Customer(), IsMember: true), default),
        ["user-exists"] = vipps => vipps.Logins.UserExistsAsync(VippsSetup.Msn, VippsSetup.Customer(), default),
        ["login"] = vipps => LoginTests.RequestAsync(vipps),
        ["login's token"] = vipps => vipps.Logins.ExchangeAsync(VippsSetup.Msn, new Secret("r"), default),
        ["userinfo"] = vipps => vipps.Logins.UserInfoAsync(VippsSetup.Msn, new Secret("t"), default),
        ["loyalty"] = vipps => Publishing.PublishAsync(vipps),
    };

    public static TheoryData<string> Members => [.. MemberCalls.Keys];

    [Theory]
    [InlineData(8, 3, 6)]
    [InlineData(256, 96, 192)]
    [InlineData(10, 3, 7)]
    [InlineData(2, 1, 1)]
    public async Task Shares_AreThreeEighthsForMembers_ThreeQuartersWithPolls_AndAllForSales(int max, int members, int yielding)
    {
        using var calls = new CallsInFlight(new VippsOptions { CallsInFlightMax = max });

        Assert.Equal(members, (await EnterAllAsync(calls, CallShare.Member, max)).Count);
        Assert.Equal(yielding - members, (await EnterAllAsync(calls, CallShare.Poll, max)).Count);
        Assert.Equal(max - yielding, (await EnterAllAsync(calls, CallShare.Sale, max - yielding)).Count);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await calls.EnterAsync(CallShare.Sale, soon.Token));
    }

    [Fact]
    public async Task Places_ThatAreGivenBack_AreTakenAnew_ByWhateverKind()
    {
        using var calls = new CallsInFlight(new VippsOptions { CallsInFlightMax = 8 });

        for (var round = 0; round < 3; round++)
        {
            var polls = await EnterAllAsync(calls, CallShare.Poll, 8);
            Assert.Equal(6, polls.Count);
            Assert.Null(await calls.EnterAsync(CallShare.Member, default));
            polls.ForEach(poll => poll.Dispose());
            var members = await EnterAllAsync(calls, CallShare.Member, 8);
            Assert.Equal(3, members.Count);
            members.ForEach(member => member.Dispose());
        }
    }

    [Fact]
    public async Task CallThatYields_LeavesNoTrace_WhereSalesHaveTakenEveryPlace()
    {
        using var calls = new CallsInFlight(new VippsOptions { CallsInFlightMax = 4 });
        var sales = await EnterAllAsync(calls, CallShare.Sale, 4);

        for (var i = 0; i < 10; i++)
        {
            Assert.Null(await calls.EnterAsync(CallShare.Poll, default));
            Assert.Null(await calls.EnterAsync(CallShare.Member, default));
        }

        sales.ForEach(sale => sale.Dispose());
        Assert.Single(await EnterAllAsync(calls, CallShare.Member, 4));
        Assert.Equal(2, (await EnterAllAsync(calls, CallShare.Poll, 4)).Count);
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task MemberCalls_ThatHang_LeaveRoomForPollsAndCaptures(string kind)
    {
        await using var vipps = new VippsSetup(settings: new() { ["Vipps:CallsInFlightMax"] = "8" });
        await vipps.Payments.ReadAsync(VippsSetup.Read(), default); // So that a token and the document are at hand.
        await LoginTests.RequestAsync(vipps);
        var before = vipps.Stub.Calls.Count;
        var gate = new TaskCompletionSource();
        vipps.Stub.Answer = async (request, _) =>
        {
            if (!request.Path.StartsWith("/epayment", StringComparison.Ordinal)) await gate.Task;
            return VippsStub.Json(200, VippsSetup.Payment());
        };

        var hanging = Enumerable.Range(0, 12).Select(_ => MemberCalls[kind](vipps)).ToArray();
        await Publishing.UntilAsync(() => vipps.Stub.Calls.Count >= before + 3);
        var poll = await vipps.Payments.ReadAsync(VippsSetup.Read(poll: true), default);
        var capture = await vipps.Payments.CaptureAsync(VippsSetup.Change(), default);
        var members = vipps.Stub.Calls.Skip(before).Count(call => !call.Path.StartsWith("/epayment", StringComparison.Ordinal));
        gate.SetResult();
        await Task.WhenAll(hanging);

        Assert.Equal(3, members);
        Assert.IsType<VippsResult<PaymentRead?>.Ok>(poll);
        Assert.IsType<VippsResult<PaymentRead>.Ok>(capture);
    }

    private static async Task<List<IDisposable>> EnterAllAsync(CallsInFlight calls, CallShare share, int tries)
    {
        var places = new List<IDisposable>();
        for (var i = 0; i < tries; i++)
        {
            if (await calls.EnterAsync(share, default) is { } place) places.Add(place);
        }

        return places;
    }
}
