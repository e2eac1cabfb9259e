using System.Security.Cryptography;
using System.Text;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using static ChainCheckout.Core.Tills.TillMessage;

namespace ChainCheckout.Tests.Tills;

/// <summary>Everything that a till can hear in a state: from its two roles, its gateway, its operator, and those whom it asked.</summary>
internal static class TillAlphabet
{
    public static readonly TillId Id = new(42, 7);
    public static readonly ChainSecret Secret = new(Encoding.ASCII.GetBytes("a pseudonym secret for the tests"));
    public static readonly StoreProfile Profile =
        new(42, "Corner shop", new Msn("123456"), Country.NO, Currency.NOK, "Europe/Oslo", Language.En);

    public static readonly PaymentReference Foreign = new(Id, 1, 9_999);
    public const string Qr = "https://qr.vipps.no/p/abcdef";
    public const string OtherQr = "https://qr.vipps.no/p/ghijkl";

    private static readonly System.Collections.Immutable.ImmutableArray<OrderLine> Lines = [new OrderLine("1", "Coffee", 10_000, 1_500)];

    public static readonly TillCommand[] Good =
    [
        new TillCommand.Scan(Qr, null), new TillCommand.Scan(OtherQr, "S1"), new TillCommand.Scan(Qr, "S2"),
        new TillCommand.Phone("912 34 567", null), new TillCommand.Phone("91234567", "S1"), new TillCommand.Phone("+4512345678", "S2"),
        Pay("S1", 10_000), Pay("S1", 20_000), Pay("S2", 10_000), Pay("S1", 10_000) with { Lines = Lines, MinimumAge = 18 },
        new TillCommand.Cancel("S1"), new TillCommand.Cancel("S2"),
        Complete("S1", 10_000), Complete("S1", 20_000), Complete("S2", 10_000),
        new TillCommand.Close(null), new TillCommand.Close("S1"), new TillCommand.Close("S2"),
        Refund("s42-t7-1-5", 500),
        new TillCommand.Enrol(null, false), new TillCommand.Enrol("S1", true), new TillCommand.Enrol("S2", false),
    ];

    public static readonly (TillCommand Command, string Field)[] Bad =
    [
        (new TillCommand.Scan("", null), "qr"),
        (new TillCommand.Scan(new string('x', 600), null), "qr"),
        (new TillCommand.Scan("https://qr.vipps.no.evil.com/p/x", "S1"), "qr"),
        (new TillCommand.Scan("4111 1111 1111 1111", null), "qr"),
        (new TillCommand.Scan("hello", null), "qr"),
        (new TillCommand.Phone("123456", null), "phone"),
        (new TillCommand.Phone("", "S1"), "phone"),
        (Pay("S1", 10_000) with { HasCoupons = true }, "coupons"),
        (Pay("S1", 99), "amountMinor"),
        (Pay("S1", 65_000_001), "amountMinor"),
        (Pay("S1", 10_000) with { Currency = "DKK" }, "currency"),
        (Pay("S1", 10_000) with { Currency = "nok" }, "currency"),
        (Pay("S1", 10_000) with { MinimumAge = 101 }, "minimumAge"),
        (Pay("S1", 10_001) with { Lines = Lines }, "lines"),
        (Pay("S1", 10_000) with { Lines = [Lines[0] with { TaxRate = -1 }] }, "lines[0].taxRate"),
        (Pay("S1", 10_000) with { Lines = [Lines[0] with { TotalMinor = -1 }] }, "lines[0].totalMinor"),
        (Pay("S1", 10_000) with { Lines = [Lines[0] with { DiscountMinor = -1 }] }, "lines[0].discountMinor"),
        (Complete("S1", 10_000) with { Lines = [Lines[0] with { UnitPriceMinor = -1 }] }, "lines[0].unitPriceMinor"),
        (Complete("S1", 10_000) with { Tender = "cash" }, "tender"),
        (Complete("S1", 0), "amountMinor"),
        (Complete("S1", 10_000) with { Currency = "EUR" }, "currency"),
        (Refund("nonsense", 500), "reference"),
        (Refund("s43-t7-1-5", 500), "reference"),
        (Refund("s42-t7-1-5", 0), "amountMinor"),
        (Refund("s42-t7-1-5", 500) with { Currency = "SEK" }, "currency"),
    ];

    private static readonly TillCommand[] Sent = [.. Good, .. Bad.Select(one => one.Command)];
    private static readonly TillCommand ByScanner = Pay("S1", 10_000);

