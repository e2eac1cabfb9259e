using ChainCheckout.Core.Ports;
using static ChainCheckout.Core.Customers.CustomerMessage;
using Decision = ChainCheckout.Core.Actors.Decision<
    ChainCheckout.Core.Customers.CustomerState, ChainCheckout.Core.Customers.CustomerReply>;

namespace ChainCheckout.Core.Customers;

// Enrolment by a push: does the number have an account → ask the phone → wait, pinged or polling → read what is shared → join.
public sealed partial class Customer
{
    private Decision EnrolAsked(CustomerState s, Enrol m, DateTimeOffset now)
    {
        if (s.Enrolment is { } known && known.Case.Key == m.Key) return Says(s, StatusOf(s, known));
        if (s.PastEnrolments.FirstOrDefault(one => one.Key == m.Key) is { How: var how }) return Says(s, new EnrolmentStatus(m.Key, how, 0, null, CardOf(s, how)));
        if (s.Enrolment is { IsOpen: true }) return Says(s, new EnrolmentStatus(m.Key, EnrolmentStage.Elsewhere, 0, null));
        if (s.Enrolment is Enrolment.Ended { NotBefore: { } until } && until > now) return Says(s, new EnrolmentStatus(m.Key, EnrolmentStage.TooMany, 0, null));
        if (s.Member is not null && !m.Replace) return Says(s, new EnrolmentStatus(m.Key, EnrolmentStage.AlreadyMember, 0, null, CardOf(s)));

        var begun = new EnrolmentCase(m.Key, m.Msn, m.At, m.Binding, m.Random, m.Replace, now, now + settings.LoginExpiry, 0, 0, now);
        Enrolment enrolment = settings.LookUpUser ? new Enrolment.Looking(begun) : new Enrolment.Asking(begun, Started: false);

        var past = s.Enrolment is Enrolment.Ended ended
            ? Last(s.PastEnrolments.Add(new PastEnrolment(ended.Case.Key, ended.How)), CustomerSettings.EnrolmentsKept)
            : s.Past;

        // Saved before the push leaves. Until then nothing has happened, and the till asks again.
        return Learn(s with { Past = past, Phone = m.Phone, MetAt = s.MetAt ?? now, ErasedAt = null, Clearing = Without(s.Clearing, m.At), Enrolment = enrolment }) with
        {
            Reply = new CustomerReply.EnrolmentIs(StatusOf(s, enrolment)),
        };
    }

    private static Decision EnrolmentStarted(CustomerState s) => s.Enrolment switch
    {
        Enrolment.Asking asking => Save(s with { Enrolment = asking with { Started = true } }),
        Enrolment.WithCustomer waiting => Save(s with { Enrolment = waiting with { Started = true } }),
        _ => Ignore(s),
    };

    private Decision EnrolmentHeard(CustomerState s, CustomerMessage message, DateTimeOffset now) => (s.Enrolment, message) switch
    {
        // The look-up is a courtesy: only a clear "no" ends it.
        (Enrolment.Looking e, UserExistsAnswered m) when e.Case.Key == m.Key => m.Result is VippsResult<bool>.Ok { Value: false }
            ? End(s, e, EnrolmentStage.NoUser, now)
            : Learn(s with { Enrolment = new Enrolment.Asking(e.Case, Started: false) }),
        (Enrolment.Asking e, LoginAnswered m) when e.Case.Key == m.Key => Asked(s, e, m, now),
        (Enrolment.WithCustomer e, LoginRouted m) when e.Login == m.Login =>
            Learn(s with { Enrolment = m.PingCame ? AskAtOnce(e, now) with { Routed = true } : e with { Routed = true } }),
        (Enrolment.WithCustomer e, Pinged m) when e.Login == m.Login => Learn(s with { Enrolment = AskAtOnce(e, now) }),
        (Enrolment.WithCustomer e, ExchangeAnswered m) when e.Case.Key == m.Key => Exchanged(s, e, m.Result, now),
        (Enrolment.Reading e, UserInfoAnswered m) when e.Case.Key == m.Key => Shared(s, e, m.Result, now),
        ({ } e, EnrolmentTold m) when e.Case.Key == m.Key => TillWasTold(s, e, m, now),

        // An answer to something that is over.
        _ => Ignore(s),
    };

