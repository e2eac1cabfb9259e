using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core.Ports;
using static ChainCheckout.Core.Customers.CustomerMessage;
using Decision = ChainCheckout.Core.Actors.Decision<
    ChainCheckout.Core.Customers.CustomerState, ChainCheckout.Core.Customers.CustomerReply>;

namespace ChainCheckout.Core.Customers;

/// <summary>
/// One phone number of the chain, under its pseudonym: whose it is, whether a member, who serves them now, what their sales
/// gave, and what Vipps has yet to be told of it, in order.
/// </summary>
public sealed partial class Customer(CustomerSettings settings) : IMachine<CustomerState, CustomerMessage, CustomerReply>
{
    /// <summary>So long a till is told of an enrolment that an erasure ended.</summary>
    private static readonly TimeSpan ToldWithin = TimeSpan.FromDays(1);

    public ActorKind Kind => ActorKind.Customer;

    public CustomerMessage Loaded => CustomerMessage.Loaded.Instance;

    public CustomerState Initial(string key) => CustomerState.Unmet;

    public Decision Decide(CustomerState s, CustomerMessage message, DateTimeOffset now) => message switch
    {
        // A key is made from the number: another number under the same key is a fault of ours, and nobody's membership is touched.
        Met { Phone: var phone } when IsOther(s, phone) => Collision(s),
        Enrol { Phone: var phone } when IsOther(s, phone) => Collision(s),
        Import m when !m.CanBe => Refuse(s, "OutOfRange"),
        Import { Phone: var phone } when IsOther(s, phone) => Collision(s),
        Arrive { Phone: var phone } when IsOther(s, phone) => Collision(s),

        // What is on its way to another number is changed there, when it has arrived.
        Credit or Erase or Seed or ReplayLetter or DropLetter when s.Moving is not null => Refuse(s, "Moving"),
        Enrol m when s.Moving is not null => Says(s, new EnrolmentStatus(m.Key, EnrolmentStage.Unavailable, 0, null)),

        Met m => Meet(s, m, now),
        Enrol m => EnrolAsked(s, m, now),
        Credit m => Count(s, m, now),
        Import m => Imported(s, m, now),
        Erase m => Erased(s, m, now),
        Move m => MoveAsked(s, m, now),
        Arrive m => Arrived(s, m, now),
        Seed m => Seeded(s, m, now),
        Tell => new Decision(Verdict.Duplicate, s, new CustomerReply.Story(s)),
        ReplayLetter m => Replayed(s, m.Id, now),
        DropLetter m => Dropped(s, m.Id),
        Resume => s.PublishAt > now ? Learn(s with { PublishAt = null }) : Ignore(s),

        CustomerMessage.Loaded => AfterLoad(s, now),
        Started => EnrolmentStarted(s),

        // Only ever one try, and nothing hangs on its outcome.
        CheckInAnswered m => s.CheckIn?.Visit == m.Visit ? Learn(s with { CheckIn = null }) : Ignore(s),
        TillCleared m => Cleared(s, m, now),
        OldTillTold m => s.Left?.Visit == m.Visit ? Learn(s with { Left = null }) : Ignore(s),
        PublishAnswered m => Published(s, m, now),
        RegisterTold m => s.Member is { Untold: { } untold } told && told.MemberId == m.MemberId
            ? Learn(s with { Member = told with { Untold = m.Reached ? null : new Untold(untold.Tries + 1, now + settings.Retry(untold.Tries + 1)) } })
            : Ignore(s),
        MoveAnswered m => s.Moving is { } moving && moving.To == m.To && (moving.Random ?? "") == m.Way ? Moved(s, moving, m.Accepted, now) : Ignore(s),

        UserExistsAnswered or LoginAnswered or LoginRouted or Pinged or ExchangeAnswered or UserInfoAnswered or EnrolmentTold =>
            EnrolmentHeard(s, message, now),

        _ => throw new System.Diagnostics.UnreachableException($"No arm for {message.GetType().Name}."),
    };

    public CustomerMessage Starting(object operation) => new Started((CustomerOperation)operation);