    public static TillCommand.Pay Pay(string saleId, long minor) => new(saleId, minor, "NOK", [], false, null);

    public static TillCommand.Complete Complete(string saleId, long minor) => new(saleId, "other", minor, "NOK", []);

    public static TillCommand.Refund Refund(string reference, long minor) => new(reference, minor, "NOK", "Kari", "broken");

    public static Hello Hello(TillRole role, uint epoch, uint answered) => new(role, epoch, answered, Profile);

    /// <summary>The next command of a role, in the session that it has.</summary>
    public static Command Next(TillState s, TillCommand body, TillRole role = TillRole.Pos) =>
        new(role, s.Of(role).Session, s.Of(role).LastNumber + 1, HashOf(body), "0123456789", body);

    private static readonly Dictionary<object, string> Hashes =
        Sent.Append(ByScanner).ToDictionary<TillCommand, object, string>(body => body, Hash, ReferenceEqualityComparer.Instance);

    public static string HashOf(TillCommand body) => Hashes.TryGetValue(body, out var known) ? known : Hash(body);

    private static string Hash(TillCommand body)
    {
        var text = body switch
        {
            TillCommand.Pay p => $"{p with { Lines = [] }} {string.Join(';', p.Lines)}",
            TillCommand.Complete c => $"{c with { Lines = [] }} {string.Join(';', c.Lines)}",
            _ => body.ToString(),
        };
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
    }

    public static IEnumerable<TillMessage> Messages(TillState s, DateTimeOffset now)
    {
        foreach (var role in (TillRole[])[TillRole.Pos, TillRole.Scanner])
        {
            var own = s.Of(role);
            yield return Hello(role, own.Epoch, own.LastNumber);
            yield return Hello(role, 0, 0);
            yield return Hello(role, PaymentReference.EpochMax, 0);
            yield return new Gone(role, own.Session);
            yield return new Gone(role, own.Session + 1);
            yield return new Watch(role, own.Session, s.Version);
            yield return new Watch(role, own.Session, s.Version - 1);
            yield return new Watch(role, own.Session + 1, s.Version);
            foreach (var odd in OddlyNumbered(s, role)) yield return odd;
        }

        yield return Hello(TillRole.Pos, s.Pos.Epoch + 2, s.Pos.LastNumber);
        yield return Hello(TillRole.Pos, s.Pos.Epoch, s.Pos.LastNumber + 1);
        yield return new Watch(TillRole.Pos, s.Pos.Session, s.Version + 3);
        yield return new Release();
        yield return TillMessage.Loaded.Instance;
        yield return new Tell();
        foreach (var body in Sent) yield return Next(s, body);
        yield return Next(s, Good[0], TillRole.Scanner);
        yield return Next(s, Good[1], TillRole.Scanner);
        yield return Next(s, ByScanner, TillRole.Scanner);
        foreach (var answer in Answers(s, now)) yield return answer;
        yield return new StayedAway();
    }

    private static IEnumerable<TillMessage> OddlyNumbered(TillState s, TillRole role)
    {
        var scan = Next(s, Good[0], role);
        yield return scan with { Number = s.Of(role).LastNumber };
        yield return scan with { Number = s.Of(role).LastNumber, Hash = s.Of(role).LastHash };
        yield return scan with { Number = s.Of(role).LastNumber + 2 };
        if (s.Of(role).LastNumber > 0) yield return scan with { Number = s.Of(role).LastNumber - 1 };
        yield return scan with { Session = s.Of(role).Session + 1 };
        if (s.Of(role).Session > 0) yield return scan with { Session = s.Of(role).Session - 1 };
    }