    /// <summary>The answer to a question that is under way may be older than the ping: it is asked once more.</summary>
    private static Enrolment.WithCustomer AskAtOnce(Enrolment.WithCustomer e, DateTimeOffset now) => e with { NextAt = now, Pinged = e.Started };

    private Decision TillWasTold(CustomerState s, Enrolment e, EnrolmentTold m, DateTimeOffset now)
    {
        var known = m.Reached ? e.Case with { Told = Math.Max(e.Case.Told, Math.Min(m.News, e.Case.News)) } : e.Case with { TellAt = now + settings.Retry(3) };
        return Learn(s with { Enrolment = e with { Case = known } });
    }

    private Decision Asked(CustomerState s, Enrolment.Asking e, LoginAnswered m, DateTimeOffset now)
    {
        switch (m.Result)
        {
            case VippsResult<LoginRequested>.Ok { Value: LoginRequested.Sent sent }:
                var known = e.Case with { EndsAt = now + sent.ExpiresIn, News = e.Case.News + 1, TellAt = now };
                return Save(s with
                {
                    Enrolment = new Enrolment.WithCustomer(known, sent.AuthReqId, m.Login, sent.Interval, now + sent.Interval, Started: false, Routed: false),
                });
            case VippsResult<LoginRequested>.Ok { Value: LoginRequested.OldApp }:
                return End(s, e, EnrolmentStage.OldApp, now);
            case VippsResult<LoginRequested>.Ok:
                return End(s, e, EnrolmentStage.NoUser, now);
            case VippsResult<LoginRequested>.Later { Fault.Status: 429, RetryAfter: var told }:
                return Save(s with { Enrolment = Ended(e, EnrolmentStage.TooMany, now) with { NotBefore = told > TimeSpan.Zero ? now + Shorter(told.Value, settings.LoginExpiry) : null } });
            case VippsResult<LoginRequested>.Later or VippsResult<LoginRequested>.Refused:
                return End(s, e, EnrolmentStage.Unavailable, now);
            default:
                return End(s, e, EnrolmentStage.Unknown, now);
        }
    }

