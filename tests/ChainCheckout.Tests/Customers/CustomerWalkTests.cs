using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Actors;
using Xunit.Abstractions;
using static ChainCheckout.Core.Customers.CustomerMessage;
using Step = ChainCheckout.Tests.Actors.Step<
    ChainCheckout.Core.Customers.CustomerState, ChainCheckout.Core.Customers.CustomerMessage, ChainCheckout.Core.Customers.CustomerReply>;

namespace ChainCheckout.Tests.Customers;

public sealed class CustomerWalkTests(ITestOutputHelper output)
{
    private static readonly Customer Machine = CustomerAlphabet.Machine;

    [Fact]
    public void Customer_EveryReachableTurn_KeepsTheRules()
    {
        var walk = new Walk<CustomerState, CustomerMessage, CustomerReply>(Machine)
        {
            Name = Name,
            Messages = CustomerAlphabet.Messages,
            AskStep = AskStep,
            AskState = AskState,
            StatesMax = 6_000,
        };

        output.WriteLine(walk.Run(Machine.Initial("any")));

        Assert.True(walk.States > 1_000);
    }

    private static void AskStep(Step step)
    {
        var (before, after) = (step.Before, step.After);
        if (step.Made.Verdict != Verdict.Accepted) Assert.Same(before, after);
        AnotherNumberChangesNothing(step);
        MembersAreMadeOnlyByApprovalOrAnOperator(step);
        MembersEndOnlyByALeaveThatVippsIsToldOf(step);
        WhatIsOnItsWayStaysAsItIs(step);
        PointsFollowTheSales(step);
        EventsAreNeverLost(step);
        Assert.True(after.EventsOwed.Length <= 24, "the queue of a customer grows");
        Assert.True(after.Sales.Length <= CustomerSettings.SalesKept);
        if (step.Message is Started { Operation: CustomerOperation.SendLogin } && !ReferenceEquals(before, after))
            Assert.Equal(Keep.Saved, step.Made.Keep);
        if (after.CheckIn is not null && before.CheckIn?.Visit != after.CheckIn.Visit) Assert.True(((Met)step.Message).IsFirst);
    }

    private static void AnotherNumberChangesNothing(Step step)
    {
        var other = step.Message switch
        {
            Met m => m.Phone,
            Enrol m => m.Phone,
            Import m => m.Phone,
            _ => (Msisdn?)null,
        };
        if (step.Before.Phone is not { } known || other is null || other == known) return;
        Assert.Same(step.Before, step.After);
        Assert.NotNull(step.Made.Alert);
    }

    /// <summary>I-24: nobody becomes a member by a push without the approval of that number.</summary>
    private static void MembersAreMadeOnlyByApprovalOrAnOperator(Step step)
    {
        if (step.After.Member is not { } member || step.Before.Member?.MemberId == member.MemberId) return;
        switch (step.Message)
        {
            case Import or Arrive or Met { Register: RegisterAnswer.Member }:
                break;
            case UserInfoAnswered { Result: VippsResult<UserInfo>.Ok { Value: var info } } told:
                var reading = Assert.IsType<Enrolment.Reading>(step.Before.Enrolment);
                Assert.Equal((told.Key, step.Before.Phone), (reading.Case.Key, info.Phone));
                Assert.Equal(EnrolmentStage.Joined, Assert.IsType<Enrolment.Ended>(step.After.Enrolment).How);
                Assert.Equal(Keep.Saved, step.Made.Keep);
                break;
            default:
                Assert.Fail($"{step.Message.GetType().Name} made a member");
                break;
        }
    }

    private static void MembersEndOnlyByALeaveThatVippsIsToldOf(Step step)
    {
        if (step.Before.Member is not { } member || step.After.Member?.MemberId == member.MemberId) return;
        Assert.True(step.Message is Erase or Met { Register: not RegisterAnswer.Unknown } or UserInfoAnswered or MoveAnswered { Accepted: true }, $"{step.Message.GetType().Name} ended a membership");
        if (step.Message is not MoveAnswered)
            Assert.Contains(step.After.EventsOwed, owed => owed.MemberId == member.MemberId && owed.Content is LoyaltyContent.MemberDeleted);
    }

