using System.Text.Json.Nodes;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Login;
using ChainCheckout.Standalone.Actors;
using ChainCheckout.Tests.Gateway;
using Microsoft.Extensions.DependencyInjection;

namespace ChainCheckout.Tests.EndToEnd;

/// <summary>Members over TCP and HTTP: check-in, enrolment by a push, what a sale gives, and what Vipps is told of it.</summary>
[Collection(nameof(Timing))]
public sealed class EnrolmentTests(EnrolmentTests.Club fixture) : IClassFixture<EnrolmentTests.Club>
{
    private readonly Shop _shop = fixture.Shop;

    public sealed class Club : ShopFixture
    {
        private protected override void Change(JsonObject settings) => MakeAClub(settings);
    }

    internal static void MakeAClub(JsonObject settings)
    {
        var vipps = settings["Vipps"]!.AsObject();
        var address = vipps["EPayment"]!["BaseAddress"]!.GetValue<string>();
        vipps["CheckIn"] = new JsonObject { ["BaseAddress"] = address };
        vipps["Login"] = new JsonObject { ["BaseAddress"] = address };
        vipps["Loyalty"] = new JsonObject
        {
            ["BaseAddress"] = address, ["MerchantSerialNumber"] = Shop.Msn, ["AwayRetry"] = "00:00:00.3", ["SendStampCards"] = true,
        };
        vipps["SalesUnits"]![0]!["CheckIn"] = true;
        settings["Loyalty"] = new JsonObject
        {
            ["MinorPerPoint"] = 100,
            ["Welcome"] = new JsonObject { ["CampaignId"] = "welcome", ["Heading"] = "Welcome" },
            ["Stamps"] = new JsonObject
            {
                ["Heading"] = "Coffees", ["Full"] = 3, ["Reward"] = new JsonObject { ["CampaignId"] = "coffee", ["Heading"] = "A coffee" },
            },
        };
        if (settings["Timing"] is null) settings["Timing"] = new JsonObject();
        settings["Timing"]!["PublishDelay"] = "00:00:00.3";
        settings["Timing"]!["HoldMax"] = "00:00:03";
    }

    [Fact]
    public async Task ACustomerWhoAccepts_IsAMemberWithPointsStampAndCoupon_AndVippsIsToldEachThingOnce()
    {
        var phone = "4791230001";
        var till = await _shop.TillAsync(1);
        _shop.Vipps.World.TellLogin(phone, new LoginScript(LoginAnswer.Accept, TimeSpan.FromSeconds(0.3), Email: true));
        await till.GetsDoneAsync(new TillCommand.Scan(_shop.Vipps.World.MintQr(phone), "join-1"));
        var known = await till.WhenAsync(view => view.Customer?.Membership == Memberships.None).WaitAsync(Members.Soon);

        await till.GetsDoneAsync(new TillCommand.Enrol("join-1"));
        var waiting = await till.WhenAsync(view => view.Enrolment?.Stage == "waiting").WaitAsync(Members.Soon);
        var joined = await till.WhenAsync(view => view.Enrolment?.Stage == "joined").WaitAsync(Members.Soon);
        var reference = (await till.GetsDoneAsync(new TillCommand.Pay("join-1", 20_000, "NOK"))).Reference!;
        await till.SeesAsync("paid");
        await Shop.UntilAsync(() => _shop.EventsOf(phone).Count >= 4, "Vipps is told");

        Assert.Contains("enrol", known.Allowed);
        Assert.Matches("^[A-Z0-9]{3}-[A-Z0-9]{3}$", waiting.Enrolment!.Binding);
        Assert.Equal((Memberships.Member, 0L, 1), (joined.Customer!.Membership, joined.Customer.Points, joined.Customer.Coupons));
        var events = _shop.EventsOf(phone);
        Assert.Equal(
            ["benefits.coupon.updated", "benefits.member.registered", "benefits.member.updated", "benefits.stampCard.updated"],
            events.Select(line => line.Event!).Order(StringComparer.Ordinal));
        Assert.All(events, line => Assert.Equal(joined.Customer.MemberId, line.ContactId));
        Assert.Equal(200, events.Single(line => line.EventId == $"{reference}-p").Balance);
        Assert.True((await _shop.StateOfAsync(phone)).Member!.Consents is { Email: true, Sms: false, Postal: false });
    }

