using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;
using static ChainCheckout.Core.Customers.CustomerMessage;
using Decision = ChainCheckout.Core.Actors.Decision<
    ChainCheckout.Core.Customers.CustomerState, ChainCheckout.Core.Customers.CustomerReply>;

namespace ChainCheckout.Core.Customers;

// What a completed sale gives, and what is owed to Vipps because of it.
public sealed partial class Customer
{
    /// <summary>
    /// A sale is told as a whole, with what was given back of it: the same or less again is a duplicate, so that neither a
    /// repeat nor two refunds that overtake each other are counted twice.
    /// </summary>
    private Decision Count(CustomerState s, Credit m, DateTimeOffset now)
    {
        if (s.Sales.FirstOrDefault(sale => sale.Reference == m.Reference) is { } counted)
            return m.RefundedMinor <= counted.RefundedMinor ? Ignore(s) : GiveBack(s, counted, m, now);

        // Points go to whoever is a member at the capture: of that, memory alone may know nothing yet.
        if (s.Member is not { } member || !IsOf(s, member, m)) return Gone(s, m) ?? Ignore(s) with { Keep = Keep.Confirmed };
        if (now - m.At > settings.CreditAgeMax || m.At <= s.DroppedAt) return Save(Park(s, m.Reference.ToString(), "TooLate", null, now));

        var programme = settings.Programme;
        var net = m.Amount.Minor - m.RefundedMinor;
        var points = programme.PointsFor(net);
        var isStamped = IsStamped(net);
        var sale = new CreditedSale(m.Reference, m.At, m.Amount.Minor, m.RefundedMinor, points, isStamped);
        var next = Remember(s, sale) with { Member = member with { Points = member.Points + points } };
        if (isStamped) next = Stamp(next, programme.Stamps!, m.Reference.ToString(), now);
        next = Reward(next, m.Reference.ToString(), now);
        return Save(Owe(next, $"{m.Reference}-p", member.MemberId, WholeMember(next.Member!), now));
    }

    /// <summary>The same whether a refund is heard of with its sale or later.</summary>
    private bool IsStamped(long netMinor) => settings.Programme.Stamps is { } offer && netMinor > 0 && netMinor >= offer.MinimumMinor;

    private Decision GiveBack(CustomerState s, CreditedSale counted, Credit m, DateTimeOffset now)
    {
        // Never more than the sale gave: the programme may be another by now.
        var net = m.Amount.Minor - m.RefundedMinor;
        var points = Math.Min(counted.Points, settings.Programme.PointsFor(net));
        var takesStamp = counted.Stamped && !IsStamped(net);
        var changed = counted with { RefundedMinor = m.RefundedMinor, Points = points, Stamped = counted.Stamped && !takesStamp };
        var next = s with { Credited = s.Sales.Replace(counted, changed) };

        // The sale was another member's, who has left this number since.
        if (s.Member is not { } member || m.At < (member.Since ?? member.JoinedOn)) return Save(next);

        var id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{m.Reference}-p{m.RefundedMinor}");
        next = next with { Member = member with { Points = member.Points - counted.Points + points } };
        if (takesStamp && settings.Programme.Stamps is { } offer) next = Unstamp(next, offer, id, now);
        next = Reward(TakeChecks(next, id, now), id, now);
        return Save(Owe(next, id, member.MemberId, WholeMember(next.Member!), now));
    }

    /// <summary>A full card gives its coupon and begins anew.</summary>
    private CustomerState Stamp(CustomerState s, StampOffer offer, string sale, DateTimeOffset now)
    {
        var member = s.Member!;
        var stamps = member.Stamps + 1;
        if (stamps >= offer.Full)
        {
            var coupon = offer.Reward.For($"{sale}-c", now);
            member = member with { Coupons = Valid(member.Coupons, now).Add(coupon) };
            s = Owe(s, $"{sale}-c", member.MemberId, new LoyaltyContent.CouponUpdated(coupon), now);
            stamps = 0;
        }

        member = member with { Stamps = stamps };
        return Owe(s with { Member = member }, $"{sale}-s", member.MemberId, WholeCard(offer, stamps), now);
    }