    /// <summary>What has been offered to the other number is what leaves here: nothing may be added to it, or taken from it.</summary>
    private static void WhatIsOnItsWayStaysAsItIs(Step step)
    {
        if (step is not { Before.Moving: not null, After.Moving: not null } || step.Message is PublishAnswered) return;
        Assert.Equal(step.Before.EventsOwed, step.After.EventsOwed);
        Assert.Equal(step.Before.Sales, step.After.Sales);
        Assert.Equal(step.Before.LettersKept, step.After.LettersKept);
        var (before, after) = (step.Before.Member!, step.After.Member!);
        Assert.Equal((before.MemberId, before.Points, before.Stamps), (after.MemberId, after.Points, after.Stamps));
        if (step.Message is Credit or Erase or Seed) Assert.Equal("Moving", Assert.IsType<CustomerReply.Refused>(step.Made.Reply).Code);
    }

    private static void PointsFollowTheSales(Step step)
    {
        if (step is not { Before.Member: { } before, After.Member: { } after } || before.MemberId != after.MemberId) return;

        // Back from elsewhere, where it went on.
        if (step.Message is Arrive) return;
        if (step.Message is not Credit) Assert.Equal((before.Points, before.Stamps), (after.Points, after.Stamps));
        Assert.Equal(step.After.Sales.Sum(sale => sale.Points) - step.Before.Sales.Sum(sale => sale.Points), Worth(after, step.Now) - Worth(before, step.Now));
        if (step.Message is not Credit || ReferenceEquals(step.Before, step.After)) return;
        Assert.True(after.Points < CustomerAlphabet.Settings.Programme.Check!.Points, "enough points for a check are none");
        Assert.True(after.Points >= 0 || after.BonusChecks.IsEmpty, "points are missing that stand in a check");
    }

    private static long Worth(Member member, DateTimeOffset now) =>
        member.Points + member.BonusChecks.Where(check => check.ExpiresOn >= now).Sum(check => check.Points);

    /// <summary>An event leaves the queue when it was accepted, put aside, or made old by a newer one of its kind.</summary>
    private static void EventsAreNeverLost(Step step)
    {
        foreach (var gone in step.Before.EventsOwed.Except(step.After.EventsOwed))
        {
            var isTold = step.Message is PublishAnswered { Result: VippsResult<bool>.Ok } told && told.EventId == gone.EventId;
            var isParked = step.After.LettersKept.Any(letter => letter.Event == gone || letter.Id == gone.EventId);
            var isOld = step.After.EventsOwed.Any(owed => owed.MemberId == gone.MemberId && owed.Content.GetType() == gone.Content.GetType() && owed.At > gone.At);
            var hasMoved = step.Message is MoveAnswered { Accepted: true } || (step.Message is Arrive && step.Before.Moving is not null);
            var isErased = step.Message is Erase && gone.Content is not LoyaltyContent.MemberDeleted;
            Assert.True(isTold || isParked || isOld || hasMoved || isErased, $"{gone.EventId} is gone after {step.Message}");
        }

        var at = step.After.EventsOwed.Select(owed => owed.At).ToList();
        if (step.Before.EventsOwed.Select(owed => owed.At).SequenceEqual(step.Before.EventsOwed.Select(owed => owed.At).Order()))
            Assert.Equal(at.Order(), at);
    }

