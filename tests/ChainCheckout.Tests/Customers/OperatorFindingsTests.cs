using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using static ChainCheckout.Core.Customers.CustomerMessage;

namespace ChainCheckout.Tests.Customers;

/// <summary>What simulated operators brought to light: members who move, go back and ask to be forgotten while messages are late.</summary>
public sealed class OperatorFindingsTests
{
    private const string There = "0123456789";
    private const string Back = "9876543210";

    private static readonly Customer Machine = CustomerAlphabet.Machine;
    private static readonly DateTimeOffset Begin = Actors.Walk.Begin;
    private static readonly CustomerId Old = new("old");
    private static readonly CustomerId New = new("new");
    private static readonly Move Go = new(New, CustomerAlphabet.OtherPhone, There);

    [Fact]
    public void Arrive_HeardOnceMoreAfterTheMemberWentOn_BringsNobody()
    {
        var old = After(CustomerAlphabet.Join, Go);
        var arrive = Arrival(old, New);
        var there = After(CustomerState.Unmet, arrive, new Move(Old, CustomerAlphabet.Phone, Back), new MoveAnswered(Old, true, Back));

        var again = Machine.Decide(there, arrive, Begin);

        Assert.Equal((Verdict.Duplicate, Keep.Confirmed), (again.Verdict, again.Keep));
        Assert.IsType<CustomerReply.Done>(again.Reply);
        Assert.Null(again.State.Member);
    }

    [Fact]
    public void Arrive_HeardOnceMoreAfterTheMemberWasErased_BringsNobody()
    {
        var arrive = Arrival(After(CustomerAlphabet.Join, Go), New);
        var there = After(CustomerState.Unmet, arrive, new Erase("erased"));

        Assert.Null(Machine.Decide(there, arrive, Begin).State.Member);
    }

    [Fact]
    public void Enrol_AskedAfterAnotherTillsOwn_FindsHowItEnded()
    {
        var customer = new OneCustomer();
        customer.WaitsForTheCustomer();
        customer.IsAsked();
        customer.Answers(new LoginStanding.Denied());
        customer.Hears(CustomerAlphabet.Ask with { Key = "0043-01-e1-3", At = new TillId(43, 1) });

        var late = Assert.IsType<CustomerReply.EnrolmentIs>(customer.Hears(CustomerAlphabet.Ask)).Status;

        Assert.Equal((CustomerAlphabet.Ask.Key, EnrolmentStage.Denied), (late.Key, late.Stage));
        Assert.Equal("0043-01-e1-3", customer.State.Enrolment!.Case.Key);
    }

    [Fact]
    public void Arrive_RefusedOnce_IsRefusedWhenTheNumberIsFreeByThen()
    {
        var arrive = Arrival(After(CustomerAlphabet.Join, Go), New);
        var taken = After(CustomerState.Unmet, CustomerAlphabet.Join with { Phone = CustomerAlphabet.OtherPhone, MemberId = "m-2" });

        var refused = Machine.Decide(taken, arrive, Begin);
        var late = Machine.Decide(After(refused.State, new Erase("erased")), arrive, Begin);

        Assert.Equal((Keep.Saved, new CustomerReply.Refused("OtherMember")), (refused.Keep, refused.Reply));
        Assert.Equal(new CustomerReply.Refused("OtherMember"), late.Reply);
        Assert.Null(late.State.Member);
    }

    [Fact]
    public void Arrive_BackBeforeItsArrivalWasHeardOf_BringsWhatWasCountedThere()
    {
        var old = After(CustomerAlphabet.Join, Go);
        var there = After(CustomerState.Unmet, Arrival(old, New), CustomerAlphabet.Sale(1, 10_000), new Move(Old, CustomerAlphabet.Phone, Back));

        var back = After(old, Arrival(there, Old));

        Assert.Null(back.Moving);
        Assert.Equal(there.Member!.Points, back.Member!.Points);
        Assert.Equal(there.Sales, back.Sales);

        // The answer to the move of before is late, and of a move that is no more.
        Assert.Same(back, Machine.Decide(back, new MoveAnswered(New, true, There), Begin).State);
    }

    [Fact]
    public void Move_AnswerOfTheMoveBefore_IsNotTakenForThisOnes()
    {
        var moving = After(CustomerAlphabet.Join, Go with { Random = Back });

        Assert.Same(moving, Machine.Decide(moving, new MoveAnswered(New, true, There), Begin).State);
        Assert.Null(After(moving, new MoveAnswered(New, true, Back)).Member);
    }

    [Fact]
    public void Move_AskedOnceMoreWhenTheMemberIsBack_IsADuplicate()
    {
        var gone = After(CustomerAlphabet.Join, Go, new MoveAnswered(New, true, There));
        var back = After(gone, new Arrive(CustomerAlphabet.Phone, Member("m-1"), [], null, Random: Back));

        Assert.Same(back, Machine.Decide(back, Go, Begin).State);
    }

