using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ChainCheckout.Simulator;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Faults;
using ChainCheckout.Simulator.Login;

namespace ChainCheckout.Tests.Simulator;

/// <summary>Over real HTTP, because what a ping overtakes is an answer on the wire.</summary>
[Collection(nameof(Timing))]
public sealed class LoginPingTests : IAsyncLifetime
{
    private const string Ping = "login.merchant-initiated.ping.v1";
    private const string Authentication = "/vipps-login-ciba/api/backchannel/authentication";

    private readonly HttpClient _http = new();
    private SimulatorHost _host = null!;
    private WebhookReceiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _host = await SimulatorHost.StartAsync(new SimulatorOptions { AllowHttpWebhooks = true, WebhookWorkers = 2 });
        _receiver = await WebhookReceiver.StartAsync();
        _http.BaseAddress = _host.Address;
        using var ask = new HttpRequestMessage(HttpMethod.Post, "/accesstoken/get");
        ask.Headers.Add("client_id", "demo-client");
        ask.Headers.Add("client_secret", "demo-secret");
        ask.Headers.Add("Ocp-Apim-Subscription-Key", SimulatorOptions.DemoUnit.SubscriptionKey);
        using var asked = await _http.SendAsync(ask);
        var token = (string)JsonNode.Parse(await asked.Content.ReadAsStringAsync())!["access_token"]!;
        using var register = new HttpRequestMessage(HttpMethod.Post, "/webhooks/v1/webhooks")
        {
            Content = JsonContent.Create(new { url = _receiver.Url, events = new[] { Ping } }),
        };
        register.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        register.Headers.Add("Ocp-Apim-Subscription-Key", SimulatorOptions.DemoUnit.SubscriptionKey);
        register.Headers.Add("Merchant-Serial-Number", "123456");
        using var registered = await _http.SendAsync(register);
        registered.EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Ping_Accepted_TellsTheIdAndNothingElse_AndTheLedgerTheNumber()
    {
        var id = await LoginAsync();

        var received = Assert.Single(await _receiver.ExpectAsync(1));

        Assert.Equal($$"""{"auth_req_id":"{{id}}"}""", Encoding.UTF8.GetString(received.Body));
        Assert.StartsWith("HMAC-SHA256 ", received.Authorization, StringComparison.Ordinal);
        await WaitAsync(() => _host.Ledger.Lines().Any(line => line is { Kind: "webhookSent", Event: Ping, Login: 1 }));
    }

    [Fact]
    public async Task Ping_Denied_ComesToo()
    {
        await ControlAsync($"customers/{Merchant.Phone}/login", """{"answer":"manual"}""");
        await LoginAsync();
        Assert.Empty(_receiver.All);

        await ControlAsync($"customers/{Merchant.Phone}/login/deny");

        await _receiver.ExpectAsync(1);
        Assert.Equal(LoginState.Denied, _host.World.LoginOf(Merchant.Phone));
        using var again = await _http.PostAsync($"/simulator/customers/{Merchant.Phone}/login/accept", null);
        Assert.Equal(409, (int)again.StatusCode);
    }

    [Fact]
    public async Task Ping_Twice_ComesTwice()
    {
        await ControlAsync("login/pings", """{"pings":"twice"}""");
        await LoginAsync();

        var received = await _receiver.ExpectAsync(2);

        Assert.Equal(received[0].Body, received[1].Body);
    }

    [Fact]
    public async Task Ping_None_NeverComes()
    {
        await ControlAsync("login/pings", """{"pings":"none"}""");
        await LoginAsync();
        await Task.Delay(50);

        Assert.Empty(_receiver.All);
        Assert.Equal(LoginState.Accepted, _host.World.LoginOf(Merchant.Phone));
    }