    /// <summary>Takes a stamp back; where the card is empty, the coupon of the last full one, whose other stamps stay.</summary>
    private CustomerState Unstamp(CustomerState s, StampOffer offer, string refund, DateTimeOffset now)
    {
        var member = s.Member!;
        var stamps = member.Stamps - 1;
        if (stamps < 0)
        {
            stamps = 0;
            var given = member.Coupons.LastOrDefault(coupon => coupon is { Redeemed: false } && coupon.CampaignId == offer.Reward.CampaignId && coupon.Id.EndsWith("-c", StringComparison.Ordinal));
            if (given is not null)
            {
                stamps = offer.Full - 1;
                member = member with { Coupons = member.Coupons.Remove(given) };
                s = Owe(s, $"{refund}c", member.MemberId, new LoyaltyContent.CouponDeleted(given.Id), now);
            }
        }

        return Owe(s with { Member = member with { Stamps = stamps } }, $"{refund}s", member.MemberId, WholeCard(offer, stamps), now);
    }

    /// <summary>Enough points become a check, which is worth so much more the more there are.</summary>
    private CustomerState Reward(CustomerState s, string cause, DateTimeOffset now)
    {
        var member = s.Member!;
        if (settings.Programme.Check is not { } offer || member.Points < offer.Points) return s;
        var check = offer.For($"{cause}-b", member.Points / offer.Points, now);
        member = member with { Points = member.Points - check.Points, Checks = Valid(member.BonusChecks, now).Add(check) };
        return Owe(s with { Member = member }, check.Id, member.MemberId, new LoyaltyContent.BonusCheckCreated(check), now);
    }

    /// <summary>Points that a refund takes back and that have become checks come out of these, the newest first.</summary>
    private CustomerState TakeChecks(CustomerState s, string refund, DateTimeOffset now)
    {
        for (var taken = 1; s.Member is { Points: < 0 } member && Valid(member.BonusChecks, now) is [.., var newest] checks; taken++)
        {
            member = member with { Points = member.Points + newest.Points, Checks = checks.Remove(newest) };
            var id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{refund}b{taken}");
            s = Owe(s with { Member = member }, id, member.MemberId, new LoyaltyContent.BonusCheckDeleted(newest.Id), now);
        }

        return s;
    }

    private static ImmutableArray<BonusCheck> Valid(ImmutableArray<BonusCheck> checks, DateTimeOffset now) =>
        checks.RemoveAll(check => check.ExpiresOn < now);

    private static ImmutableArray<Coupon> Valid(ImmutableArray<Coupon> coupons, DateTimeOffset now) =>
        coupons.RemoveAll(coupon => coupon.ExpiresOn < now);

    private static CustomerState Remember(CustomerState s, CreditedSale sale)
    {
        var sales = s.Sales.Add(sale);
        if (sales.Length <= CustomerSettings.SalesKept) return s with { Credited = sales };
        var oldest = sales.MinBy(one => one.At)!;
        return s with { Credited = sales.Remove(oldest), DroppedAt = s.DroppedAt > oldest.At ? s.DroppedAt : oldest.At };
    }

    /// <summary>The membership under this number ends; Vipps is told, and nothing of it is left to the next member.</summary>
    private CustomerState Left(CustomerState s, string why, DateTimeOffset now) => s.Member is not { } member
        ? s
        : Owe(s, Named("x", why, now), member.MemberId, new LoyaltyContent.MemberDeleted(), now) with { Member = null, Credited = [], DroppedAt = null, Came = null };

