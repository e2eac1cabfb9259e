using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using static ChainCheckout.Core.Payments.PaymentMessage;

namespace ChainCheckout.Tests.Payments;

/// <summary>Everything that a payment can hear, from its till, from Vipps and from its own calls, in good order or not.</summary>
internal static class PaymentAlphabet
{
    public static readonly TillId Till = new(42, 7);
    public static readonly PaymentReference Reference = new(Till, 3, 118);
    public static readonly Msn Msn = new("123456");
    public static readonly Money Amount = new(10_000, Currency.NOK);

    public static readonly PaymentOrder Order = new(
        Msisdn.TryParse("4791234567", out var phone) ? phone : default, "Corner shop, 7", [new OrderLine("1", "Coffee", 10_000, 1_500)], null);

    public static readonly Start Begin = new(Reference, Msn, "S1", Amount, "0123456789", Order);

    public static readonly VippsFault BadRequest = new(400, "4040");

    private static readonly PaymentMessage[] FromTill =
    [
        Begin,
        Begin with { Random = "abcdef0123" },
        Begin with { MayBeBegun = true },
        Begin with { Amount = Amount with { Minor = 20_000 } },
        Begin with { SaleId = "S2" },
        new Cancel(),
        new Ask(),
        new Tell(),
        Refund("r1", 3_000),
        Refund("r1", 4_000),
        Refund("r2", 7_000),
        Refund("r3", 10_001),
        Refund("r4", 0),
        Refund("r5", 100) with { AskedBy = new TillId(43, 1) },
        Refund("r6", 100) with { Amount = new Money(100, Currency.DKK) },
    ];

    private static readonly PaymentMessage[] FromItself =
    [
        Loaded.Instance,
        new TillTold(0, true), new TillTold(1_000, true), new TillTold(1, false),
        new RefundTold("r1", true), new RefundTold("r1", false), new RefundTold("r2", true), new RefundTold("r9", true),
    ];

    public static readonly PaymentRead[] Reads =
    [
        Read(PaymentStateAtVipps.Unknown),
        Read(PaymentStateAtVipps.Created),
        Read(PaymentStateAtVipps.Authorized),
        Read(PaymentStateAtVipps.Authorized, cancelled: 10_000),
        Read(PaymentStateAtVipps.Authorized, captured: 10_000),
        Read(PaymentStateAtVipps.Authorized, captured: 4_000),
        Read(PaymentStateAtVipps.Authorized, captured: 10_000, refunded: 3_000),
        Read(PaymentStateAtVipps.Authorized, captured: 10_000, refunded: 10_000),
        Read(PaymentStateAtVipps.Aborted),
        Read(PaymentStateAtVipps.Expired),
        Read(PaymentStateAtVipps.Terminated),
        Read(PaymentStateAtVipps.Authorized) with { Amount = Amount with { Minor = 20_000 }, AuthorizedMinor = 20_000 },
        Read(PaymentStateAtVipps.Authorized) with { Amount = Amount with { Currency = Currency.DKK } },
    ];

    public static readonly PaymentMessage[] All =
    [
        .. FromTill,
        .. FromItself,
        .. ((string[])["CREATED", "AUTHORIZED", "CAPTURED", "CANCELLED", "TERMINATED", "EXPIRED", "ABORTED", "REFUNDED"]).Select(name => new Hint(name)),
        new CreateAnswered(new VippsResult<PaymentCreated>.Ok(new PaymentCreated(Reference))),
        .. NotOk<PaymentCreated>().Select(result => new CreateAnswered(result)),
        new ReadAnswered(new VippsResult<PaymentRead?>.Ok(null)),
        .. Reads.Select(read => new ReadAnswered(new VippsResult<PaymentRead?>.Ok(read))),
        .. NotOk<PaymentRead?>().Select(result => new ReadAnswered(result)),
        .. Changes().Select(result => new CaptureAnswered(result)),
        .. Changes().Select(result => new CancelAnswered(result)),
        .. Changes().Select(result => new RefundAnswered("r1", result)),
        .. Changes().Select(result => new RefundAnswered("r2", result)),
        .. Changes().Select(result => new RefundAnswered($"{Reference}-g1", result)),
    ];

    public static GiveBack Refund(string key, long minor) => new(Reference, Msn, key, Till, Amount with { Minor = minor }, "Kari", "wrong size");

    public static PaymentRead Read(PaymentStateAtVipps state, long captured = 0, long refunded = 0, long cancelled = 0) => new(
        state, Amount, state == PaymentStateAtVipps.Authorized ? Amount.Minor : 0, captured, refunded, cancelled);

    /// <summary>The payment as a read that found it.</summary>
    public static ReadAnswered Found(PaymentRead read) => new(new VippsResult<PaymentRead?>.Ok(read));

    /// <summary>The read that such an answer carries, whichever call it answers; null where it carries none.</summary>
    public static PaymentRead? Shown(PaymentMessage message) => message switch
    {
        ReadAnswered { Result: VippsResult<PaymentRead?>.Ok { Value: { } read } } => read,
        CaptureAnswered { Result: VippsResult<PaymentRead>.Ok { Value: var read } } => read,
        CancelAnswered { Result: VippsResult<PaymentRead>.Ok { Value: var read } } => read,
        RefundAnswered { Result: VippsResult<PaymentRead>.Ok { Value: var read } } => read,
        _ => null,
    };

    private static IEnumerable<VippsResult<PaymentRead>> Changes() =>
        [.. Reads.Select(read => new VippsResult<PaymentRead>.Ok(read)), .. NotOk<PaymentRead>()];

    private static VippsResult<T>[] NotOk<T>() =>
    [
        new VippsResult<T>.Refused(BadRequest),
        new VippsResult<T>.Refused(new VippsFault(409)),
        new VippsResult<T>.Refused(new VippsFault(400, "4150")),
        new VippsResult<T>.Later(new VippsFault(0), null),
        new VippsResult<T>.Later(new VippsFault(429), TimeSpan.FromSeconds(20)),
        new VippsResult<T>.Later(new VippsFault(429), TimeSpan.FromMinutes(20)),
        new VippsResult<T>.Unknown("timeout"),
    ];
}