    [Theory]
    [InlineData(LoginAnswer.Deny, "4791230011", "denied", "EnrolDenied")]
    [InlineData(LoginAnswer.OldApp, "4791230012", "failed", "EnrolOldApp")]
    [InlineData(LoginAnswer.NoAccount, "4791230013", "failed", "EnrolNoUser")]
    public async Task ACustomerWhoDoesNotJoin_IsToldToTheCashierAndNobodyIsAMember(LoginAnswer answer, string phone, string stage, string code)
    {
        var till = await _shop.TillAsync(2);
        _shop.Vipps.World.TellLogin(phone, new LoginScript(answer));

        await till.EnrolsAsync(_shop, phone);
        var ended = await till.WhenAsync(view => view.Enrolment is { Stage: not ("asking" or "waiting") }).WaitAsync(Members.Soon);

        Assert.Equal((stage, code), (ended.Enrolment!.Stage, ended.Enrolment.Code));
        Assert.Null((await _shop.StateOfAsync(phone)).Member);
        Assert.Empty(_shop.EventsOf(phone));
        await till.GetsDoneAsync(new TillCommand.Close());
    }

    [Theory]
    [InlineData("4791230021", "4791239999", false, false, "EnrolOtherNumber")]
    [InlineData("4791230022", null, true, false, "EnrolNotShared")]
    [InlineData("4791230023", null, false, true, "EnrolUnknown")]
    public async Task AnApprovalOfSomebodyElse_MakesNoMember(string phone, string? told, bool withoutPhone, bool foreign, string code)
    {
        var till = await _shop.TillAsync(3);
        _shop.Vipps.World.TellLogin(phone, new LoginScript(LoginAnswer.Accept, Phone: told, WithoutPhone: withoutPhone, ForeignIdToken: foreign));

        await till.EnrolsAsync(_shop, phone);
        var ended = await till.WhenAsync(view => view.Enrolment is { Stage: not ("asking" or "waiting") }).WaitAsync(Members.Soon);

        Assert.Equal(code, ended.Enrolment!.Code);
        Assert.Null((await _shop.StateOfAsync(phone)).Member);
        await till.GetsDoneAsync(new TillCommand.Close());
    }

    [Fact]
    public async Task APingBeforeTheAnswer_IsNotLost()
    {
        var phone = "4791230031";
        var till = await _shop.TillAsync(4);
        _shop.Vipps.World.LoginPings = LoginPings.Early;

        await till.EnrolsAsync(_shop, phone);

        await till.WhenAsync(view => view.Enrolment?.Stage == "joined").WaitAsync(Members.Soon);
        _shop.Vipps.World.LoginPings = LoginPings.Usual;
        await till.GetsDoneAsync(new TillCommand.Close());
    }

    [Fact]
    public async Task PayDuringAnOpenEnrolment_WaitsForTheAnswer_AndGivesThePoints()
    {
        var phone = "4791230041";
        var till = await _shop.TillAsync(5);
        _shop.Vipps.World.TellLogin(phone, new LoginScript(LoginAnswer.Accept, TimeSpan.FromSeconds(1)));

        await till.EnrolsAsync(_shop, phone, "hold-1");
        var held = await till.GetsDoneAsync(new TillCommand.Pay("hold-1", 10_000, "NOK"));
        await till.SeesAsync("holding");
        await till.SeesAsync("paid");

        Assert.Equal("PaymentHeld", held.Code);
        await Shop.UntilAsync(() => _shop.EventsOf(phone).Any(line => line.Balance == 100), "Vipps is told");
    }

    [Fact]
    public async Task PayASecondTime_SendsThePaymentAtOnce()
    {
        var phone = "4791230051";
        var till = await _shop.TillAsync(6);
        _shop.Vipps.World.TellLogin(phone, new LoginScript(LoginAnswer.Ignore));

        await till.EnrolsAsync(_shop, phone, "hold-2");
        await till.GetsDoneAsync(new TillCommand.Pay("hold-2", 10_000, "NOK"));
        var again = await till.GetsDoneAsync(new TillCommand.Pay("hold-2", 10_000, "NOK"));

        Assert.Equal("PushOrdered", again.Code);
        await till.SeesAsync("paid");
        Assert.Empty(_shop.EventsOf(phone));
    }

    [Fact]
    public async Task BadAsking_GetsAClearAnswer()
    {
        var phone = "4791230061";
        var till = await _shop.TillAsync(7);
        var other = await _shop.TillAsync(8);
        _shop.Vipps.World.TellLogin(phone, new LoginScript(LoginAnswer.Ignore));

        var nobody = await till.SendAsync(new TillCommand.Enrol()).WaitAsync(Members.Soon);
        await till.EnrolsAsync(_shop, phone);
        var twice = await till.SendAsync(new TillCommand.Enrol()).WaitAsync(Members.Soon);
        await till.WhenAsync(view => view.Enrolment?.Stage == "waiting").WaitAsync(Members.Soon);
        await other.EnrolsAsync(_shop, phone);
        var elsewhere = await other.WhenAsync(view => view.Enrolment?.Stage == "failed").WaitAsync(Members.Soon);
        var moved = await till.WhenAsync(view => view.Customer?.Notice is not null).WaitAsync(Members.Soon);

        Assert.Equal("NoCustomer", nobody.Code);
        Assert.Equal((true, "EnrolOrdered"), (twice.IsDone, twice.Code));
        Assert.Equal("EnrolElsewhere", elsewhere.Enrolment!.Code);
        Assert.Equal("CustomerElsewhere", moved.Code);
        await other.GetsDoneAsync(new TillCommand.Close());
        await till.GetsDoneAsync(new TillCommand.Close());
    }

