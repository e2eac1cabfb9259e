using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using ChainCheckout.Simulator.Access;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Ledgers;
using ChainCheckout.Simulator.Payments;
using ChainCheckout.Simulator.Schemas;

namespace ChainCheckout.Simulator.Webhooks;

/// <summary>Registering, listing and deleting webhooks, and telling them what happened.</summary>
internal sealed class WebhookApi(IReadOnlyList<SalesUnit> units, Postman postman, Ledger ledger, bool allowHttp)
{
    private static readonly ObjectSchema Body = new(
        new Field("url", new TextSchema(Min: 1, Max: 2_048), Required: true),
        new Field("events", new ListSchema(new TextSchema(Min: 1), Min: 1, Max: 100), Required: true));

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Guid, Registration> _registrations = new();
    private readonly ImmutableDictionary<string, ImmutableHashSet<string>> _unitsOfClient = units
        .GroupBy(unit => unit.ClientId)
        .ToImmutableDictionary(client => client.Key, client => client.Select(unit => unit.Msn).ToImmutableHashSet());

    public int Count => _registrations.Count;

    public Answer Register(ApiRequest request, Caller caller)
    {
        if (request.Json() is not { } body) return Problems.From(Refusal.OfField("body", "Must be JSON."), request);
        var faults = new List<ExtraDetail>();
        Body.Check(body, "", faults);
        if (faults.Count > 0) return Problems.From(Refusal.OfFields(faults), request);

        var url = WebhookUrl.Judge(body.GetProperty("url").GetString()!, allowHttp, out var refusal);
        if (url is null) return Problems.From(refusal!, request);
        var events =
            body.GetProperty("events").EnumerateArray().Select(item => item.GetString()!).Distinct().ToImmutableArray();
        if (events.FirstOrDefault(name => !EventTypes.IsKnown(name)) is { } unknown)
            return Problems.From(Refusal.OfField("events", $"{unknown} is not a known event."), request);

        lock (_gate)
        {
            if (events.FirstOrDefault(name => IsFull(caller, name)) is { } full)
                return Problems.From(
                    Refusal.OfField("events", $"No more registrations are allowed for {full}."), request);
            var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
            var registration = new Registration(Guid.NewGuid(), caller.Unit?.Msn, caller.ClientId, url, secret, events);
            postman.Open(registration);
            _registrations[registration.Id] = registration;
            ledger.Append(new LedgerLine("webhookRegistered") { Msn = registration.Msn });
            return Answer.Of(
                201, new RegisteredBody(registration.Id.ToString(), secret), SimulatorJson.Default.RegisteredBody);
        }
    }

    public Answer List(Caller caller)
    {
        var own = _registrations.Values.Where(registration => Owns(caller, registration))
            .Select(registration => new WebhookBody(
                registration.Id.ToString(), registration.Url.OriginalString, registration.Events));
        return Answer.Of(200, new WebhooksBody([.. own]), SimulatorJson.Default.WebhooksBody);
    }

    public Answer Delete(ApiRequest request, Caller caller)
    {
        if (!Guid.TryParseExact(request.Route.Argument, "D", out var id))
            return Problems.From(Refusal.OfField("id", "Must be a UUID."), request);
        if (!_registrations.TryGetValue(id, out var registration) || !Owns(caller, registration))
            return Problems.From(new Refusal(404, "The webhook does not exist", []), request);
        if (_registrations.TryRemove(id, out _))
        {
            postman.Close(id);
            ledger.Append(new LedgerLine("webhookDeleted") { Msn = registration.Msn });
        }

        return Answer.Empty(204);
    }

    /// <summary>
    /// Called in the order of the events, under the payment's lock: only puts the notice into its lanes.
    /// </summary>
    public void Tell(Payment payment, PaymentEvent happened) =>
        Tell(payment.Msn, EventTypes.Of(happened.Name), () => Notice.Of(payment, happened));

    /// <returns>How many registrations want it.</returns>
    public int Tell(string msn, string eventType, Func<Notice> write)
    {
        var posted = 0;
        foreach (var (id, registration) in _registrations)
        {
            if (!registration.Wants(msn, eventType, _unitsOfClient[registration.ClientId])) continue;
            postman.Post(id, write());
            posted++;
        }

        return posted;
    }

    private bool IsFull(Caller caller, string eventType) =>
        _registrations.Values.Count(
            registration => Owns(caller, registration) && registration.Events.Contains(eventType))
            >= EventTypes.RegistrationsMax(eventType);

    private static bool Owns(Caller caller, Registration registration) =>
        registration.ClientId == caller.ClientId && registration.Msn == caller.Unit?.Msn;
}
