using System.Collections.Concurrent;
using System.Text.Json;
using ChainCheckout.Simulator.Access;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Ledgers;
using ChainCheckout.Simulator.Payments;
using ChainCheckout.Simulator.Schemas;
using ChainCheckout.Simulator.Time;

namespace ChainCheckout.Simulator.Loyalty;

/// <summary>
/// <c>POST /loyalty/v1/events</c>: one event a call, each id of a sales unit once. It can be away as a whole, and it
/// can be told to take so many calls a second.
/// </summary>
/// <param name="perSecondMax">Real time; 0 = as many as come.</param>
internal sealed class LoyaltyApi(SimulatedClock clock, Ledger ledger, int acceptedStatus, int perSecondMax)
{
    private readonly ConcurrentDictionary<(string Msn, string EventId), bool> _seen = new();
    private readonly SlidingWindow _passed = new(perSecondMax, TimeSpan.FromSeconds(1));
    private readonly Lock _gate = new();
    private long _repeats;
    private volatile bool _away;

    public bool Away
    {
        get => _away;
        set => _away = value;
    }

    /// <summary>Events taken, each once.</summary>
    public int Events => _seen.Count;

    /// <summary>Calls that brought an event which was there already.</summary>
    public long Repeats => Volatile.Read(ref _repeats);

    /// <summary>What stands in front of the keys.</summary>
    /// <returns>Null = go on.</returns>
    public Answer? Refuse(ApiRequest request)
    {
        if (_away) return Problems.Gateway(503, "Service Unavailable", request);
        if (perSecondMax == 0) return null;
        lock (_gate) return _passed.TryPass(clock.WallNow, out _) ? null : Problems.TooMany(request, 1);
    }

    public Answer Take(ApiRequest request, Caller caller)
    {
        if (request.Json() is not { } body) return Problems.From(Refusal.OfField("body", "Must be JSON."), request);
        var faults = new List<ExtraDetail>();
        LoyaltySchemas.Event.Check(body, "", faults);
        if (faults.Count > 0) return Problems.From(Refusal.OfFields(faults), request);
        var action = body.GetProperty("action").GetString()!;
        var payload = body.GetProperty("payload");
        LoyaltySchemas.PayloadOf(action).Check(payload, "payload", faults);
        if (faults.Count > 0) return Problems.From(Refusal.OfFields(faults), request);

        var eventId = body.GetProperty("eventId").GetString()!;
        if (_seen.TryAdd((caller.Required.Msn, eventId), true)) Note(caller.Required.Msn, eventId, action, body.GetProperty("timestamp").GetString()!, payload);
        else Interlocked.Increment(ref _repeats);
        return acceptedStatus == 202
            ? Answer.Empty(202)
            : Answer.Of(200, new AcceptedBody("accepted", eventId), SimulatorJson.Default.AcceptedBody);
    }

    private void Note(string msn, string eventId, string action, string timestamp, JsonElement payload) =>
        ledger.Append(new LedgerLine("loyalty")
        {
            Msn = msn,
            Event = action,
            EventId = eventId,
            Timestamp = timestamp,
            ContactId = payload.GetProperty("contactId").GetString(),
            Customer = CustomerHandle.Of(payload.GetProperty("phoneNumber").GetString()![1..]),
            Balance = BalanceOf(payload),
        });

    private static long? BalanceOf(JsonElement payload) =>
        payload.TryGetProperty("bonusPoints", out var points)
        && points.ValueKind == JsonValueKind.Object
        && points.TryGetProperty("balance", out var balance)
        && balance.ValueKind == JsonValueKind.Number
        && balance.TryGetInt64(out var number)
            ? number
            : null;
}
