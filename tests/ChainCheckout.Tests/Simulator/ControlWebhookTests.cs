using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ChainCheckout.Simulator;

namespace ChainCheckout.Tests.Simulator;

/// <summary>Webhooks that are sent by hand, over real HTTP, because that is how they are asked for.</summary>
[Collection(nameof(Timing))]
public sealed class ControlWebhookTests : IAsyncLifetime
{
    private const string Seeding = "benefits.membership.seeding.v1";
    private const string CheckedIn = "user.checked-in.v1";

    private static readonly SimulatorOptions Options = new() { AllowHttpWebhooks = true, WebhookWorkers = 2 };

    private readonly HttpClient _http = new();
    private SimulatorHost _host = null!;
    private WebhookReceiver _receiver = null!;
    private string _secret = "";

    public async Task InitializeAsync()
    {
        _host = await SimulatorHost.StartAsync(Options);
        _receiver = await WebhookReceiver.StartAsync();
        _http.BaseAddress = _host.Address;
        var unit = SimulatorOptions.DemoUnit;
        using var ask = new HttpRequestMessage(HttpMethod.Post, "/accesstoken/get");
        ask.Headers.Add("client_id", unit.ClientId);
        ask.Headers.Add("client_secret", unit.ClientSecret);
        ask.Headers.Add("Ocp-Apim-Subscription-Key", unit.SubscriptionKey);
        var token = (string)(await JsonAsync(ask))["access_token"]!;
        using var register = new HttpRequestMessage(HttpMethod.Post, "/webhooks/v1/webhooks")
        {
            Content = JsonContent.Create(new { url = _receiver.Url, events = new[] { Seeding } }),
        };
        register.Headers.Add("Authorization", $"Bearer {token}");
        register.Headers.Add("Ocp-Apim-Subscription-Key", unit.SubscriptionKey);
        register.Headers.Add("Merchant-Serial-Number", unit.Msn);
        _secret = (string)(await JsonAsync(register))["secret"]!;
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Webhook_ComesAsItWasGiven_SignedForTheRegistration()
    {
        const string body = """{ "phoneNumber":"+4791234567", "name":"K\u00e5re Ødegård", "half":"\ud800", "n":1.50 }""";

        Assert.Equal(204, await SendAsync("123456", Seeding, body));

        var received = Assert.Single(await _receiver.ExpectAsync(1));
        Assert.Equal(body, Encoding.UTF8.GetString(received.Body));
        var url = new Uri(_receiver.Url);
        var text = $"POST\n{url.PathAndQuery}\n{received.Date};{url.Authority};{Convert.ToBase64String(SHA256.HashData(received.Body))}";
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(_secret), Encoding.UTF8.GetBytes(text));
        Assert.EndsWith($"&Signature={Convert.ToBase64String(mac)}", received.Authorization, StringComparison.Ordinal);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!_host.Ledger.Lines().Any(line => line is { Kind: "webhookSent", Event: Seeding, Status: 200 }))
            await Task.Delay(10, patience.Token);
    }

    [Fact]
    public async Task Webhooks_DoNotWaitForOneAnother()
    {
        var gate = new TaskCompletionSource();
        _receiver.Answer = received =>
        {
            if ((int)received.Json["number"]! == 1) gate.Task.Wait(TimeSpan.FromSeconds(5));
            return 200;
        };

        await SendAsync("123456", Seeding, """{"number":1}""");
        await SendAsync("123456", Seeding, """{"number":2}""");

        Assert.Equal([1, 2], (await _receiver.ExpectAsync(2)).Select(one => (int)one.Json["number"]!).Order());
        gate.SetResult();
    }

    [Theory]
    [InlineData("123456", CheckedIn)]
    [InlineData("654321", Seeding)]
    public async Task Webhook_ThatNobodyHasRegisteredFor_Is409(string msn, string eventType)
    {
        Assert.Equal(409, await SendAsync(msn, eventType, "{}"));
        Assert.Empty(_receiver.All);
    }

    [Theory]
    [InlineData("benefits.membership.seeding.v2", "{}")]
    [InlineData("", "{}")]
    [InlineData(Seeding, "[]")]
    [InlineData(Seeding, "null")]
    [InlineData(Seeding, "\"{}\"")]
    [InlineData(Seeding, "17")]
    [InlineData(Seeding, "{")]
    public async Task Webhook_OfAnUnknownEvent_OrWithoutAnObject_Is400(string eventType, string body)
    {
        Assert.Equal(400, await SendAsync("123456", eventType, body));
        Assert.Empty(_receiver.All);
    }

    [Theory]
    [InlineData("""{"event":"benefits.membership.seeding.v1","body":{}}""")]
    [InlineData("""{"msn":"123456","body":{}}""")]
    [InlineData("""{"msn":"123456","event":null,"body":{}}""")]
    [InlineData("""{"msn":"123456","event":"benefits.membership.seeding.v1"}""")]
    [InlineData("""{"msn":"123456","event":"benefits.membership.seeding.v1","body":{},"x":1}""")]
    [InlineData("")]
    public async Task Request_WithoutAllThree_OrWithMore_Is400(string request) => Assert.Equal(400, await PostAsync(request));

    private Task<int> SendAsync(string msn, string eventType, string body) =>
        PostAsync($$"""{"msn":"{{msn}}","event":"{{eventType}}","body":{{body}}}""");

    private async Task<int> PostAsync(string request)
    {
        using var response = await _http.PostAsync("/simulator/webhooks", new StringContent(request));
        return (int)response.StatusCode;
    }

    private async Task<JsonNode> JsonAsync(HttpRequestMessage request)
    {
        using var response = await _http.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
