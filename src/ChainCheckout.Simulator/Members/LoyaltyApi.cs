using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChainCheckout.Simulator.Access;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Ledgers;
using ChainCheckout.Simulator.Schemas;

namespace ChainCheckout.Simulator.Members;

/// <summary>
/// <c>POST /loyalty/v1/events</c>: one event a call, write only. Strict on what is known of it, open on what is not.
/// </summary>
internal sealed partial class LoyaltyApi(SimulatorOptions options, Ledger ledger, TimeProvider wall)
{
    private static readonly string[] Headers =
        ["Merchant-Serial-Number", "Vipps-System-Name", "Vipps-System-Version", "Vipps-System-Plugin-Name", "Vipps-System-Plugin-Version"];

    private static readonly Field ContactId = new("contactId", new TextSchema(Min: 1, Max: 100), Required: true);
    private static readonly Field Phone = new("phoneNumber", new TextSchema(Pattern: E164()), Required: true);

    private static readonly ObjectSchema Member = new(
        ContactId,
        Phone,
        new Field("joinedOn", new TextSchema(Pattern: Instant()), Required: true),
        new Field("bonusPoints", new ObjectSchema(new Field("balance", new WholeSchema(), Required: true)), Required: true),
        new Field(
            "communicationPreferences",
            new ObjectSchema(
                new Field("acceptsEmail", new FlagSchema(), Required: true),
                new Field("acceptsSms", new FlagSchema(), Required: true),
                new Field("acceptsPostal", new FlagSchema(), Required: true)),
            Required: true));

    private static readonly ObjectSchema Coupon = new(
        ContactId,
        Phone,
        new Field(
            "coupon",
            new ObjectSchema(
                new Field("id", new TextSchema(Min: 1, Max: 100), Required: true),
                new Field("parentId", new TextSchema(Min: 1, Max: 100)),
                new Field("heading", new TextSchema(Min: 1, Max: 200), Required: true),
                new Field("description", new TextSchema()),
                new Field("expiresOn", new TextSchema(Pattern: Instant()), Required: true),
                new Field("redeemed", new FlagSchema(), Required: true),
                new Field(
                    "redemption",
                    new ObjectSchema(
                        new Field("type", new TextSchema(Min: 1, Max: 100), Required: true),
                        new Field("link", new TextSchema(Min: 1)),
                        new Field("promotionCode", new TextSchema(Min: 1))))),
            Required: true));

    /// <summary>Null: the payload is not published, so whatever has the two ids is taken.</summary>
    private static readonly Dictionary<string, ObjectSchema?> Actions = new(StringComparer.Ordinal)
    {
        ["benefits.member.registered"] = Member,
        ["benefits.member.updated"] = Member,
        ["benefits.member.deleted"] = null,
        ["benefits.coupon.updated"] = Coupon,
        ["benefits.coupon.deleted"] = null,
        ["benefits.coupons.synced"] = null,
        ["benefits.stampCard.updated"] = null,
        ["benefits.stampCard.deleted"] = null,
        ["benefits.stampCards.synced"] = null,
        ["benefits.bonusCheck.created"] = null,
        ["benefits.bonusCheck.deleted"] = null,
    };

    private readonly ConcurrentDictionary<(string Msn, string EventId), bool> _seen = new();
    private readonly Lock _gate = new();
    private long _second;
    private int _inSecond;
    private volatile bool _isAway = options.LoyaltyAway;

    public bool IsAway
    {
        get => _isAway;
        set => _isAway = value;
    }

    public Answer Publish(ApiRequest request, Caller caller)
    {
        if (_isAway) return Answer.Empty(503);
        if (IsTooMuch()) return Problems.TooMany(request, 1);
        var faults = new List<ExtraDetail>();
        foreach (var name in Headers)
        {
            if (string.IsNullOrEmpty(request.Header(name))) faults.Add(new ExtraDetail(name, "The header is required."));
        }

        if (faults.Count == 0) Check(request.Json(), faults);
        if (faults.Count > 0) return Problems.From(Refusal.OfFields(faults), request);

        var body = request.Json()!.Value;
        var (id, payload) = (body.GetProperty("eventId").GetString()!, body.GetProperty("payload"));
        if (_seen.TryAdd((caller.Required.Msn, id), true)) Note(caller.Required.Msn, id, body, payload);
        return options.LoyaltyStatus == 202
            ? Answer.Empty(202)
            : Answer.Of(200, new AcceptedBody("accepted", id), SimulatorJson.Default.AcceptedBody);
    }

    private static void Check(JsonElement? given, List<ExtraDetail> faults)
    {
        if (given is not { ValueKind: JsonValueKind.Object } body)
        {
            faults.Add(new ExtraDetail("body", "Must be a JSON object."));
            return;
        }

        var action = body.TryGetProperty("action", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString()! : "";
        var isKnown = Actions.TryGetValue(action, out var payload);
        new ObjectSchema(
            new Field("eventId", new TextSchema(Min: 1, Max: 100), Required: true),
            new Field("timestamp", new TextSchema(Pattern: Instant()), Required: true),
            new Field("action", new TextSchema(OneOf: [.. Actions.Keys]), Required: true),
            new Field("payload", isKnown && payload is not null ? payload : new MapSchema(), Required: true)).Check(body, "", faults);
        if (faults.Count > 0 || payload is not null) return;
        foreach (var field in (Field[])[ContactId, Phone])
        {
            if (body.GetProperty("payload").TryGetProperty(field.Name, out var value)) field.Schema.Check(value, $"payload.{field.Name}", faults);
            else faults.Add(new ExtraDetail($"payload.{field.Name}", "The field is required."));
        }
    }

    private void Note(string msn, string id, JsonElement body, JsonElement payload) => ledger.Append(new LedgerLine("loyalty")
    {
        Msn = msn,
        EventId = id,
        Event = body.GetProperty("action").GetString(),
        ContactId = payload.GetProperty("contactId").GetString(),
        Customer = Customer.HandleOf(payload.GetProperty("phoneNumber").GetString()!.TrimStart('+')),
        Timestamp = body.GetProperty("timestamp").GetString(),
        Balance = payload.TryGetProperty("bonusPoints", out var points) ? points.GetProperty("balance").GetInt64() : null,
    });

    private bool IsTooMuch()
    {
        if (options.LoyaltyPerSecondMax == 0) return false;
        lock (_gate)
        {
            var second = wall.GetUtcNow().ToUnixTimeSeconds();
            if (second != _second) (_second, _inSecond) = (second, 0);
            return ++_inSecond > options.LoyaltyPerSecondMax;
        }
    }

    [GeneratedRegex(@"^\+[1-9][0-9]{7,14}$")]
    private static partial Regex E164();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex Instant();
}