    private static IEnumerable<TillMessage> Answers(TillState s, DateTimeOffset now)
    {
        var scan = (s.Customer as Identity.Identifying)?.Number ?? 1;
        var phone = Msisdn.TryParse("4791234567", out var parsed) ? parsed : default;
        foreach (var result in Exchanges(phone, now))
        {
            yield return new Exchanged(scan, result);
        }

        yield return new Exchanged(scan + 1, new VippsResult<QrExchanged>.Ok(new QrExchanged(phone, "1.0", null)));
        if (s.Customer is Identity.Identified known)
        {
            foreach (var card in Cards) yield return new CustomerMet(known.Id, true, card);
            yield return new CustomerMet(known.Id, false);
            yield return new CustomerElsewhere(known.Id, s.VisitKey);
            yield return new CustomerElsewhere(known.Id, "another visit");
            yield return new Forget(known.Id);
        }

        yield return new CustomerMet(new CustomerId("somebody else"), true, MemberCard.NotAMember);
        yield return new CustomerElsewhere(new CustomerId("somebody else"), s.VisitKey);
        foreach (var said in Enrolments(s, now)) yield return said;
        yield return new HeldLongEnough((s.Sale as Sale.Holding)?.SaleId ?? "S1");
        var credited = s.CreditsOwed.Select(owed => owed.Reference).FirstOrDefault(Foreign);
        yield return new CreditTold(credited, true);
        yield return new CreditTold(credited, false);
        var reference = (s.Sale as Sale.Paying)?.Attempt.Reference ?? Foreign;
        foreach (var status in Statuses(reference, now)) yield return new PaymentSays(status);
        yield return new PaymentSays(new PaymentStatus(new PaymentReference(Id, 1, 8_888), PaymentStanding.Captured, 9, new Money(10_000, Currency.NOK), null, "", null));
        yield return new PaymentSilent(reference);
        yield return new PaymentLost(reference, "UnheardOf");
        var key = s.Refund?.Key ?? "none";
        foreach (var stage in Enum.GetValues<RefundStage>()) yield return new RefundSays(key, stage, stage == RefundStage.Refused ? "6150" : "", false);
        yield return new RefundSays(key, RefundStage.Done, "", true);
        yield return new RefundSays("another", RefundStage.Done, "", false);
        foreach (var code in (string[])["NotPaid", "UnknownPayment", "OtherStore", "WrongCurrency", "Stopped"]) yield return new RefundRefused(key, code);
        yield return new RefundSilent(key);
    }

    private static readonly MemberCard[] Cards =
        [MemberCard.Unknown, MemberCard.NotAMember, new(MembershipKind.Member, "m-1", 120, 1, new Secret("Kari"))];

    private static IEnumerable<TillMessage> Enrolments(TillState s, DateTimeOffset now)
    {
        var key = (s.Customer as Identity.Identified)?.Enrol?.Key ?? "none";
        foreach (var stage in Enum.GetValues<EnrolmentStage>())
        {
            var card = stage is EnrolmentStage.Joined or EnrolmentStage.AlreadyMember ? Cards[2] : null;
            var ends = stage == EnrolmentStage.Waiting ? now + TimeSpan.FromMinutes(5) : (DateTimeOffset?)null;
            yield return new EnrolmentSays(new EnrolmentStatus(key, stage, 1, ends, card));
        }

        yield return new EnrolmentSays(new EnrolmentStatus(key, EnrolmentStage.Asking, 0, null));
        yield return new EnrolmentSays(new EnrolmentStatus("another", EnrolmentStage.Joined, 9, null, Cards[2]));
        yield return new EnrolmentSilent(key);
    }

    private static IEnumerable<VippsResult<QrExchanged>> Exchanges(Msisdn phone, DateTimeOffset now) =>
    [
        new VippsResult<QrExchanged>.Ok(new QrExchanged(phone, "2.0", now)),
        new VippsResult<QrExchanged>.Ok(new QrExchanged(phone, "2.0", now - TimeSpan.FromHours(1))),
        new VippsResult<QrExchanged>.Refused(new VippsFault(400)),
        new VippsResult<QrExchanged>.Later(new VippsFault(429), TimeSpan.FromSeconds(1)),
        new VippsResult<QrExchanged>.Unknown("timeout"),
    ];

    public static IEnumerable<PaymentStatus> Statuses(PaymentReference reference, DateTimeOffset now)
    {
        var amount = new Money(10_000, Currency.NOK);
        foreach (var standing in Enum.GetValues<PaymentStanding>().Where(one => one != PaymentStanding.Unpaid))
        {
            var ends = standing == PaymentStanding.Waiting ? now + TimeSpan.FromMinutes(10) : (DateTimeOffset?)null;
            yield return new PaymentStatus(reference, standing, 1, amount, null, "", ends);
        }

        foreach (var reason in Enum.GetValues<UnpaidReason>()) yield return new PaymentStatus(reference, PaymentStanding.Unpaid, 1, amount, reason, "", null);
        yield return new PaymentStatus(reference, PaymentStanding.Unpaid, 1, amount, UnpaidReason.NotCreated, "7010", null);
    }

}
