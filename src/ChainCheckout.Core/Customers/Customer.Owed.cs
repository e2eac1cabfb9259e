using ChainCheckout.Core.Ports;

namespace ChainCheckout.Core.Customers;

// What a customer owes.
public sealed partial class Customer
{
    public ImmutableArray<Owed> Owed(CustomerState s)
    {
        var owed = ImmutableArray.CreateBuilder<Owed>(2);
        if (s.Clearing is { Tills: [var till, ..] } clearing) owed.Add(new Owed($"clear:{till}", clearing.NextAt, new CustomerOperation.ClearTill(till)));
        if (s.Enrolment is { Case: { } of } known && of.News > of.Told)
            owed.Add(new Owed($"tell:{of.Key}", of.TellAt, new CustomerOperation.TellTill(of.Till, StatusOf(s, known))));
        if (s.Phone is not { } phone) return owed.ToImmutable();
        if (s.CheckIn is { } checkIn)
        {
            // One try for all that: what could repeat it, a load of the customer or of the till, drops it.
            var request = new CheckIn(checkIn.Msn, phone, s.Member is not null);
            owed.Add(new Owed($"checkIn:{checkIn.Visit}", DateTimeOffset.UnixEpoch, new CustomerOperation.SendCheckIn(checkIn.Visit, request)));
        }

        if (s.Left is { } left)
            owed.Add(new Owed($"left:{left.Visit}", DateTimeOffset.UnixEpoch, new CustomerOperation.TellOldTill(left.Till, left.Visit)));
        if (s.Enrolment is { } enrolment) OweEnrolment(owed, enrolment, phone);

        // A member who is moving publishes from the new number on.
        if (s is { Moving: null, EventsOwed: [var first, ..] } && settings.LoyaltyUnit is { } unit)
        {
            // One name for whichever is first: of one customer's events there is only ever one under way.
            var happened = new LoyaltyEvent(unit, first.EventId, first.At, first.MemberId, phone, first.Content);
            var due = s.PublishAt > first.DueAt ? s.PublishAt.Value : first.DueAt;
            owed.Add(new Owed("publish", due, new CustomerOperation.Publish(happened), Mutation: true));
        }

        if (s.Member is { Untold: { } untold } joined)
        {
            var join = new RegisterJoin(phone, joined.MemberId, joined.JoinedOn, joined.FirstName, joined.Consents);
            owed.Add(new Owed("register", untold.NextAt, new CustomerOperation.TellRegister(join)));
        }

        if (s is { Moving: { } moving, Member: { } member })
        {
            // Not while an event is under way: the new number's could overtake it.
            var arrive = new CustomerMessage.Arrive(moving.Phone, member, s.EventsOwed, s.EventAt, s.Sales, s.DroppedAt, s.LettersKept, moving.Random ?? "");
            owed.Add(new Owed("move", moving.NextAt, new CustomerOperation.MoveTo(moving.To, arrive), Mutation: true));
        }

        return owed.ToImmutable();
    }

    private void OweEnrolment(ImmutableArray<Owed>.Builder owed, Enrolment enrolment, Msisdn phone)
    {
        var of = enrolment.Case;
        switch (enrolment)
        {
            case Enrolment.Looking:
                owed.Add(new Owed($"look:{of.Key}", of.AskedAt, new CustomerOperation.LookUpUser(of.Key, of.Msn, phone)));
                break;
            case Enrolment.Asking { Started: false }:
                var request = new RequestLogin(of.Msn, phone, of.Binding, settings.LoginExpiry);
                owed.Add(new Owed($"login:{of.Key}", of.AskedAt, new CustomerOperation.SendLogin(of.Key, request), Repeat.Once));
                break;
            case Enrolment.WithCustomer e:
                if (!e.Routed) owed.Add(new Owed($"route:{of.Key}", of.AskedAt, new CustomerOperation.RouteLogin(e.Login)));
                if (!e.Started) owed.Add(new Owed($"exchange:{of.Key}", e.NextAt, new CustomerOperation.Exchange(of.Key, of.Msn, e.AuthReqId), Repeat.Once));
                break;
            case Enrolment.Reading e:
                owed.Add(new Owed($"user:{of.Key}", e.NextAt, new CustomerOperation.ReadUser(of.Key, of.Msn, e.AccessToken)));
                break;
        }
    }
}
