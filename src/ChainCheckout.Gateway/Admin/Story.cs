using System.Text.Json.Serialization;
using ChainCheckout.Core.Payments;

namespace ChainCheckout.Gateway.Admin;

/// <summary>One payment as an operator reads it: nothing personal in it.</summary>
/// <param name="Stage">The stored stage: <c>creating, waiting, capturing, captured, cancelling, givingBack, unpaid, rebuilding, stopped</c>.</param>
public sealed record Story(
    string Reference, string SaleId, string Msn, string Stage, string? Reason, long AmountMinor, string Currency, long CapturedMinor,
    long RefundedMinor, IReadOnlyList<StoryLine> Timeline, IReadOnlyList<StoryRefund> Refunds)
{
    public static Story? Of(PaymentState state)
    {
        if (state is not PaymentState.Known known) return null;
        var of = known.Case;
        var (captured, refunded) = state switch
        {
            PaymentState.Captured c => (c.CapturedMinor, c.RefundedMinor),
            PaymentState.GivingBack g => (g.CapturedMinor, g.RefundedMinor),
            _ => (0L, 0L),
        };
        var name = state.GetType().Name;
        return new Story(
            of.Reference.ToString(), of.SaleId, of.Msn.ToString(), char.ToLowerInvariant(name[0]) + name[1..],
            state is PaymentState.Unpaid u ? u.Reason.ToString() : null, of.Amount.Minor, of.Amount.Currency.ToString(), captured, refunded,
            [.. of.Timeline.Select(line => new StoryLine(line.At, line.What, line.By))],
            [.. of.Refunds.Select(refund => new StoryRefund(refund.Key, refund.AmountMinor, refund.Stage.ToString(), refund.By, refund.Why))]);
    }
}

public sealed record StoryLine(DateTimeOffset At, string What, string? By);

public sealed record StoryRefund(string Key, long AmountMinor, string Stage, string By, string Why);

/// <summary>Counters since the start, for a person and for the demo.</summary>
public sealed record Figures(
    long Saves, long BytesSaved, long WakesSettled, long Batches, int ActorsLive, int Sessions, int Connections, int CommandsUnderWay,
    long WebhooksReceived, IReadOnlyDictionary<string, long> VippsCalls);

public sealed record Flagged(string Actor, string Flags);

public sealed record TillNow(string Till, string? Held, int Paid, long PaidMinor, int Other, long OtherMinor, int Refunded, long RefundedMinor);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Story[]))]
[JsonSerializable(typeof(Figures))]
[JsonSerializable(typeof(Flagged[]))]
[JsonSerializable(typeof(TillNow))]
[JsonSerializable(typeof(MemberRow[]))]
[JsonSerializable(typeof(ImportSums))]
[JsonSerializable(typeof(PhoneBody))]
[JsonSerializable(typeof(PublishBody))]
[JsonSerializable(typeof(MoveBody))]
[JsonSerializable(typeof(MemberResult))]
[JsonSerializable(typeof(MemberNow))]
[JsonSerializable(typeof(Letter[]))]
[JsonSerializable(typeof(LoyaltyBacklog))]
public sealed partial class AdminJson : JsonSerializerContext;