    /// <summary>
    /// Puts an event at the end of the queue. A whole value takes the place of an older one that still waits: only the
    /// newest would count anyway, so the queue does not grow while the API is away.
    /// </summary>
    private CustomerState Owe(CustomerState s, string id, string memberId, LoyaltyContent content, DateTimeOffset now)
    {
        if (settings.LoyaltyUnit is null) return s;
        var at = s.EventAt >= now ? s.EventAt.Value.AddMilliseconds(1) : now;
        var due = now + settings.PublishDelay;
        var events = s.EventsOwed;
        if (events.FirstOrDefault(owed => owed.MemberId == memberId && IsNewer(content, owed.Content)) is { } older)
        {
            events = events.Remove(older);
            due = older.DueAt < due ? older.DueAt : due;
        }

        return s with { Events = events.Add(new OwedEvent(id, at, due, memberId, content)), EventAt = at };
    }

    /// <summary>Everything that Vipps shows of a member, anew.</summary>
    private Decision Seeded(CustomerState s, Seed m, DateTimeOffset now)
    {
        if (s.Member is not { } member) return Refuse(s, "NotAMember");
        if (settings.LoyaltyUnit is null) return Refuse(s, "NotPublished");
        member = member with { Coupons = Valid(member.Coupons, now), Checks = Valid(member.BonusChecks, now) };
        var whole = WholeMember(member);

        // One that waits already comes first: what follows it must not be told of somebody whom Vipps does not know yet.
        var isNew = m.IsNew && !s.EventsOwed.Any(owed => owed.MemberId == member.MemberId && owed.Content is LoyaltyContent.MemberRegistered);
        var next = Owe(
            s with { Member = member }, Named("f", m.Random, now), member.MemberId,
            isNew ? new LoyaltyContent.MemberRegistered(whole.JoinedOn, whole.Points, whole.Consents) : whole, now);
        for (var i = 0; i < member.Coupons.Length; i++)
            next = Owe(next, Named($"f-c{i + 1}", m.Random, now), member.MemberId, new LoyaltyContent.CouponUpdated(member.Coupons[i]), now);
        if (settings.Programme.Stamps is { } offer) next = Owe(next, Named("f-s", m.Random, now), member.MemberId, WholeCard(offer, member.Stamps), now);
        for (var i = 0; i < member.BonusChecks.Length; i++)
            next = Owe(next, Named($"f-b{i + 1}", m.Random, now), member.MemberId, new LoyaltyContent.BonusCheckCreated(member.BonusChecks[i]), now);
        return Save(next);
    }

