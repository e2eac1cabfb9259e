using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Simulator;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Login;
using ChainCheckout.Tests.Gateway;

namespace ChainCheckout.Tests.EndToEnd;

/// <summary>What becomes of a membership, over TCP and HTTP: its checks, its ends, and what Vipps asks for. Simulated time runs fast.</summary>
[Collection(nameof(Timing))]
public sealed class ClubTests(ClubTests.FastClub fixture) : IClassFixture<ClubTests.FastClub>
{
    private readonly Shop _shop = fixture.Shop;

    public sealed class FastClub : ShopFixture
    {
        private protected override SimulatorOptions Simulator => new() { TimeFactor = 8 };

        private protected override void Change(JsonObject settings)
        {
            EnrolmentTests.MakeAClub(settings);
            settings["Vipps"]!["Loyalty"]!["SendBonusChecks"] = true;
            settings["Vipps"]!["Loyalty"]!["SeedingWebhook"] = true;
            settings["Loyalty"]!["BonusCheck"] = new JsonObject
            {
                ["Points"] = 150, ["AmountMinor"] = 5_000, ["Currency"] = "NOK", ["Heading"] = "Bonus",
            };
            settings["Timing"]!["LoginExpiry"] = "00:01:00";
        }
    }

    [Fact]
    public async Task EnoughPoints_BecomeACheck_AndARefundTakesItBack()
    {
        var phone = "4791250001";
        var till = await _shop.TillAsync(1);
        await _shop.ImportAsync(phone, "m-1");
        var reference = await till.AsksForPaymentAsync(_shop, "check-1", customer: phone);
        await till.SeesAsync("paid");
        await Shop.UntilAsync(() => _shop.EventsOf(phone).Any(line => line.EventId == $"{reference}-p"), "Vipps is told");

        await till.GetsDoneAsync(new TillCommand.Refund(reference, 10_000, "NOK", "Kari", "broken"));
        await Shop.UntilAsync(() => _shop.EventsOf(phone).Any(line => line.EventId == $"{reference}-p10000"), "Vipps is told of the refund");

        var balances = _shop.EventsOf(phone).Where(line => line.Event == "benefits.member.updated").Select(line => line.Balance);
        Assert.Equal([50L, 100L], balances);
        Assert.Equal(
            ["benefits.bonusCheck.created", "benefits.bonusCheck.deleted"],
            _shop.EventsOf(phone).Select(line => line.Event!).Where(name => name.Contains("bonusCheck", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ALoginThatNobodyAnswers_Expires_WithoutAPing()
    {
        var phone = "4791250011";
        var till = await _shop.TillAsync(2);
        _shop.Vipps.World.TellLogin(phone, new LoginScript(LoginAnswer.Ignore));

        await till.EnrolsAsync(_shop, phone);
        var ended = await till.WhenAsync(view => view.Enrolment is { Stage: not ("asking" or "waiting") }).WaitAsync(Members.Soon);

        Assert.Equal(("expired", "EnrolExpired"), (ended.Enrolment!.Stage, ended.Enrolment.Code));
        await till.GetsDoneAsync(new TillCommand.Close());
    }

    [Fact]
    public async Task AnApprovalWhosePingIsLost_IsFoundByPolling()
    {
        var phone = "4791250021";
        var till = await _shop.TillAsync(3);
        _shop.Vipps.World.LoginPings = LoginPings.None;
        _shop.Vipps.World.TellLogin(phone, new LoginScript(LoginAnswer.Accept, TimeSpan.FromSeconds(10)));

        await till.EnrolsAsync(_shop, phone);
        await till.WhenAsync(view => view.Enrolment?.Stage == "joined").WaitAsync(Members.Soon);

        _shop.Vipps.World.LoginPings = LoginPings.Usual;
        await till.GetsDoneAsync(new TillCommand.Close());
    }

    [Fact]
    public async Task ErasedWhileAsked_TheTillForgetsThem_AndAnotherLoginIsOneTooMany()
    {
        var phone = "4791250031";
        var till = await _shop.TillAsync(4);
        using var admin = _shop.Admin();
        _shop.Vipps.World.TellLogin(phone, new LoginScript(LoginAnswer.Manual));
        await till.EnrolsAsync(_shop, phone);
        await till.WhenAsync(view => view.Enrolment?.Stage == "waiting").WaitAsync(Members.Soon);

        Assert.Equal("erased", await AdminAsync(admin, "erase", new { phone }));
        await till.WhenAsync(view => view.Customer is null).WaitAsync(Members.Soon);
        await till.EnrolsAsync(_shop, phone);
        var tooMany = await till.WhenAsync(view => view.Enrolment is { Stage: not ("asking" or "waiting") }).WaitAsync(Members.Soon);

        Assert.Equal("EnrolTooMany", tooMany.Enrolment!.Code);
        await till.GetsDoneAsync(new TillCommand.Close());
    }

    [Fact]
    public async Task AMemberWhomVippsDoesNotKnow_IsToldWhole_WhenAnOperatorOrVippsAsks()
    {
        var phone = "4791250041";
        using var admin = _shop.Admin();
        await _shop.ImportAsync(phone, "m-41", points: 40);

        Assert.Equal("published", await AdminAsync(admin, "publish", new { phone, isNew = false }));
        Assert.Equal("NotAMember", await AdminAsync(admin, "publish", new { phone = "4791250049", isNew = false }));
        await Shop.UntilAsync(() => _shop.EventsOf(phone).Any(line => line.Event == "benefits.member.updated"), "the operator's wish is carried out");
        using var simulator = new HttpClient { BaseAddress = _shop.Vipps.Address };
        using var asked = await simulator.PostAsJsonAsync(
            "/simulator/webhooks", new { msn = Shop.Msn, @event = "benefits.membership.seeding.v1", body = new { payload = new { phoneNumber = $"+{phone}" } } });
        Assert.Equal(HttpStatusCode.NoContent, asked.StatusCode);
        await Shop.UntilAsync(() => _shop.EventsOf(phone).Any(line => line.Event == "benefits.member.registered"), "Vipps' wish is carried out");

        Assert.All(_shop.EventsOf(phone).Where(line => line.Balance is not null), line => Assert.Equal(40, line.Balance));
        Assert.DoesNotContain(_shop.Logs.All, line => line.Text.Contains(phone[2..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task AMemberWithANewNumber_KeepsWhatSalesUnderTheOldOneGave()
    {
        var (old, now) = ("4791250051", "4791250052");
        var till = await _shop.TillAsync(5);
        using var admin = _shop.Admin();
        await _shop.ImportAsync(old, "m-51");
        var reference = await till.AsksForPaymentAsync(_shop, "moved-1", 10_000, old);
        await till.SeesAsync("paid");
        await Shop.UntilAsync(() => _shop.EventsOf(old).Any(line => line.EventId == $"{reference}-p"), "Vipps is told");

        Assert.Equal("moved", await AdminAsync(admin, "move", new { from = old, to = now }));
        await till.GetsDoneAsync(new TillCommand.Refund(reference, 4_000, "NOK", "Kari", "broken"));
        await Shop.UntilAsync(() => _shop.EventsOf(now).Any(line => line.EventId == $"{reference}-p4000"), "the refund is counted at the new number", seconds: 20);

        Assert.Equal(60, _shop.EventsOf(now).Single(line => line.EventId == $"{reference}-p4000").Balance);
    }

    private static async Task<string> AdminAsync<T>(HttpClient admin, string what, T body)
    {
        using var answer = await admin.PostAsJsonAsync($"/admin/members/{what}", body);
        return (string)JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!["result"]!;
    }
}
