using System.Globalization;
using System.Net.Http.Headers;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Vipps.Support;
using ChainCheckout.Vipps.Sending;
using static ChainCheckout.Tests.Vipps.Support.Publishing;

namespace ChainCheckout.Tests.Vipps;

/// <summary>What keeps an event back for a while and says nothing of the Loyalty API: its own pauses, our own crowd.</summary>
[Collection(nameof(Timing))]
public sealed class PublishPauseTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<string, double> Pauses => new()
    {
        { "none", 1 },
        { "0 s", 1 },
        { "1 s", 1 },
        { "90 s", 90 },
        { "past", 1 },
    };

    [Theory]
    [MemberData(nameof(Pauses))]
    public async Task TooMany_PausesForASecondAtLeast(string told, double seconds)
    {
        await using var vipps = new VippsSetup();
        vipps.Stub.AnswerWith(_ =>
        {
            var answer = VippsStub.Json(429, "");
            answer.Headers.RetryAfter = told switch
            {
                "none" => null,
                "past" => new RetryConditionHeaderValue(DateTimeOffset.UnixEpoch),
                _ => new RetryConditionHeaderValue(TimeSpan.FromSeconds(double.Parse(told.Split(' ')[0], CultureInfo.InvariantCulture))),
            };
            return answer;
        });

        var later = Assert.IsType<VippsResult<bool>.Later>(await PublishAsync(vipps));

        Assert.Equal((429, TimeSpan.FromSeconds(seconds)), (later.Fault.Status, later.RetryAfter));
        Assert.False(vipps.Figures.IsAway);
    }

    [Fact]
    public async Task NoRoomInThisProcess_IsNoOutageOfTheApi_AndTheCustomerComesAgain()
    {
        await using var vipps = new VippsSetup(settings: CrowdedAt3);
        await vipps.Payments.ReadAsync(VippsSetup.Read(), default);
        var crowd = new Crowd(vipps, loyaltyStatus: 503);

        for (var i = 0; i < 4; i++) Assert.IsType<VippsResult<bool>.Unknown>(await PublishAsync(vipps));
        await crowd.GatherAsync();
        for (var i = 0; i < 6; i++)
        {
            var later = Assert.IsType<VippsResult<bool>.Later>(await PublishAsync(vipps, i));
            Assert.Equal((VippsSender.NoRoom, Second), (later.Fault.Title, later.RetryAfter));
        }

        Assert.Equal((false, 4, 0), (vipps.Figures.IsAway, vipps.Figures.Failed, vipps.Figures.ToCallBack));
        await crowd.DisperseAsync();
        vipps.Stub.AnswerWith(200, "");
        Assert.IsType<VippsResult<bool>.Ok>(await PublishAsync(vipps));
    }

    [Fact]
    public async Task Probe_ThatFindsNoRoom_LeavesTheNextToTry_AndItsCustomerIsToldWhenTheApiIsBack()
    {
        var clock = new ShiftedTime();
        await using var vipps = new VippsSetup(settings: CrowdedAt3, clock: clock);
        await vipps.Payments.ReadAsync(VippsSetup.Read(), default);
        var told = new List<string>();
        vipps.Resume = (customer, _) =>
        {
            lock (told) told.Add(customer.Text);
            return ValueTask.CompletedTask;
        };
        var crowd = new Crowd(vipps, loyaltyStatus: 403);
        await PublishAsync(vipps, 1);
        await crowd.GatherAsync();
        clock.Advance(TimeSpan.FromSeconds(6));

        var probe = Assert.IsType<VippsResult<bool>.Later>(await PublishAsync(vipps, 2));
        Assert.Equal((VippsSender.NoRoom, true, 2), (probe.Fault.Title, vipps.Figures.IsAway, vipps.Figures.ToCallBack));
        await crowd.DisperseAsync();
        vipps.Stub.AnswerWith(200, "");
        Assert.IsType<VippsResult<bool>.Ok>(await PublishAsync(vipps, 3));

        await UntilAsync(() =>
        {
            lock (told) return told.Count == 2;
        });
        Assert.Equal(["c1", "c2"], told.Order());
    }

    private static Dictionary<string, string?> CrowdedAt3 => new() { ["Vipps:CallsInFlightMax"] = "8", ["Vipps:CallTimeout"] = "00:00:30" };

    /// <summary>Check-ins that hang and take all the room that member calls may have.</summary>
    private sealed class Crowd
    {
        private readonly VippsSetup _vipps;
        private readonly TaskCompletionSource _gate = new();
        private Task[] _hanging = [];

        public Crowd(VippsSetup vipps, int loyaltyStatus)
        {
            _vipps = vipps;
            vipps.Stub.Answer = async (request, _) =>
            {
                if (request.Path.StartsWith("/loyalty", StringComparison.Ordinal)) return VippsStub.Json(loyaltyStatus, "");
                await _gate.Task;
                return VippsStub.Json(200, "");
            };
        }

        public async Task GatherAsync()
        {
            var before = _vipps.Stub.Calls.Count;
            _hanging = [.. Enumerable.Range(0, 3).Select(_ => _vipps.CheckIns.CheckInAsync(
                new CheckIn(VippsSetup.Msn, VippsSetup.Customer(), IsMember: true), default))];
            await UntilAsync(() => _vipps.Stub.Calls.Count == before + 3);
        }

        public async Task DisperseAsync()
        {
            _gate.SetResult();
            await Task.WhenAll(_hanging);
        }
    }
}
