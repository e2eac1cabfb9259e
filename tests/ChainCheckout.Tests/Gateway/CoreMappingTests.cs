using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Gateway.Tills;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Tests.Protocol;
using Wire = ChainCheckout.Protocol.Commands.TillCommand;

namespace ChainCheckout.Tests.Gateway;

public sealed class CoreMappingTests
{
    private static readonly TillView Ready = new(
        3, "S-1", "ready", TillCode.CustomerKnown, "Customer found", "", ["pay", "enrol"], "+47 ••••• 678", null, null, null, null);

    [Fact]
    public void EveryCommandOfTheWire_IsThatOfTheCore() =>
        Assert.All(EveryCommand.All, command => Assert.Equal(command.GetType().Name, command.ToCore().GetType().Name));

    [Fact]
    public void Enrol_KeepsItsFields()
    {
        Assert.Equal(new TillCommand.Enrol("S-1", true), new Wire.Enrol("S-1", Replace: true).ToCore());
        Assert.Equal(new TillCommand.Enrol(null, false), new Wire.Enrol().ToCore());
    }

    [Fact]
    public void WhatStartsOrWidensASale_IsNewWork_AndWhatEndsOneIsNot()
    {
        var newWork = EveryCommand.Bare.Where(command => command.IsNewWork()).Select(command => command.Type);

        Assert.Equal(["scan", "phone", "pay", "enrol"], newWork);
    }

    [Fact]
    public void Member_IsShownWhole()
    {
        var card = new MemberCard(MembershipKind.Member, "m-1", 120, 2, new Secret("Åse"));

        var customer = (Ready with { Member = card, CustomerNotice = "Ask" }).ToWire().Customer;

        Assert.Equal(new CustomerPayload("+47 ••••• 678", "Åse", Memberships.Member, "m-1", 120, 2, "Ask"), customer);
    }

    [Theory]
    [InlineData(MembershipKind.NotAMember, Memberships.None)]
    [InlineData(MembershipKind.Unknown, Memberships.Unknown)]
    [InlineData(null, Memberships.Unknown)]
    public void Customer_WhoIsNoMemberOrNotKnownToBe_IsShownWithNothingElse(MembershipKind? kind, string membership)
    {
        var view = Ready with { Member = kind is { } known ? new MemberCard(known) : null };

        Assert.Equal(new CustomerPayload("+47 ••••• 678", null, membership), view.ToWire().Customer);
    }

    [Fact]
    public void Nobody_IsNoCustomer() =>
        Assert.Null((Ready with { CustomerMasked = null, Member = MemberCard.Unknown }).ToWire().Customer);

    [Fact]
    public void Enrolment_IsShownAsItStands()
    {
        var view = Ready with { Enrolment = new EnrolmentView("waiting", TillCode.EnrolWaiting, "Waiting", "Ask", "A1B-2C3", 290) };

        Assert.Equal(new EnrolmentPayload("waiting", "EnrolWaiting", "Waiting", "Ask", "A1B-2C3", 290), view.ToWire().Enrolment);
        Assert.Null(Ready.ToWire().Enrolment);
    }

    [Theory]
    [InlineData("ready", null, false)]
    [InlineData("holding", null, true)]
    [InlineData("paying", null, true)]
    [InlineData("paid", null, false)]
    [InlineData("ready", "asking", true)]
    [InlineData("ready", "waiting", true)]
    [InlineData("ready", "joined", false)]
    [InlineData("ready", "denied", false)]
    [InlineData("ready", "expired", false)]
    [InlineData("ready", "failed", false)]
    public void View_ThatSomebodyStillHasToAnswer_IsUnfinished(string stage, string? enrolment, bool isUnfinished)
    {
        var slot = enrolment is null ? null : new EnrolmentView(enrolment, TillCode.EnrolWaiting, "", "", "A1B-2C3", null);

        var view = Ready with { Stage = stage, Enrolment = slot, Member = new MemberCard(MembershipKind.NotAMember) };

        Assert.Equal(isUnfinished, view.IsUnfinished());
    }

    [Theory]
    [InlineData("ready", null, true)]
    [InlineData("ready", MembershipKind.Unknown, true)]
    [InlineData("ready", MembershipKind.Member, false)]
    [InlineData("paid", MembershipKind.Unknown, false)]
    public void View_ThatStillLacksTheMembership_IsUnfinished_WhileItMatters(string stage, MembershipKind? kind, bool isUnfinished)
    {
        var view = Ready with { Stage = stage, Member = kind is { } known ? new MemberCard(known) : null };

        Assert.Equal(isUnfinished, view.IsUnfinished());
    }
}
