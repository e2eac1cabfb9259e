using System.Text.Json;
using ChainCheckout.Simulator.Access;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Schemas;
using ChainCheckout.Simulator.Time;

namespace ChainCheckout.Simulator.Payments;

/// <summary>The ePayment calls. Each counts against its payment's limit first, then asks its key, then acts.</summary>
internal sealed class PaymentApi(
    PaymentBook book, IdempotencyKeys keys, CreateRules rules, CustomerBook customers, SimulatedClock clock)
{
    public Answer Create(ApiRequest request, Caller caller) => Mutate(request, caller, keyRequired: true, (slot, key) =>
    {
        if (request.Json() is not { } body) return Problems.From(NotJson, request);
        var unit = caller.Required;
        var order = rules.Judge(body, unit, clock.Now, out var refusal);
        if (order is null) return Problems.From(refusal!, request);
        if (book.Settled(slot) is not null)
            return Problems.From(Refusal.Code("4150", "The reference is already used", status: 409), request);
        book.Change(slot, PaymentMachine.Create(order, customers.Plan(order), key));
        book.Settled(slot);
        return Answer.Of(201, new CreatedBody(order.Reference, order.RedirectUrl), SimulatorJson.Default.CreatedBody);
    });

    public Answer Capture(ApiRequest request, Caller caller) =>
        Mutate(request, caller, keyRequired: true, (slot, key) =>
        ReadAmount(request, out var currency, out var minor) is { } fault
            ? Problems.From(fault, request)
            : Act(request, slot, payment =>
                PaymentMachine.Capture(
                    payment, currency, minor, caller.Required.PartialCaptureAllowed, clock.Now, key)));

    public Answer Refund(ApiRequest request, Caller caller) => Mutate(request, caller, keyRequired: true, (slot, key) =>
        ReadAmount(request, out var currency, out var minor) is { } fault
            ? Problems.From(fault, request)
            : Act(request, slot, payment => PaymentMachine.Refund(payment, currency, minor, clock.Now, key)));

    public Answer Cancel(ApiRequest request, Caller caller) =>
        Mutate(request, caller, keyRequired: false, (slot, key) =>
        ReadCancel(request, out var onlyIfNotApproved) is { } fault
            ? Problems.From(fault, request)
            : Act(request, slot, payment => PaymentMachine.Cancel(payment, onlyIfNotApproved, clock.Now, key)));

    /// <param name="behind">Real time that the read is behind the writes; null = not at all.</param>
    public Answer Get(ApiRequest request, Caller caller, TimeSpan? behind) => Read(request, caller, behind, payment =>
        Answer.Of(200, PaymentBodies.Read(payment), SimulatorJson.Default.PaymentBody) with { Shows = payment });

    public Answer Events(ApiRequest request, Caller caller, TimeSpan? behind) =>
        Read(request, caller, behind, payment =>
    {
        var events = Array.ConvertAll([.. payment.Events], happened => PaymentBodies.Event(payment, happened));
        return Answer.Of(200, events, SimulatorJson.Default.EventBodyArray);
    });

    /// <summary>The vendor's force approve, for tests.</summary>
    public Answer Approve(ApiRequest request, Caller caller)
    {
        if (request.Json() is not { } body) return Problems.From(NotJson, request);
        var faults = new List<ExtraDetail>();
        PaymentSchemas.ForceApprove.Check(body, "", faults);
        if (faults.Count > 0) return Problems.From(Refusal.OfFields(faults), request);
        if (body.TryGetProperty("customer", out var customer) == body.TryGetProperty("token", out _))
            return Problems.From(
                Refusal.OfField("customer", "Exactly one of customer and token must be set."), request);
        if (customer.ValueKind == JsonValueKind.Object && rules.FindCustomer(customer, out _) is { } refusal)
            return Problems.From(refusal, request);
        var slot = book.Slot(caller.Required.Msn, SlotName(request));
        lock (slot.Gate)
        {
            var answer = Act(request, slot, payment => PaymentMachine.Approve(payment, clock.Now));
            return answer.Status == 200 ? Answer.Empty(200) : answer;
        }
    }

    /// <summary>A hand that is not the merchant's: approves or refuses, as the customer would.</summary>
    /// <returns>False when there is no such payment, or it no longer waits.</returns>
    public bool ActByHand(string msn, string reference, bool approves)
    {
        if (book.Find(msn, reference) is not { } slot) return false;
        lock (slot.Gate)
        {
            if (book.Settled(slot) is not { } payment) return false;
            var turn = approves
                ? PaymentMachine.Approve(payment, clock.Now)
                : PaymentMachine.Refuse(payment, clock.Now);
            book.Change(slot, turn.Next);
            return turn.Refusal is null;
        }
    }

    private static Refusal NotJson => Refusal.OfField("body", "Must be JSON.");

    private static Refusal NotFound => Refusal.Code("5090", "The payment does not exist", status: 404);

    private Answer Mutate(ApiRequest request, Caller caller, bool keyRequired, Func<PaymentSlot, string?, Answer> act)
    {
        var msn = caller.Required.Msn;
        var slot = book.Slot(msn, SlotName(request));
        TimeSpan wait;
        lock (slot.Gate)
        {
            if (!slot.Mutations.TryPass(clock.Now, out wait)) return Problems.TooMany(request, clock.RealSeconds(wait));
        }

        var key = request.Header("Idempotency-Key");
        if (string.IsNullOrEmpty(key))
        {
            if (keyRequired)
                return Problems.From(Refusal.OfField("Idempotency-Key", "The header is required."), request);
            lock (slot.Gate) return act(slot, null);
        }

        if (key.Length > Limits.IdempotencyKeyMax)
            return Problems.From(Refusal.OfField("Idempotency-Key", "Must have at most 50 characters."), request);
        return keys.Once(msn, key, request, () =>
        {
            lock (slot.Gate) return act(slot, key);
        });
    }

    private Answer Act(ApiRequest request, PaymentSlot slot, Func<Payment, Turn> turn)
    {
        if (book.Settled(slot) is not { } payment) return Problems.From(NotFound, request);
        var (next, refusal) = turn(payment);
        if (refusal is not null) return Problems.From(refusal, request);
        book.Change(slot, next);
        return Answer.Of(
            200, PaymentBodies.Modified(next), SimulatorJson.Default.ModificationBody) with { Shows = next };
    }

    private Answer Read(ApiRequest request, Caller caller, TimeSpan? behind, Func<Payment, Answer> show)
    {
        var slot = book.Slot(caller.Required.Msn, SlotName(request));
        Payment? payment;
        lock (slot.Gate)
        {
            if (!slot.Reads.TryPass(clock.Now, out var wait)) return Problems.TooMany(request, clock.RealSeconds(wait));
            payment = book.Settled(slot);
            if (behind is { } age) payment = slot.Newest?.AsOf(clock.WallNow - age);
        }

        return payment is null ? Problems.From(NotFound, request) : show(payment);
    }

    /// <summary>
    /// A reference that cannot be one shares one bucket with all others of that sort, as at the vendor.
    /// </summary>
    private static string SlotName(ApiRequest request) =>
        request.Reference() is { } reference && PaymentSchemas.IsReference(reference) ? reference : "";

    private static Refusal? ReadAmount(ApiRequest request, out string currency, out long minor)
    {
        (currency, minor) = ("", 0);
        if (request.Json() is not { } body) return NotJson;
        var faults = new List<ExtraDetail>();
        PaymentSchemas.Modification.Check(body, "", faults);
        if (faults.Count > 0) return Refusal.OfFields(faults);
        var amount = body.GetProperty("modificationAmount");
        currency = amount.GetProperty("currency").GetString()!;
        minor = amount.GetProperty("value").GetInt64();
        return null;
    }

    private static Refusal? ReadCancel(ApiRequest request, out bool onlyIfNotApproved)
    {
        onlyIfNotApproved = false;
        if (request.Body.Length == 0) return null;
        if (request.Json() is not { } body) return NotJson;
        var faults = new List<ExtraDetail>();
        PaymentSchemas.Cancel.Check(body, "", faults);
        if (faults.Count > 0) return Refusal.OfFields(faults);
        onlyIfNotApproved = body.TryGetProperty("cancelTransactionOnly", out var flag) && flag.GetBoolean();
        return null;
    }
}