    private Decision Exchanged(CustomerState s, Enrolment.WithCustomer e, VippsResult<LoginStanding> result, DateTimeOffset now)
    {
        switch (result)
        {
            case VippsResult<LoginStanding>.Ok { Value: LoginStanding.Granted granted }:
                return Save(s with { Enrolment = new Enrolment.Reading(e.Case, granted.AccessToken, 0, now) });
            case VippsResult<LoginStanding>.Ok { Value: LoginStanding.Denied }:
                return End(s, e, EnrolmentStage.Denied, now);
            case VippsResult<LoginStanding>.Ok { Value: LoginStanding.Expired }:
                return End(s, e, EnrolmentStage.Expired, now);
            case VippsResult<LoginStanding>.Ok { Value: LoginStanding.Spent }:
                return End(s, e, EnrolmentStage.Unknown, now);
            case VippsResult<LoginStanding>.Ok { Value: LoginStanding.Foreign }:
                return End(s, e, EnrolmentStage.Unknown, now) with { Alert = "a login's id_token names another login" };

            // The push is on the phone all the same.
            case VippsResult<LoginStanding>.Refused:
                return End(s, e, EnrolmentStage.Unknown, now);
        }

        var last = e.Case.EndsAt + settings.LoginGrace;
        if (now >= last) return End(s, e, EnrolmentStage.Expired, now);
        var interval = result is VippsResult<LoginStanding>.Ok { Value: LoginStanding.SlowDown } ? e.Interval + settings.SlowDownStep : e.Interval;
        var wait = result is VippsResult<LoginStanding>.Later { RetryAfter: { } told } && told > interval ? told : e.Pinged ? TimeSpan.Zero : interval;
        return Learn(s with { Enrolment = e with { Started = false, Pinged = false, Interval = interval, NextAt = now + Shorter(wait, last - now) } });
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private Decision Shared(CustomerState s, Enrolment.Reading e, VippsResult<UserInfo> result, DateTimeOffset now)
    {
        switch (result)
        {
            case VippsResult<UserInfo>.Ok { Value: { Phone: null } }:
                return End(s, e, EnrolmentStage.NotShared, now);
            case VippsResult<UserInfo>.Ok { Value: var info } when info.Phone != s.Phone:
                return End(s, e, EnrolmentStage.OtherNumber, now);
            case VippsResult<UserInfo>.Ok { Value: var info }:
                return Join(s, e, info, now);
            case VippsResult<UserInfo>.Refused:
                return End(s, e, EnrolmentStage.Unknown, now);
        }

        // Approved is approved: a vendor who asks for time gets it while the token lives, and does not use up a try.
        if (result is VippsResult<UserInfo>.Later { RetryAfter: { } told } && now + told < e.Case.EndsAt + settings.LoginGrace)
            return Learn(s with { Enrolment = e with { NextAt = now + (told > settings.FirstRetry ? told : settings.FirstRetry) } });
        var tries = e.Tries + 1;
        return tries >= CustomerSettings.UserInfoTriesMax
            ? End(s, e, EnrolmentStage.Unknown, now)
            : Learn(s with { Enrolment = e with { Tries = tries, NextAt = now + settings.Retry(tries) } });
    }

    /// <summary>Numbers are recycled: another person under a known number does not inherit the membership.</summary>
    private Decision Join(CustomerState s, Enrolment.Reading e, UserInfo info, DateTimeOffset now)
    {
        if (s.Member is { } known)
        {
            var sub = known.Subs.FirstOrDefault(one => one.Msn == e.Case.Msn);
            if (sub is null && !e.Case.Replace)
                return End(s with { Member = known with { Subs = known.Subs.Add(new MemberSub(e.Case.Msn, info.Sub)) } }, e, EnrolmentStage.AlreadyMember, now);
            if (sub?.Sub == info.Sub) return End(s, e, EnrolmentStage.AlreadyMember, now);
        }

        var next = Left(s, e.Case.Key, now);
        var id = $"m-{e.Case.Key}-{e.Case.Random[..4]}";
        var firstName = info.FirstName.Length == 0 ? (Secret?)null : new Secret(info.FirstName);
        var member = new Member(
            id, now, 0, 0, [], info.Consents, firstName, [new MemberSub(e.Case.Msn, info.Sub)], Untold: settings.HasRegister ? new Untold(0, now) : null);
        next = Owe(next, $"{e.Case.Key}-m", id, new LoyaltyContent.MemberRegistered(now, 0, info.Consents), now);
        if (settings.Programme.Welcome is { } offer)
        {
            var coupon = offer.For($"{e.Case.Key}-w", now);
            member = member with { Coupons = [coupon] };
            next = Owe(next, $"{e.Case.Key}-w", id, new LoyaltyContent.CouponUpdated(coupon), now);
        }

        return End(next with { Member = member, ErasedAt = null }, e, EnrolmentStage.Joined, now);
    }

    private static CustomerState AfterLoad(CustomerState s, Enrolment? enrolment, DateTimeOffset now) => enrolment switch
    {
        Enrolment.Asking { Started: true } e => s with { Enrolment = Ended(e, EnrolmentStage.Unknown, now) },
        Enrolment.WithCustomer e => s with { Enrolment = e with { Started = false, Routed = false, Pinged = false, NextAt = e.Started ? now + e.Interval : e.NextAt } },
        _ => s,
    };

    private static Decision End(CustomerState s, Enrolment e, EnrolmentStage how, DateTimeOffset now) => Save(s with { Enrolment = Ended(e, how, now) });

    private static Enrolment.Ended Ended(Enrolment e, EnrolmentStage how, DateTimeOffset now) =>
        new(e.Case with { News = e.Case.News + 1, TellAt = now }, how);

    private static EnrolmentStatus StatusOf(CustomerState s, Enrolment e)
    {
        var stage = e switch
        {
            Enrolment.Looking or Enrolment.Asking => EnrolmentStage.Asking,
            Enrolment.Ended ended => ended.How,
            _ => EnrolmentStage.Waiting,
        };
        return new EnrolmentStatus(e.Case.Key, stage, e.Case.News, stage == EnrolmentStage.Waiting ? e.Case.EndsAt : null, CardOf(s, stage));
    }

    private static MemberCard? CardOf(CustomerState s, EnrolmentStage stage) =>
        stage is EnrolmentStage.Joined or EnrolmentStage.AlreadyMember ? CardOf(s) : null;

    private static Decision Says(CustomerState s, EnrolmentStatus status) =>
        new(Verdict.Duplicate, s, new CustomerReply.EnrolmentIs(status));
}
