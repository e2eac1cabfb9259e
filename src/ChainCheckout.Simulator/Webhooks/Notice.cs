using System.Text.Json;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Payments;

namespace ChainCheckout.Simulator.Webhooks;

/// <summary>One event on its way to one registration.</summary>
internal sealed class Notice(string lane, string msn, string? reference, string eventType, Func<byte[]> write)
{
    private byte[]? _body;

    /// <summary>Notices of one lane arrive in order: the payment, the login.</summary>
    public string Lane => lane;

    public string Msn => msn;

    public string? Reference => reference;

    /// <summary>The ledger's number of the login that it is about.</summary>
    public long? Login { get; init; }

    /// <summary>Ends when the notice has been tried for the first time.</summary>
    public TaskCompletionSource? FirstTried { get; init; }

    public string EventType => eventType;

    /// <summary>Written at the first try, outside the payment's lock, and the same bytes at every retry.</summary>
    public byte[] Body => _body ??= write();

    public int Attempts { get; set; }

    /// <summary>Simulated instant of the first try.</summary>
    public DateTimeOffset? FirstTry { get; set; }

    /// <summary>A fault has already had its turn with the next try.</summary>
    public bool FaultTaken { get; set; }

    public static Notice Of(Payment payment, PaymentEvent happened) => new(
        $"{payment.Msn}/{payment.Reference}",
        payment.Msn,
        payment.Reference,
        EventTypes.Of(happened.Name),
        () => JsonSerializer.SerializeToUtf8Bytes(
            PaymentBodies.Webhook(payment, happened), SimulatorJson.Default.WebhookEventBody));

    /// <summary>
    /// The same event out of its order: in a lane of its own, where nothing waits for it and it for nothing.
    /// </summary>
    public Notice OutOfOrder() =>
        new($"{lane}#{eventType}", msn, reference, eventType, () => Body)
        {
            Login = Login,
            FirstTried = FirstTried,
            FaultTaken = true,
        };
}