    /// <summary>
    /// The id of an event of no sale: an id of a member from elsewhere may be a phone number, and is never part of it.
    /// </summary>
    /// <param name="cause">Chance, or what caused it; unique but for its repeats.</param>
    private static string Named(string what, string cause, DateTimeOffset now) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what}-{cause}-{now.ToUnixTimeMilliseconds()}");

    private static bool IsNewer(LoyaltyContent content, LoyaltyContent older) => (content, older) switch
    {
        (LoyaltyContent.MemberUpdated, LoyaltyContent.MemberUpdated) => true,
        (LoyaltyContent.CouponUpdated a, LoyaltyContent.CouponUpdated b) => a.Coupon.Id == b.Coupon.Id,
        (LoyaltyContent.StampCardUpdated a, LoyaltyContent.StampCardUpdated b) => a.Card.Id == b.Card.Id,
        (LoyaltyContent.BonusCheckCreated a, LoyaltyContent.BonusCheckCreated b) => a.Check.Id == b.Check.Id,
        _ => false,
    };

    private Decision Published(CustomerState s, PublishAnswered m, DateTimeOffset now)
    {
        var told = s.EventsOwed.FirstOrDefault(owed => owed.EventId == m.EventId);
        switch (m.Result)
        {
            case VippsResult<bool>.Ok:
                var left = s with { Events = told is null ? s.EventsOwed : s.EventsOwed.Remove(told), PublishAt = null, PublishTries = 0 };
                return Forgotten(left) is { } nobody ? Save(nobody) : Learn(left);

            // A poison event is put aside; the next one goes on.
            case VippsResult<bool>.Refused { Fault: var fault } when told is not null:
                var why = fault.Code.Length > 0 ? fault.Code : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{fault.Status} {fault.Field}").TrimEnd();
                return Save(Park(s with { Events = s.EventsOwed.Remove(told), PublishAt = null, PublishTries = 0 }, told.EventId, why, told, now));
            case VippsResult<bool>.Refused:
                return Learn(s with { PublishAt = null, PublishTries = 0 });
            default:
                var tries = s.PublishTries + 1;
                var wait = (m.Result as VippsResult<bool>.Later)?.RetryAfter ?? settings.Retry(tries);
                return Learn(s with { PublishAt = now + wait, PublishTries = tries });
        }
    }

    private static CustomerState Park(CustomerState s, string id, string why, OwedEvent? owed, DateTimeOffset now) =>
        Park(s, new DeadLetter(id, now, why, owed));

    private static CustomerState Park(CustomerState s, DeadLetter letter) =>
        s with { Letters = Last(s.LettersKept.RemoveAll(one => one.Id == letter.Id).Add(letter), CustomerSettings.LettersKept) };

    /// <summary>Vipps may have been told newer things since: it is told what is so today, and nothing of what is no more.</summary>
    private Decision Replayed(CustomerState s, string id, DateTimeOffset now)
    {
        if (s.LettersKept.FirstOrDefault(letter => letter.Id == id) is not { } found) return Refuse(s, "NoSuchLetter");
        if (found.Event is not { } owed) return Refuse(s, "NothingToReplay");
        if (settings.LoyaltyUnit is null) return Refuse(s, "NotPublished");
        if (Today(s, owed) is not { } content) return Refuse(s, "NoLongerSo");
        var next = s with { Letters = s.LettersKept.Remove(found), PublishAt = null };
        return Save(Owe(next, owed.EventId, owed.MemberId, content, now));
    }

    private LoyaltyContent? Today(CustomerState s, OwedEvent owed)
    {
        // Who has left has left, whoever stands under the number now.
        if (owed.Content is LoyaltyContent.MemberDeleted) return owed.Content;
        if (s.Member is not { } member || member.MemberId != owed.MemberId) return null;
        return owed.Content switch
        {
            LoyaltyContent.MemberRegistered => new LoyaltyContent.MemberRegistered(member.JoinedOn, member.Points, member.Consents),
            LoyaltyContent.MemberUpdated => WholeMember(member),
            LoyaltyContent.CouponUpdated { Coupon.Id: var id } =>
                member.Coupons.FirstOrDefault(coupon => coupon.Id == id) is { } coupon ? new LoyaltyContent.CouponUpdated(coupon) : null,
            LoyaltyContent.StampCardUpdated { Card.Id: var id } =>
                settings.Programme.Stamps is { } offer && offer.CardId == id ? WholeCard(offer, member.Stamps) : null,
            LoyaltyContent.BonusCheckCreated { Check.Id: var id } =>
                member.BonusChecks.FirstOrDefault(check => check.Id == id) is { } check ? new LoyaltyContent.BonusCheckCreated(check) : null,
            _ => owed.Content,
        };
    }

    private static Decision Dropped(CustomerState s, string id)
    {
        if (s.LettersKept.FirstOrDefault(letter => letter.Id == id) is not { } found) return Refuse(s, "NoSuchLetter");
        var left = s with { Letters = s.LettersKept.Remove(found) };
        return Save(Forgotten(left) ?? left);
    }

    private static LoyaltyContent.MemberUpdated WholeMember(Member member) => new(member.JoinedOn, member.Points, member.Consents);

    private static LoyaltyContent.StampCardUpdated WholeCard(StampOffer offer, int stamps) =>
        new(new StampCard(offer.CardId, offer.Heading, stamps, offer.Full));
}
