using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Payments;
using ChainCheckout.Simulator.Schemas;
using Microsoft.AspNetCore.Http;

namespace ChainCheckout.Simulator.Control;

/// <summary>What a test or a person does to the simulated Vipps: <c>/simulator/…</c>, without keys.</summary>
internal sealed class ControlApi(VippsWorld world)
{
    public async ValueTask<Answer> AnswerAsync(ApiRequest request, IQueryCollection query)
    {
        try
        {
            var parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if ((request.Method, parts) is ("POST", [_, "ledger", "flush"]))
            {
                await world.Ledger.FlushAsync();
                return Answer.Empty(204);
            }

            return Route(request, parts, query);
        }
        catch (JsonException wrong)
        {
            return Problems.From(Refusal.OfField(wrong.Path ?? "body", wrong.Message), request);
        }
        catch (ArgumentException wrong)
        {
            return Problems.From(Refusal.OfField("body", wrong.Message), request);
        }
    }

    private Answer Route(ApiRequest request, string[] parts, IQueryCollection query) => (request.Method, parts) switch
    {
        ("GET", [_, "health"]) => Answer.Empty(200),
        ("GET", [_, "stats"]) => Answer.Of(200, world.Stats(), SimulatorJson.Default.StatsBody),
        ("GET", [_, "customers"]) => Customers(query),
        ("POST", [_, "customers", var msisdn, "script"]) => Script(request, msisdn),
        ("POST", [_, "customers", var msisdn, "login"]) => LoginScript(request, msisdn),
        ("POST", [_, "customers", var msisdn, "login", "accept"]) => LoginByHand(request, world.AcceptLogin(msisdn)),
        ("POST", [_, "customers", var msisdn, "login", "deny"]) => LoginByHand(request, world.DenyLogin(msisdn)),
        ("POST", [_, "login", "pings"]) => SetPings(request),
        ("POST", [_, "loyalty", "away"]) => SetLoyaltyAway(true),
        ("POST", [_, "loyalty", "back"]) => SetLoyaltyAway(false),
        ("POST", [_, "webhooks"]) => SendWebhook(request),
        ("POST", [_, "customers", var msisdn, "qr"]) => Mint(request, msisdn),
        ("GET", [_, "payments", var msn, var reference]) => Truth(request, msn, reference),
        ("POST", [_, "payments", var reference, "approve"]) => ActByHand(request, reference, query, approves: true),
        ("POST", [_, "payments", var reference, "refuse"]) => ActByHand(request, reference, query, approves: false),
        ("POST", [_, "tokens", "revoke"]) => Revoke(),
        ("GET", [_, "faults"]) => Answer.Of(200, [.. world.Faults.All()], SimulatorJson.Default.FaultCountArray),
        ("POST", [_, "faults"]) => AddFaults(request),
        ("DELETE", [_, "faults"]) => ClearFaults(),
        _ => Problems.From(new Refusal(404, "There is no such control", []), request),
    };

    private static Answer Customers(IQueryCollection query)
    {
        var count = Number(query, "count", 100);
        var seed = Number(query, "seed", 7);
        if (count is < 1 or > Population.CountMax)
            throw new ArgumentException($"count must be 1 to {Population.CountMax}.");
        var people = new Customer[count];
        for (var i = 0; i < count; i++) people[i] = Population.At(seed, i);
        return Answer.Of(200, people, SimulatorJson.Default.CustomerArray);
    }

    private static int Number(IQueryCollection query, string name, int otherwise)
    {
        if (!query.TryGetValue(name, out var text)) return otherwise;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ArgumentException($"{name} must be a number.");
    }

    private Answer Script(ApiRequest request, string msisdn)
    {
        var body = Read(request, SimulatorJson.Default.ScriptBody);
        if (!PaymentSchemas.IsMsisdn(msisdn) || body.AfterSeconds is not (>= 0 and < 1e7))
            throw new ArgumentException("The number must be digits with country code, afterSeconds 0 or more.");
        world.Tell(msisdn, body.Answer, TimeSpan.FromSeconds(body.AfterSeconds));
        return Answer.Empty(204);
    }

    private Answer LoginScript(ApiRequest request, string msisdn)
    {
        var body = Read(request, SimulatorJson.Default.LoginScriptBody);
        if (!PaymentSchemas.IsMsisdn(msisdn) || body.AfterSeconds is not (>= 0 and < 1e7))
            throw new ArgumentException("The number must be digits with country code, afterSeconds 0 or more.");
        if (body.Phone is { } phone && !PaymentSchemas.IsMsisdn(phone))
            throw new ArgumentException("phone must be digits with country code.");
        if (body.Sub is { Length: 0 }) throw new ArgumentException("sub must not be empty.");
        var after = TimeSpan.FromSeconds(body.AfterSeconds);
        world.TellLogin(
            msisdn,
            new LoginScript(body.Answer, after, body.Email, body.Sms, body.Phone, body.WithoutPhone, body.Sub));
        return Answer.Empty(204);
    }

