using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Vipps.EPayment;

/// <summary>
/// What ePayment v1 answers. Fields that are not known are passed over; one that is needed and missing, or of another
/// payment or currency, makes the outcome unknown: better to read again than to believe half an answer.
/// </summary>
internal static class PaymentAnswers
{
    public static VippsResult<PaymentCreated> Created(ReadOnlySpan<byte> body, PaymentReference reference)
    {
        var answer = JsonSerializer.Deserialize(body, PaymentAnswerJson.Default.PaymentDto);
        return answer?.Reference switch
        {
            null => new VippsResult<PaymentCreated>.Unknown("answer without reference"),
            { } other when other != reference.ToString() =>
                new VippsResult<PaymentCreated>.Unknown("answer of another reference"),
            _ => new VippsResult<PaymentCreated>.Ok(new PaymentCreated(reference)),
        };
    }

    /// <param name="currency">The currency that the payment must have, where it is known.</param>
    public static VippsResult<PaymentRead> Payment(
        ReadOnlySpan<byte> body, PaymentReference reference, Currency? currency)
    {
        var answer = JsonSerializer.Deserialize(body, PaymentAnswerJson.Default.PaymentDto);
        if (answer?.State is not { } state) return Lacks("state");
        if (answer.Reference is { } other && other != reference.ToString())
            return Unknown("answer of another reference");
        if (Money(answer.Amount) is not { } amount) return Lacks("amount");
        if (currency is { } wanted && amount.Currency != wanted) return Unknown("answer in another currency");
        if (answer.Aggregate is not { } sums) return Lacks("aggregate");
        if (!TrySum(sums.AuthorizedAmount, amount.Currency, out var authorized)) return Lacks("authorizedAmount");
        if (!TrySum(sums.CapturedAmount, amount.Currency, out var captured)) return Lacks("capturedAmount");
        if (!TrySum(sums.RefundedAmount, amount.Currency, out var refunded)) return Lacks("refundedAmount");
        if (!TrySum(sums.CancelledAmount, amount.Currency, out var cancelled)) return Lacks("cancelledAmount");

        return new VippsResult<PaymentRead>.Ok(new PaymentRead(
            State(state), amount, authorized, captured, refunded, cancelled, At(answer.CaptureGuaranteedUntil)));
    }

    public static VippsResult<ImmutableArray<PaymentEventRead>> Events(ReadOnlySpan<byte> body)
    {
        var answer = JsonSerializer.Deserialize(body, PaymentAnswerJson.Default.PaymentEventDtoArray);
        if (answer is null) return new VippsResult<ImmutableArray<PaymentEventRead>>.Unknown("answer without events");
        var events = ImmutableArray.CreateBuilder<PaymentEventRead>(answer.Length);
        foreach (var dto in answer)
        {
            if (dto?.Name is not { Length: > 0 } name
                || Money(dto.Amount) is not { } amount
                || At(dto.Timestamp) is not { } at)
            {
                return new VippsResult<ImmutableArray<PaymentEventRead>>.Unknown("an event lacks a field");
            }

            events.Add(new PaymentEventRead(name, dto.PspReference ?? "", amount, at, dto.IdempotencyKey,
                dto.Success ?? true));
        }

        return new VippsResult<ImmutableArray<PaymentEventRead>>.Ok(events.MoveToImmutable());
    }

    private static VippsResult<PaymentRead> Lacks(string field) =>
        Unknown($"answer without {field}, or with an unreadable one");

    private static VippsResult<PaymentRead> Unknown(string reason) => new VippsResult<PaymentRead>.Unknown(reason);

    private static PaymentStateAtVipps State(string text) => text switch
    {
        "CREATED" => PaymentStateAtVipps.Created,
        "AUTHORIZED" => PaymentStateAtVipps.Authorized,
        "ABORTED" => PaymentStateAtVipps.Aborted,
        "EXPIRED" => PaymentStateAtVipps.Expired,
        "TERMINATED" => PaymentStateAtVipps.Terminated,
        _ => PaymentStateAtVipps.Unknown,
    };

    private static Money? Money(AmountDto? dto) =>
        dto is { Value: { } value and >= 0 } && Currencies.TryParse(dto.Currency, out var currency)
            ? new Money(value, currency)
            : null;

    private static bool TrySum(AmountDto? dto, Currency currency, out long minor)
    {
        var money = Money(dto);
        minor = money?.Minor ?? 0;
        return money?.Currency == currency;
    }

    private static DateTimeOffset? At(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : null;
}

internal sealed class PaymentDto
{
    public string? Reference { get; set; }

    public string? State { get; set; }

    public AmountDto? Amount { get; set; }

    public AggregateDto? Aggregate { get; set; }

    public string? CaptureGuaranteedUntil { get; set; }
}

internal sealed class AggregateDto
{
    public AmountDto? AuthorizedAmount { get; set; }

    public AmountDto? CapturedAmount { get; set; }

    public AmountDto? RefundedAmount { get; set; }

    public AmountDto? CancelledAmount { get; set; }
}

internal sealed class AmountDto
{
    public string? Currency { get; set; }

    public long? Value { get; set; }
}

internal sealed class PaymentEventDto
{
    public string? Name { get; set; }

    public string? PspReference { get; set; }

    public AmountDto? Amount { get; set; }

    public string? Timestamp { get; set; }

    public string? IdempotencyKey { get; set; }

    public bool? Success { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(PaymentDto))]
[JsonSerializable(typeof(PaymentEventDto[]))]
internal sealed partial class PaymentAnswerJson : JsonSerializerContext;