    [Fact]
    public void Refund_OfASaleOfTheMemberWhoWentFromHere_IsNotTheNewOnes()
    {
        var gone = After(CustomerAlphabet.Join, CustomerAlphabet.Sale(1, 10_000), Go, new MoveAnswered(New, true, There));
        var later = Begin.AddHours(1);
        var other = Machine.Decide(gone, new Arrive(CustomerAlphabet.Phone, Member("m-7"), [], null, Random: Back), later).State;

        var told = Machine.Decide(other, CustomerAlphabet.Sale(1, 10_000, 4_000), later);

        Assert.Same(other, told.State);
        Assert.Equal(new CustomerReply.Moved(New, There), told.Reply);
    }

    [Fact]
    public void Credit_SentAfterItsMember_IsCountedForWhoCameByThatMove()
    {
        var sale = CustomerAlphabet.Sale(1, 10_000);
        var there = Machine.Decide(CustomerState.Unmet, Arrival(After(CustomerAlphabet.Join, Go), New), Begin.AddMinutes(1)).State;

        Assert.Same(there, Machine.Decide(there, sale, Begin.AddMinutes(2)).State);
        Assert.Same(there, Machine.Decide(there, sale with { Way = Back }, Begin.AddMinutes(2)).State);
        Assert.Single(Machine.Decide(there, sale with { Way = There }, Begin.AddMinutes(2)).State.Sales);
    }

    [Fact]
    public void Credit_OfAMemberWhoWentThereAndBack_ComesBackAfterThem()
    {
        var sale = CustomerAlphabet.Sale(1, 10_000);
        var gone = After(CustomerAlphabet.Join, Go, new MoveAnswered(New, true, There));
        var there = After(CustomerState.Unmet, new Arrive(CustomerAlphabet.OtherPhone, Member("m-1"), [], null, Random: There));
        var left = After(there, new Move(Old, CustomerAlphabet.Phone, Back), new MoveAnswered(Old, true, Back));
        var back = Machine.Decide(gone, new Arrive(CustomerAlphabet.Phone, Member("m-1"), [], null, Random: Back), Begin.AddMinutes(1)).State;

        var first = Assert.IsType<CustomerReply.Moved>(Machine.Decide(back, sale, Begin.AddMinutes(2)).Reply);
        var second = Assert.IsType<CustomerReply.Moved>(Machine.Decide(left, sale with { Way = first.Way }, Begin.AddMinutes(2)).Reply);

        Assert.Equal((New, Old), (first.To, second.To));
        Assert.Single(Machine.Decide(back, sale with { Way = second.Way }, Begin.AddMinutes(2)).State.Sales);
    }

    [Fact]
    public void Enrol_AskedAfterTheErasureWasTold_FindsItsEndAndNotANewPush()
    {
        var ended = After(CustomerAlphabet.Ask, new Erase("erased"));
        var told = After(ended, new EnrolmentTold(CustomerAlphabet.Ask.Key, ended.Enrolment!.Case.News, Reached: true));

        Assert.Null(told.Phone);
        var says = Assert.IsType<CustomerReply.EnrolmentIs>(Machine.Decide(told, CustomerAlphabet.Ask, Begin).Reply);
        Assert.Equal(EnrolmentStage.Unknown, says.Status.Stage);
        Assert.Equal(Begin.AddDays(1), Machine.ForgetAt(told));
    }

    [Fact]
    public void Refund_AfterWhoeverHasTheNumberNowWasErased_StillFindsTheMemberWhoWent()
    {
        var gone = After(CustomerAlphabet.Join, CustomerAlphabet.Sale(1, 10_000), Go, new MoveAnswered(New, true, There));
        var erased = After(gone, CustomerAlphabet.Meet, new Erase("erased"));

        Assert.Null(erased.Phone);
        Assert.Equal(new CustomerReply.Moved(New, There), Machine.Decide(erased, CustomerAlphabet.Sale(1, 10_000, 4_000), Begin).Reply);
        Assert.Equal(Begin.AddDays(9), Machine.ForgetAt(erased));
    }

    [Fact]
    public void Drop_LastLetterOfSomebodyErased_ForgetsTheNumber()
    {
        var erased = After(CustomerAlphabet.Join, new Erase("erased"));
        var id = Assert.Single(erased.EventsOwed).EventId;
        var put = After(erased, new PublishAnswered(id, new VippsResult<bool>.Refused(new VippsFault(400))));

        Assert.NotNull(put.Phone);
        Assert.Null(After(put, new DropLetter(id)).Phone);
    }

    private static Member Member(string id) => new(id, Begin.AddDays(-3), 7, 0, [], default, null, []);

    private static Arrive Arrival(CustomerState from, CustomerId to) =>
        Assert.Single(Machine.Owed(from).Select(owed => owed.Operation).OfType<CustomerOperation.MoveTo>(), move => move.To == to).Message;

    private static CustomerState After(params CustomerMessage[] messages) => After(CustomerState.Unmet, messages);

    private static CustomerState After(CustomerState state, params CustomerMessage[] messages)
    {
        foreach (var message in messages) state = Machine.Decide(state, message, Begin).State;
        return state;
    }
}
