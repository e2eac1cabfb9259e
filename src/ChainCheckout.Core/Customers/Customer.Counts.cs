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
        if (s.Member is not { } member || m.At < member.JoinedOn) return Ignore(s) with { Keep = Keep.Confirmed };
        if (now - m.At > settings.CreditAgeMax || m.At <= s.DroppedAt) return Save(Park(s, m.Reference.ToString(), "TooLate", null, now));

        var programme = settings.Programme;
        var net = m.Amount.Minor - m.RefundedMinor;
        var points = programme.PointsFor(net);
        var isStamped = programme.Stamps is { } offer && net >= offer.MinimumMinor;
        var sale = new CreditedSale(m.Reference, m.At, m.Amount.Minor, m.RefundedMinor, points, isStamped);
        var next = Remember(s, sale) with { Member = member with { Points = member.Points + points } };
        if (isStamped) next = Stamp(next, programme.Stamps!, m.Reference.ToString(), now);
        return Save(Owe(next, $"{m.Reference}-p", member.MemberId, WholeMember(next.Member!), now));
    }

    private Decision GiveBack(CustomerState s, CreditedSale counted, Credit m, DateTimeOffset now)
    {
        var points = settings.Programme.PointsFor(m.Amount.Minor - m.RefundedMinor);
        var takesStamp = counted.Stamped && m.RefundedMinor >= m.Amount.Minor;
        var changed = counted with { RefundedMinor = m.RefundedMinor, Points = points, Stamped = counted.Stamped && !takesStamp };
        var next = s with { Credited = s.Sales.Replace(counted, changed) };

        // The sale was another member's, who has left this number since.
        if (s.Member is not { } member || m.At < member.JoinedOn) return Save(next);

        var id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{m.Reference}-p{m.RefundedMinor}");
        member = member with { Points = member.Points - counted.Points + points, Stamps = takesStamp ? Math.Max(0, member.Stamps - 1) : member.Stamps };
        next = next with { Member = member };
        if (takesStamp && settings.Programme.Stamps is { } offer) next = Owe(next, $"{id}s", member.MemberId, WholeCard(offer, member.Stamps), now);
        return Save(Owe(next, id, member.MemberId, WholeMember(member), now));
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
        : Owe(s, $"{member.MemberId}-x-{why}", member.MemberId, new LoyaltyContent.MemberDeleted(), now) with { Member = null, Credited = [], DroppedAt = null };

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

    private static bool IsNewer(LoyaltyContent content, LoyaltyContent older) => (content, older) switch
    {
        (LoyaltyContent.MemberUpdated, LoyaltyContent.MemberUpdated) => true,
        (LoyaltyContent.CouponUpdated a, LoyaltyContent.CouponUpdated b) => a.Coupon.Id == b.Coupon.Id,
        (LoyaltyContent.StampCardUpdated a, LoyaltyContent.StampCardUpdated b) => a.Card.Id == b.Card.Id,
        _ => false,
    };

    private Decision Published(CustomerState s, PublishAnswered m, DateTimeOffset now)
    {
        var told = s.EventsOwed.FirstOrDefault(owed => owed.EventId == m.EventId);
        switch (m.Result)
        {
            case VippsResult<bool>.Ok:
                var left = s with { Events = told is null ? s.EventsOwed : s.EventsOwed.Remove(told), PublishAt = null, PublishTries = 0 };
                return left is { ErasedAt: not null, EventsOwed.IsEmpty: true } ? Save(CustomerState.Unmet with { ErasedAt = s.ErasedAt }) : Learn(left);

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
        s.LettersKept.Any(letter => letter.Id == id) ? s
        : s with { Letters = Last(s.LettersKept.Add(new DeadLetter(id, now, why, owed)), CustomerSettings.LettersKept) };

    private static Decision Replayed(CustomerState s, string id, DateTimeOffset now)
    {
        if (s.LettersKept.FirstOrDefault(letter => letter.Id == id) is not { } found) return Refuse(s, "NoSuchLetter");
        if (found.Event is not { } owed) return Refuse(s, "NothingToReplay");
        var letters = s.LettersKept.Remove(found);
        return Save(s with { Letters = letters, Events = s.EventsOwed.Add(owed with { DueAt = now }), PublishAt = null });
    }

    private static Decision Dropped(CustomerState s, string id) => s.LettersKept.FirstOrDefault(letter => letter.Id == id) is { } found
        ? Save(s with { Letters = s.LettersKept.Remove(found) })
        : Refuse(s, "NoSuchLetter");

    private static LoyaltyContent.MemberUpdated WholeMember(Member member) => new(member.JoinedOn, member.Points, member.Consents);

    private static LoyaltyContent.StampCardUpdated WholeCard(StampOffer offer, int stamps) =>
        new(new StampCard(offer.CardId, offer.Heading, stamps, offer.Full));
}