    public CustomerMessage Lost(object operation)
    {
        const string Why = "lost";
        return operation switch
        {
            CustomerOperation.SendCheckIn o => new CheckInAnswered(o.Visit),
            CustomerOperation.TellOldTill o => new OldTillTold(o.Visit),
            CustomerOperation.ClearTill o => new TillCleared(o.Till, Reached: false),
            CustomerOperation.LookUpUser o => new UserExistsAnswered(o.Key, new VippsResult<bool>.Unknown(Why)),
            CustomerOperation.SendLogin o => new LoginAnswered(o.Key, new VippsResult<LoginRequested>.Unknown(Why), default),
            CustomerOperation.RouteLogin o => new LoginRouted(o.Login, Reached: false, PingCame: false),
            CustomerOperation.Exchange o => new ExchangeAnswered(o.Key, new VippsResult<LoginStanding>.Unknown(Why)),
            CustomerOperation.ReadUser o => new UserInfoAnswered(o.Key, new VippsResult<UserInfo>.Unknown(Why)),
            CustomerOperation.TellTill o => new EnrolmentTold(o.Status.Key, o.Status.News, Reached: false),
            CustomerOperation.Publish o => new PublishAnswered(o.Event.EventId, new VippsResult<bool>.Unknown(Why)),
            CustomerOperation.MoveTo o => new MoveAnswered(o.To, null, o.Message.Random),
            CustomerOperation.TellRegister o => new RegisterTold(o.Join.MemberId, Reached: false),
            _ => throw new System.Diagnostics.UnreachableException($"No customer owes {operation.GetType().Name}."),
        };
    }

    public ActorFlags Flags(CustomerState s) =>
        (s.LettersKept.IsEmpty ? ActorFlags.None : ActorFlags.DeadLetter) |
        (s.EventsOwed.IsEmpty ? ActorFlags.None : ActorFlags.Unpublished);

    public DateTimeOffset? ForgetAt(CustomerState s) =>
        s is { Member: not null } or { Moving: not null } || !s.EventsOwed.IsEmpty || !s.LettersKept.IsEmpty || s.Enrolment is { IsOpen: true } ? null
        : s.ErasedAt is { } erased
            ? Later(s is { Clearing: null, Enrolment: null, PastEnrolments.IsEmpty: true, WaysKept.IsEmpty: true } ? erased : erased + ToldWithin, s.WentTo?.At + settings.WentToKept)
        : Later((s.Served?.Until ?? s.MetAt) + settings.ForgetStranger, s.WentTo?.At + settings.WentToKept);

    public object? View(CustomerState state, DateTimeOffset now) => null;

    public JsonTypeInfo<CustomerState> StateJson(IStateCodec codec) => codec.States.CustomerState;

    private Decision Meet(CustomerState s, Met m, DateTimeOffset now)
    {
        var (next, keep) = (s with { Phone = m.Phone, MetAt = s.MetAt ?? now, ErasedAt = null, Clearing = Without(s.Clearing, m.At) }, Keep.InMemory);
        if (next.Member is { } here && (Valid(here.Coupons, now).Length < here.Coupons.Length || Valid(here.BonusChecks, now).Length < here.BonusChecks.Length))
            next = next with { Member = here with { Coupons = Valid(here.Coupons, now), Checks = Valid(here.BonusChecks, now) } };
        switch (m.Register)
        {
            // On the way to another number, or not told of who joined here: what the register knows is old.
            case RegisterAnswer.Member or RegisterAnswer.NotAMember when s is { Moving: not null } or { Member.Untold: not null }:
                break;
            case RegisterAnswer.Member found when s.Member?.MemberId != found.MemberId:
                var member = new Member(found.MemberId, found.JoinedOn, 0, 0, [], default, null, [], Since: now);
                (next, keep) = (Left(next, m.Visit, now) with { Member = member }, Keep.Saved);
                break;
            case RegisterAnswer.NotAMember when s.Member is not null:
                (next, keep) = (Left(next, m.Visit, now), Keep.Saved);
                break;
        }

        var isUnknown = m.Register is RegisterAnswer.Unknown;
        if (!isUnknown && WantsCheckIn(next, m)) next = next with { CheckIn = new PendingCheckIn(m.Visit, m.Msn) };
        if (s.Served is not { } served || served.Visit != m.Visit)
        {
            var left = s.Served is { } old && old.Till != m.At && old.Until > now ? old : s.Left;
            next = next with { Served = new ServedAt(m.At, m.Visit, now + settings.ServedMax), Left = left };
        }

        var reply = new CustomerReply.Known(isUnknown ? MemberCard.Unknown : CardOf(next));
        return next == s ? new Decision(Verdict.Duplicate, s, reply) : new Decision(Verdict.Accepted, next, reply, keep);
    }

    /// <summary>Once for a visit, where the sales unit does it; the API knows Norwegian numbers only.</summary>
    private bool WantsCheckIn(CustomerState s, Met m) =>
        m.IsFirst && settings.CheckInUnits.Contains(m.Msn) && m.Phone.ForECom is not null && s.CheckIn?.Visit != m.Visit;