    private static void AskState(CustomerState state, DateTimeOffset now)
    {
        var owed = Machine.Owed(state);
        Assert.Equal(owed.Length, owed.Select(one => one.Name).Distinct().Count());
        var waits = state.Enrolment is { IsOpen: true } and not (Enrolment.Asking { Started: true } or Enrolment.WithCustomer { Started: true });
        if (waits) Assert.Contains(owed, one => one.Operation is CustomerOperation.LookUpUser or CustomerOperation.SendLogin or CustomerOperation.Exchange or CustomerOperation.ReadUser);
        Assert.Equal(state is { EventsOwed.IsEmpty: false, Moving: null }, owed.Any(one => one.Operation is CustomerOperation.Publish));
        Assert.Equal(state.Moving is not null, owed.Any(one => one.Operation is CustomerOperation.MoveTo));

        // A process that dies now leaves nobody waiting: after the load something is owed, or it is over.
        var loaded = Machine.Decide(state, CustomerMessage.Loaded.Instance, now).State;
        if (loaded.Enrolment is { IsOpen: true }) Assert.Contains(Machine.Owed(loaded), one => one.Name.EndsWith(loaded.Enrolment.Case.Key, StringComparison.Ordinal));
        Assert.Null(loaded.CheckIn);

        var json = Machine.StateJson(Stored.Codec);
        var read = Stored.Codec.Decode(Stored.Codec.Encode(state, json), json);
        Assert.Equal(PlainJson.Exact(state, types => types.CustomerState), PlainJson.Exact(read, types => types.CustomerState));
        Assert.Equal(owed.Select(one => (one.Name, one.DueAt)), Machine.Owed(read).Select(one => (one.Name, one.DueAt)));
    }

    private static string Name(CustomerState s, DateTimeOffset now) => PlainJson.Bucketed(s with
    {
        MetAt = null,
        EventAt = null,
        Past = s.PastEnrolments.IsEmpty ? default : [s.PastEnrolments[^1] with { Key = "" }],
        DroppedAt = null,
        PublishTries = Math.Min(s.PublishTries, 1),
        PublishAt = s.PublishAt is null ? null : now,
        Served = s.Served is null ? null : s.Served with { Visit = "" },
        Left = s.Left is null ? null : s.Left with { Visit = "" },
        CheckIn = s.CheckIn is null ? null : s.CheckIn with { Visit = "" },
        Member = s.Member is { } member ? Cut(member, now) : null,
        Clearing = s.Clearing is null ? null : s.Clearing with { NextAt = now },
        WentTo = s.WentTo is null ? null : new WentTo(s.WentTo.To, now),
        Came = s.Came is null ? null : new Came(now, s.Came.Way),
        Events = s.EventsOwed.Length > 1 ? s.EventsOwed[..1] : s.Events,
        Letters = s.LettersKept.Length > 0 ? [s.LettersKept[0] with { Id = "", Why = "", Event = null }] : default,
        Credited = s.Sales.IsEmpty ? default : [s.Sales[^1]],
        Enrolment = s.Enrolment is null ? null : Cut(s.Enrolment, now),
    }, now, types => types.CustomerState);

    private static Member Cut(Member member, DateTimeOffset now) => member with
    {
        Points = 0, Coupons = [], JoinedOn = now, MemberId = member.MemberId[..2], Checks = member.BonusChecks.IsEmpty ? default : member.BonusChecks[..1], Since = null,
        Untold = member.Untold is null ? null : new Untold(0, now),
    };

    private static Enrolment Cut(Enrolment enrolment, DateTimeOffset now)
    {
        var cut = enrolment with { Case = enrolment.Case with { Key = "", News = 0, Told = enrolment.Case.News > enrolment.Case.Told ? 0 : 1, TellAt = now, Till = default } };
        return cut switch
        {
            Enrolment.WithCustomer e => e with { Interval = TimeSpan.Zero, NextAt = now },
            Enrolment.Reading e => e with { Tries = Math.Min(e.Tries, 1), NextAt = now },
            Enrolment.Ended { NotBefore: not null } e => e with { NotBefore = now },
            _ => cut,
        };
    }
}