    private static Answer LoginByHand(ApiRequest request, bool done) => done
        ? Answer.Empty(204)
        : Problems.From(new Refusal(409, "No login of this customer waits", []), request);

    private Answer SetPings(ApiRequest request)
    {
        world.LoginPings = Read(request, SimulatorJson.Default.LoginPingsBody).Pings;
        return Answer.Empty(204);
    }

    private Answer SetLoyaltyAway(bool away)
    {
        world.LoyaltyAway = away;
        return Answer.Empty(204);
    }

    /// <summary>For events whose payload is not published: whoever asks says what stands in it.</summary>
    private Answer SendWebhook(ApiRequest request)
    {
        var body = Read(request, SimulatorJson.Default.AnyWebhookBody);
        if (!Webhooks.EventTypes.IsKnown(body.Event)) throw new ArgumentException("event must be one that can be registered for.");
        if (body.Body.ValueKind != JsonValueKind.Object) throw new ArgumentException("body must be an object.");
        return world.SendWebhook(body.Msn, body.Event, body.Body)
            ? Answer.Empty(204)
            : Problems.From(new Refusal(409, "Nobody has registered for this event", []), request);
    }

    private Answer Mint(ApiRequest request, string msisdn)
    {
        var body = request.Body.Length == 0 ? new MintBody() : Read(request, SimulatorJson.Default.MintBody);
        if (!PaymentSchemas.IsMsisdn(msisdn))
            throw new ArgumentException("The number must be digits with country code.");
        var token = world.MintQr(msisdn, TimeSpan.FromSeconds(body.AgeSeconds), body.Expired);
        return Answer.Of(201, new MintedBody(token), SimulatorJson.Default.MintedBody);
    }

    private Answer Truth(ApiRequest request, string msn, string reference)
    {
        if (world.Find(msn, reference) is not { } payment)
            return Problems.From(new Refusal(404, "There is no such payment", []), request);
        var truth = new TruthBody(
            msn,
            PaymentBodies.Read(payment),
            payment.Order.ExpiresAt.ToString("O", CultureInfo.InvariantCulture),
            payment.Plan is { } plan
                ? new PlanBody(plan.Approves, plan.At.ToString("O", CultureInfo.InvariantCulture))
                : null,
            Array.ConvertAll([.. payment.Events], happened => PaymentBodies.Event(payment, happened)));
        return Answer.Of(200, truth, SimulatorJson.Default.TruthBody);
    }

    /// <summary>A reference is unique in a sales unit only; <c>?msn=</c> tells which, when there are several.</summary>
    private Answer ActByHand(ApiRequest request, string reference, IQueryCollection query, bool approves)
    {
        var msn = query["msn"].ToString();
        var units = world.Units.Select(unit => unit.Msn)
            .Where(candidate => (msn.Length == 0 || candidate == msn) && world.Find(candidate, reference) is not null)
            .ToList();
        if (units.Count == 0) return Problems.From(new Refusal(404, "There is no such payment", []), request);
        if (units.Count > 1)
            throw new ArgumentException("Several sales units have this reference: name one with ?msn=.");
        var done = approves ? world.Approve(units[0], reference) : world.Refuse(units[0], reference);
        return done
            ? Answer.Empty(204)
            : Problems.From(new Refusal(409, "The payment no longer waits for the customer", []), request);
    }

    private Answer Revoke()
    {
        world.RevokeTokens();
        return Answer.Empty(204);
    }

    private Answer AddFaults(ApiRequest request)
    {
        // One rule or several; all are judged before the first is switched on.
        var text = request.Body.AsSpan().TrimStart(" \t\r\n"u8);
        var rules = text.StartsWith("["u8)
            ? Read(request, SimulatorJson.Default.FaultRuleArray)
            : [Read(request, SimulatorJson.Default.FaultRule)];
        foreach (var rule in rules) Faults.FaultBook.Check(rule);
        foreach (var rule in rules) world.Faults.Add(rule);
        return Answer.Empty(204);
    }

    private Answer ClearFaults()
    {
        world.Faults.Clear();
        return Answer.Empty(204);
    }

    private static T Read<T>(ApiRequest request, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(request.Body, type) ?? throw new JsonException("The body must not be null.");
}