    private static Decision Imported(CustomerState s, Import m, DateTimeOffset now) => s.Member switch
    {
        // Said late, or by an old file: the member has another number by now.
        null when s.WentTo?.MemberId == m.MemberId || s.WentTo?.Before?.MemberId == m.MemberId => Ignore(s) with { Keep = Keep.Confirmed, Reply = CustomerReply.Unchanged.Instance },
        null => Save(s with
        {
            Phone = m.Phone, MetAt = s.MetAt ?? now, ErasedAt = null,
            Member = new Member(m.MemberId, m.JoinedOn, m.Points, 0, [], m.Consents, null, [], Since: now),
        }),

        // What has happened since the first import is not undone by a second.
        { MemberId: var id } when id == m.MemberId => Ignore(s) with { Reply = CustomerReply.Unchanged.Instance },
        _ => Refuse(s, "OtherMember"),
    };

    private Decision Erased(CustomerState s, Erase m, DateTimeOffset now)
    {
        if (s.Phone is null || s.ErasedAt is not null) return Ignore(s) with { Reply = CustomerReply.Unchanged.Instance };
        var events = Left(s, m.Random, now);

        // A till that asks how its enrolment stands must not find one of nobody, and begin it anew: also one that has been told,
        // whose question is still on its way. Nothing of it is the person's, nor is the way of a member who left before: a refund
        // of their sale has to find them.
        var enrolment = s.Enrolment is { IsOpen: true } open ? Ended(open, EnrolmentStage.Unknown, now) : s.Enrolment;
        var next = CustomerState.Unmet with
        {
            Phone = s.Phone, Events = [.. events.EventsOwed.Where(owed => owed.Content is LoyaltyContent.MemberDeleted)], EventAt = events.EventAt, ErasedAt = now,
            Enrolment = enrolment, Past = s.Past, Ways = s.Ways, WentTo = s.WentTo,
        };
        ImmutableArray<TillId> tills = [.. new[] { s.Served?.Till, s.Left?.Till }.OfType<TillId>().Distinct()];
        if (!tills.IsEmpty) next = next with { Clearing = new Clearing(tills, now) };
        return Save(Forgotten(next) ?? next);
    }

    private Decision Cleared(CustomerState s, TillCleared m, DateTimeOffset now)
    {
        if (s.Clearing is not { } clearing) return Ignore(s);
        return Learn(s with { Clearing = m.Reached ? Without(clearing, m.Till) : clearing with { NextAt = now + settings.Retry(3) } });
    }

    private static Clearing? Without(Clearing? clearing, TillId till) =>
        clearing is not null && clearing.Tills.Remove(till) is { IsEmpty: false } left ? clearing with { Tills = left } : null;

    /// <summary>Vipps is to be told no more of a person who is to be forgotten: nobody's number is needed. Null otherwise.</summary>
    private static CustomerState? Forgotten(CustomerState s) =>
        s is { ErasedAt: not null, Member: null, EventsOwed.IsEmpty: true, LettersKept.IsEmpty: true }
            ? CustomerState.Unmet with { ErasedAt = s.ErasedAt, Enrolment = s.Enrolment, Past = s.Past, Ways = s.Ways, WentTo = s.WentTo, Clearing = s.Clearing }
            : null;

    /// <summary>What was in flight before the load is unknown; a call that must not be repeated is not.</summary>
    private Decision AfterLoad(CustomerState s, DateTimeOffset now)
    {
        var next = s.CheckIn is null ? s : s with { CheckIn = null };
        next = AfterLoad(next, next.Enrolment, now);
        if (ReferenceEquals(next, s)) return Ignore(s);

        // An enrolment that is over has to be so on disk: an open one keeps a stranger from being forgotten.
        return next.Enrolment is Enrolment.Ended && s.Enrolment is { IsOpen: true } ? Save(next) : Learn(next);
    }

    private static MemberCard CardOf(CustomerState s) => s.Member is not { } member
        ? MemberCard.NotAMember
        : new MemberCard(MembershipKind.Member, member.MemberId, member.Points, member.Coupons.Count(coupon => !coupon.Redeemed), member.FirstName);

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;

    private static bool IsOther(CustomerState s, Msisdn phone) => s.Phone is { } known && known != phone;

    private static Decision Collision(CustomerState s) =>
        new(Verdict.Rejected, s, new CustomerReply.Refused("SharedKey"), Alert: "two phone numbers share one pseudonym");

    private static ImmutableArray<T> Last<T>(ImmutableArray<T> all, int most) => all.Length <= most ? all : all.RemoveRange(0, all.Length - most);

    private static Decision Save(CustomerState next) => new(Verdict.Accepted, next, CustomerReply.Done.Instance);

    private static Decision Learn(CustomerState next) => Save(next) with { Keep = Keep.InMemory };

    private static Decision Ignore(CustomerState s) => new(Verdict.Duplicate, s, CustomerReply.Done.Instance);

    private static Decision Refuse(CustomerState s, string code) => new(Verdict.Rejected, s, new CustomerReply.Refused(code));
}