    [Fact]
    public async Task Ping_Early_ComesBeforeTheAnswer()
    {
        await ControlAsync("login/pings", """{"pings":"early"}""");
        _host.World.TellLogin(Merchant.Phone, new LoginScript(LoginAnswer.Accept, TimeSpan.FromMilliseconds(100)));
        var login = LoginAsync();
        var cameFirst = false;
        _receiver.Answer = _ =>
        {
            cameFirst = !login.IsCompleted;
            return 200;
        };

        await login;

        Assert.Single(_receiver.All);
        Assert.True(cameFirst);
    }

    [Fact]
    public async Task Faults_NameTheNewCalls_AndEffectAndAnswerAreApart()
    {
        _host.World.Faults.Add(new FaultRule("login", FaultKind.Status, Effect: true, Status: 500, Times: 1));
        _host.World.Faults.Add(new FaultRule("discovery", FaultKind.Status, Status: 503, Times: 1));
        foreach (var call in new[] { "checkIn", "userExists", "loginToken", "userInfo", "loyalty" })
            _host.World.Faults.Add(new FaultRule(call, FaultKind.Garbage, Times: 1));

        using var failed = await SendAsync();

        Assert.Equal((500, "server_error"), ((int)failed.StatusCode, (string)(await JsonAsync(failed))["error"]!));
        Assert.Contains(_host.Ledger.Lines(), line => line.Kind == "loginAccepted");
        const string discovery = "/access-management-1.0/access/.well-known/openid-configuration";
        using var away = await _http.GetAsync(discovery);
        using var back = await _http.GetAsync(discovery);
        Assert.Equal((503, 200), ((int)away.StatusCode, (int)back.StatusCode));
        Assert.Equal(TimeSpan.FromHours(1), back.Headers.CacheControl!.MaxAge);
    }

    [Fact]
    public async Task Control_LoyaltyAwayAndBack_AndStatsCountEveryPost()
    {
        await ControlAsync("loyalty/away");
        Assert.True(_host.World.LoyaltyAway);
        using var refused = await _http.PostAsync("/loyalty/v1/events", null);
        Assert.Equal(503, (int)refused.StatusCode);
        await ControlAsync("loyalty/back");
        using var unkeyed = await _http.PostAsync("/loyalty/v1/events", null);
        Assert.Equal(401, (int)unkeyed.StatusCode);

        using var answered = await _http.GetAsync("/simulator/stats");
        var stats = await JsonAsync(answered);

        Assert.Equal((2, 2), ((int)stats["calls"]!["loyalty"]!, (int)stats["loyalty"]!["posts"]!));
        Assert.Equal((0, 0), ((int)stats["loyalty"]!["events"]!, (int)stats["calls"]!["checkIn"]!));
    }

    [Theory]
    [InlineData("login/pings", """{"pings":"sometimes"}""")]
    [InlineData("customers/4791234567/login", """{"answer":"approve"}""")]
    [InlineData("customers/4791234567/login", """{"answer":"accept","phone":"+47"}""")]
    [InlineData("customers/4791234567/login", """{"answer":"accept","afterSeconds":-1}""")]
    public async Task Control_WrongBody_Is400(string path, string body)
    {
        using var response = await _http.PostAsync($"/simulator/{path}", new StringContent(body));

        Assert.Equal(400, (int)response.StatusCode);
    }

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    private static async Task WaitAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!holds()) await Task.Delay(10, patience.Token);
    }

    private async Task<string> LoginAsync()
    {
        using var response = await SendAsync();
        return (string)(await JsonAsync(response))["auth_req_id"]!;
    }

    private async Task<HttpResponseMessage> SendAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Authentication)
        {
            Content = new FormUrlEncodedContent(
            [
                KeyValuePair.Create("scope", "openid"),
                KeyValuePair.Create("login_hint", $"urn:msisdn:{Merchant.Phone}"),
            ]),
        };
        var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes("demo-client:demo-secret"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", pair);
        return await _http.SendAsync(request);
    }

    private async Task ControlAsync(string path, string body = "")
    {
        using var response = await _http.PostAsync($"/simulator/{path}", new StringContent(body));
        Assert.Equal(204, (int)response.StatusCode);
    }
}