    [Fact]
    public async Task AMember_IsCheckedInOnceAsOne_EarnsByAnotherTenderToo_AndIsNotAskedToJoin()
    {
        var phone = "4791230071";
        var till = await _shop.TillAsync(9);
        await _shop.ImportAsync(phone, "m-71", points: 500);

        await till.GetsDoneAsync(new TillCommand.Scan(_shop.Vipps.World.MintQr(phone), "other-1"));
        var known = await till.WhenAsync(view => view.Customer?.Membership == Memberships.Member).WaitAsync(Members.Soon);
        await till.GetsDoneAsync(new TillCommand.Scan(_shop.Vipps.World.MintQr(phone), "other-1"));
        await till.WhenAsync(view => view.Stage == "ready" && view.Version > known.Version && view.Customer?.Membership == Memberships.Member).WaitAsync(Members.Soon);
        var refused = await till.SendAsync(new TillCommand.Enrol("other-1")).WaitAsync(Members.Soon);
        var completed = await till.GetsDoneAsync(new TillCommand.Complete("other-1", Tenders.Other, 4_200, "NOK"));
        await Shop.UntilAsync(() => _shop.EventsOf(phone).Any(line => line.EventId == $"{completed.Reference}-p"), "Vipps is told");

        Assert.Equal(("m-71", 500L), (known.Customer!.MemberId, known.Customer.Points));
        Assert.DoesNotContain("enrol", known.Allowed);
        Assert.Equal("AlreadyMember", refused.Code);
        Assert.Equal(542, _shop.EventsOf(phone).Single(line => line.EventId == $"{completed.Reference}-p").Balance);
        Assert.True(Assert.Single(_shop.LinesOf(phone, "checkIn")).IsMember);
    }

    [Fact]
    public async Task ATillThatStoodIdle_ChecksItsNextCustomerIn()
    {
        var till = await _shop.TillAsync(12);
        await till.SellsAsync(_shop, "before-idle");

        await _shop.Services.GetRequiredService<InProcessActors>().RetireIdleAsync(TimeSpan.Zero);
        await till.GetsDoneAsync(new TillCommand.Scan(_shop.Vipps.World.MintQr("4791230075"), "after-idle"));

        await Shop.UntilAsync(() => _shop.LinesOf("4791230075", "checkIn").Any(), "the phone is checked in");
    }

    [Fact]
    public async Task ARefund_TakesItsShareOfThePointsBackOnce()
    {
        var phone = "4791230081";
        var till = await _shop.TillAsync(10);
        await _shop.ImportAsync(phone, "m-81");
        var reference = await till.AsksForPaymentAsync(_shop, "refunded-1", customer: phone);
        await till.SeesAsync("paid");
        await Shop.UntilAsync(() => _shop.EventsOf(phone).Any(line => line.EventId == $"{reference}-p"), "Vipps is told");

        await till.GetsDoneAsync(new TillCommand.Refund(reference, 5_000, "NOK", "Kari", "broken"));
        await Shop.UntilAsync(() => _shop.EventsOf(phone).Any(line => line.EventId == $"{reference}-p5000"), "Vipps is told");

        Assert.Equal(150, _shop.EventsOf(phone).Single(line => line.EventId == $"{reference}-p5000").Balance);
        Assert.Equal(150, (await _shop.StateOfAsync(phone)).Member!.Points);
    }

    [Fact]
    public async Task ANumberThatIsUsedAgain_DoesNotInheritTheMembership()
    {
        var phone = "4791230091";
        var till = await _shop.TillAsync(11);
        await _shop.ImportAsync(phone, "m-91", points: 900);
        _shop.Vipps.World.TellLogin(phone, new LoginScript(LoginAnswer.Accept, Sub: "another-person"));
        await till.GetsDoneAsync(new TillCommand.Scan(_shop.Vipps.World.MintQr(phone), null));
        await till.WhenAsync(view => view.Customer?.Membership == Memberships.Member).WaitAsync(Members.Soon);

        await till.GetsDoneAsync(new TillCommand.Enrol(Replace: true));
        var joined = await till.WhenAsync(view => view.Enrolment?.Stage == "joined").WaitAsync(Members.Soon);
        await Shop.UntilAsync(() => _shop.EventsOf(phone).Count >= 3, "Vipps is told");

        Assert.NotEqual("m-91", joined.Customer!.MemberId);
        Assert.Equal(0, joined.Customer.Points);
        Assert.Contains(_shop.EventsOf(phone), line => line is { Event: "benefits.member.deleted", ContactId: "m-91" });
        await till.GetsDoneAsync(new TillCommand.Close());
    }
}
