using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChainCheckout.Simulator;
using ChainCheckout.Simulator.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCheckout.Tests.Simulator;

/// <summary>What a call was answered: its status, and its body read in the ways that tests ask.</summary>
internal sealed record Reply(int Status, string Text, string? ContentType, int? RetryAfterSeconds)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The vendor's error code, or null.</summary>
    public string? Code => Details("ErrorCode").FirstOrDefault();

    public IEnumerable<string> Details(string name) =>
        (Text.StartsWith('{') ? Json["extraDetails"]?.AsArray() ?? [] : [])
            .Where(detail => (string?)detail!["name"] == name)
            .Select(detail => (string)detail!["reason"]!);
}

/// <summary>A world with time by hand, and a merchant that calls it without a server between.</summary>
internal sealed class Merchant : IAsyncDisposable
{
    public const string Phone = "4791234567";
    private readonly string _token;
    private int _keys;

    public Merchant(SimulatorOptions? options = null)
    {
        World = new VippsWorld(options ?? new SimulatorOptions(), Time, NullLoggerFactory.Instance);
        Unit = (options ?? new SimulatorOptions()).Units[0];
        _token = NewToken();
    }

    public HandTime Time { get; } = new();

    public VippsWorld World { get; }

    public ChainCheckout.Simulator.Access.SalesUnit Unit { get; }

    public string Msn => Unit.Msn;

    public Dictionary<string, string?> Headers { get; } = [];

    public static JsonObject CreateBody(string reference, long amount = 20_000) => new()
    {
        ["amount"] = new JsonObject { ["currency"] = "NOK", ["value"] = amount },
        ["paymentMethod"] = new JsonObject { ["type"] = "WALLET" },
        ["customer"] = new JsonObject { ["phoneNumber"] = Phone },
        ["customerInteraction"] = "CUSTOMER_PRESENT",
        ["reference"] = reference,
        ["userFlow"] = "PUSH_MESSAGE",
        ["paymentDescription"] = "Store 41, till 4",
    };

    public Reply Create(string reference, long amount = 20_000, string? key = null) =>
        Post("/epayment/v1/payments", CreateBody(reference, amount), key);

    public Reply Get(string reference) => Send("GET", $"/epayment/v1/payments/{reference}", null);

    public Reply Capture(string reference, long amount, string? key = null, string currency = "NOK") =>
        Post($"/epayment/v1/payments/{reference}/capture", Modification(amount, currency), key);

    public Reply Refund(string reference, long amount, string? key = null) =>
        Post($"/epayment/v1/payments/{reference}/refund", Modification(amount, "NOK"), key);

    public Reply Cancel(string reference, bool? onlyIfNotApproved = null, string? key = null) => Post(
        $"/epayment/v1/payments/{reference}/cancel",
        onlyIfNotApproved is null ? null : new JsonObject { ["cancelTransactionOnly"] = onlyIfNotApproved },
        key);

    public Reply Post(string path, JsonNode? body, string? key = null) =>
        Send("POST", path, body?.ToJsonString(), key ?? $"key-{++_keys}");

    public Reply Send(string method, string path, string? body, string? key = null)
    {
        var headers = new HeaderDictionary
        {
            ["Authorization"] = $"Bearer {_token}",
            ["Ocp-Apim-Subscription-Key"] = Unit.SubscriptionKey,
            ["Merchant-Serial-Number"] = Unit.Msn,
            ["Content-Type"] = "application/json",
        };
        if (key is not null) headers["Idempotency-Key"] = key;
        foreach (var (name, value) in Headers)
        {
            if (value is null) headers.Remove(name);
            else headers[name] = value;
        }

        return Carry(method, path, headers, body);
    }

    public Reply AskToken(string clientId, string secret, string? subscriptionKey) => Carry(
        "POST",
        "/accesstoken/get",
        new HeaderDictionary
        {
            ["client_id"] = clientId,
            ["client_secret"] = secret,
            ["Ocp-Apim-Subscription-Key"] = subscriptionKey,
        },
        null);

    /// <summary>A call of the login: form encoding and the client's Basic authentication, nothing else.</summary>
    public Reply Form(string path, string form, params (string Name, string? Value)[] headers)
    {
        var pair = Encoding.UTF8.GetBytes($"{Unit.ClientId}:{Unit.ClientSecret}");
        var all = new HeaderDictionary
        {
            ["Authorization"] = $"Basic {Convert.ToBase64String(pair)}",
            ["Content-Type"] = "application/x-www-form-urlencoded",
        };
        foreach (var (name, value) in headers) all[name] = value;
        return Carry("POST", path, all, form);
    }

    /// <summary>A call with these headers only.</summary>
    public Reply Bare(string method, string path, params (string Name, string? Value)[] headers)
    {
        var all = new HeaderDictionary();
        foreach (var (name, value) in headers) all[name] = value;
        return Carry(method, path, all, null);
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();

    private string NewToken() =>
        (string)AskToken(Unit.ClientId, Unit.ClientSecret, Unit.SubscriptionKey).Json["access_token"]!;

    private Reply Carry(string method, string path, HeaderDictionary headers, string? body)
    {
        var bytes = body is null ? [] : Encoding.UTF8.GetBytes(body);
        var answer = World.CarryOut(new ApiRequest(Route.Match(method, path), method, path, headers, bytes));
        return new Reply(
            answer.Status, Encoding.UTF8.GetString(answer.Body), answer.ContentType, answer.RetryAfterSeconds);
    }

    private static JsonObject Modification(long amount, string currency) => new()
    {
        ["modificationAmount"] = new JsonObject { ["currency"] = currency, ["value"] = amount },
    };
}
