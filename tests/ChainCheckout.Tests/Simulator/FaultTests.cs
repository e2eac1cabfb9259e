using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChainCheckout.Simulator;
using ChainCheckout.Simulator.Faults;
using ChainCheckout.Simulator.Payments;

namespace ChainCheckout.Tests.Simulator;

/// <summary>Over real HTTP, because most of these faults are of the wire.</summary>
[Collection(nameof(Timing))]
public sealed class FaultTests : IAsyncLifetime
{
    private const string Reference = "s041-t04-000123";
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private SimulatorHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await SimulatorHost.StartAsync(new SimulatorOptions { LedgerCalls = true });
        _http.BaseAddress = _host.Address;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/accesstoken/get");
        request.Headers.Add("client_id", "demo-client");
        request.Headers.Add("client_secret", "demo-secret");
        request.Headers.Add("Ocp-Apim-Subscription-Key", SimulatorOptions.DemoUnit.SubscriptionKey);
        using var response = await _http.SendAsync(request);
        var token = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        _http.DefaultRequestHeaders.Add("Authorization", $"Bearer {token["access_token"]}");
        _http.DefaultRequestHeaders.Add("Ocp-Apim-Subscription-Key", SimulatorOptions.DemoUnit.SubscriptionKey);
        _http.DefaultRequestHeaders.Add("Merchant-Serial-Number", "123456");
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Status_WithoutEffect_DoesNothing_AndTheSameKeyIsFreeAfterwards()
    {
        Fault(new FaultRule("create", FaultKind.Status, Status: 503, Times: 1));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await CreateAsync()).StatusCode);
        Assert.Null(Payment());

        Assert.Equal(HttpStatusCode.Created, (await CreateAsync()).StatusCode);
    }

    [Fact]
    public async Task Status_WithEffect_HasDoneIt_AndTheSameKeyGetsTheTrueAnswer()
    {
        Fault(new FaultRule("create", FaultKind.Status, Effect: true, Status: 500, Times: 1));

        Assert.Equal(HttpStatusCode.InternalServerError, (await CreateAsync()).StatusCode);
        Assert.NotNull(Payment());

        Assert.Equal(HttpStatusCode.Created, (await CreateAsync()).StatusCode);
        Assert.Single(_host.Ledger.Lines(), line => line.Kind == "created");
    }

    [Fact]
    public async Task Status_Definitive4xx_SticksToItsKey_ATransientCodeDoesNot()
    {
        Fault(new FaultRule("create", FaultKind.Status, Status: 400, ErrorCode: "5070", Times: 1));
        Assert.Equal(HttpStatusCode.BadRequest, (await CreateAsync("k-1")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await CreateAsync("k-1")).StatusCode);
        Assert.Null(Payment());
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync("k-2")).StatusCode);

        Fault(new FaultRule("capture", FaultKind.Status, Status: 400, ErrorCode: "6280", Times: 1));
        Assert.Equal(HttpStatusCode.BadRequest, (await CaptureAsync()).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await CaptureAsync()).StatusCode);
    }

    [Fact]
    public async Task Status_429_HasRetryAfterAndTheGatewaysForm()
    {
        Fault(new FaultRule("create", FaultKind.Status, Status: 429, RetryAfterSeconds: 3, Times: 1));

        using var response = await CreateAsync();

        Assert.Equal(TimeSpan.FromSeconds(3), response.Headers.RetryAfter!.Delta);
        Assert.Contains("\"statusCode\":429", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FaultKind.DropAnswer)]
    [InlineData(FaultKind.ResetMidBody)]
    public async Task BrokenConnection_WithEffect_HasDoneIt(FaultKind kind)
    {
        Fault(new FaultRule("create", kind, DelayMs: 20));

        await Assert.ThrowsAsync<HttpRequestException>(() => CreateAsync());

        Assert.NotNull(Payment());
    }

    [Fact]
    public async Task DropAnswer_WithoutEffect_HasDoneNothing()
    {
        Fault(new FaultRule("create", FaultKind.DropAnswer, Effect: false, DelayMs: 20));

        await Assert.ThrowsAsync<HttpRequestException>(() => CreateAsync());

        Assert.Null(Payment());
    }

    [Fact]
    public async Task LateEffect_IsDoneAfterTheCallerHasGone()
    {
        Fault(new FaultRule("create", FaultKind.LateEffect, DelayMs: 200));
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CreateAsync(cancellation: impatience.Token));
        Assert.Null(Payment());

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        while (Payment() is null) await Task.Delay(10, patience.Token);
    }

    [Fact]
    public async Task Delay_AnswersLate_WithTheTrueAnswer()
    {
        Fault(new FaultRule("create", FaultKind.Delay, DelayMs: 60));
        var started = TimeProvider.System.GetTimestamp();

        Assert.Equal(HttpStatusCode.Created, (await CreateAsync()).StatusCode);

        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task StaleRead_ShowsWhatWasBefore()
    {
        await CreateAsync();
        Fault(new FaultRule("get", FaultKind.StaleRead, DelayMs: 60_000, Times: 1));

        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync($"/epayment/v1/payments/{Reference}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync($"/epayment/v1/payments/{Reference}")).StatusCode);
    }

    [Fact]
    public async Task WrongAmount_ShowsAnotherThanItHas()
    {
        await CreateAsync();
        Fault(new FaultRule("get", FaultKind.WrongAmount, Times: 1));

        var shown = JsonNode.Parse(await _http.GetStringAsync($"/epayment/v1/payments/{Reference}"))!;

        Assert.Equal(20_100, (int)shown["amount"]!["value"]!);
        Assert.Equal(20_000, Payment()!.AmountMinor);
    }

    [Fact]
    public async Task GarbageHugeAndRedirect_ComeAsTold()
    {
        await CreateAsync();
        Fault(new FaultRule("get", FaultKind.Garbage, Times: 1));
        Fault(new FaultRule("get", FaultKind.Redirect, Times: 1));
        Fault(new FaultRule("get", FaultKind.HugeBody, Times: 1));
        var path = $"/epayment/v1/payments/{Reference}";

        Assert.StartsWith("<html>", await _http.GetStringAsync(path), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.TemporaryRedirect, (await _http.GetAsync(path)).StatusCode);
        using var huge = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await huge.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1024 * 1024]);
    }

    [Fact]
    public async Task Rules_OnlyForOnePaymentOrSoManyTimes_LeaveTheOthersAlone()
    {
        Fault(new FaultRule("create", FaultKind.Status, Reference: "s041-t04-999999"));

        Assert.Equal(HttpStatusCode.Created, (await CreateAsync()).StatusCode);
    }

    [Fact]
    public async Task Control_RulesByHttp_AreTakenListedAndCleared()
    {
        Assert.Equal(HttpStatusCode.NoContent, await RuleAsync("""
            {"call":"capture","fault":"status","status":400,"errorCode":"6280","probability":0.5,"times":3}
            """));
        Assert.Equal(HttpStatusCode.NoContent, await RuleAsync("""[{"call":"get","fault":"staleRead"}]"""));
        Assert.Equal(HttpStatusCode.BadRequest, await RuleAsync("""{"call":"pay","fault":"status"}"""));
        Assert.Equal(HttpStatusCode.BadRequest, await RuleAsync("""{"call":"get","fault":"lose"}"""));
        Assert.Equal(HttpStatusCode.BadRequest, await RuleAsync("""{"call":"get","fault":"status","tmies":1}"""));

        var listed = JsonNode.Parse(await _http.GetStringAsync("/simulator/faults"))!.AsArray();
        Assert.Equal(["capture", "get"], listed.Select(entry => (string)entry!["rule"]!["call"]!));
        Assert.Equal([0.5, 1.0], listed.Select(entry => (double)entry!["rule"]!["probability"]!));
        Assert.Equal(HttpStatusCode.NoContent, (await _http.DeleteAsync("/simulator/faults")).StatusCode);
        Assert.Equal("[]", await _http.GetStringAsync("/simulator/faults"));
    }

    [Fact]
    public async Task Control_StatsTruthCustomersAndHands_Answer()
    {
        var told = await PostAsync("/simulator/customers/4791234567/script", """{"answer":"manual"}""");
        Assert.Equal(HttpStatusCode.NoContent, told.StatusCode);
        await CreateAsync();
        Assert.Equal(
            HttpStatusCode.NoContent, (await PostAsync($"/simulator/payments/{Reference}/approve", "")).StatusCode);
        Assert.Equal(
            HttpStatusCode.Conflict, (await PostAsync($"/simulator/payments/{Reference}/refuse", "")).StatusCode);
        Assert.Equal(
            HttpStatusCode.NotFound, (await PostAsync("/simulator/payments/nobody-knows-1/refuse", "")).StatusCode);

        var stats = JsonNode.Parse(await _http.GetStringAsync("/simulator/stats"))!;
        var truth = JsonNode.Parse(await _http.GetStringAsync($"/simulator/payments/123456/{Reference}"))!;
        var people = await _http.GetFromJsonAsync<JsonElement[]>("/simulator/customers?count=50&seed=3");

        Assert.Equal((1, 1), ((int)stats["calls"]!["create"]!, (int)stats["payments"]!["authorized"]!));
        Assert.Equal("AUTHORIZED", (string)truth["payment"]!["state"]!);
        var last = ChainCheckout.Simulator.Customers.Population.At(3, 49);
        Assert.Equal(last.QrToken, people![49].GetProperty("qrToken").GetString());
        Assert.DoesNotContain("4791234567", truth.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_UnknownPathOrTooLarge_IsRefused()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync("/epayment/v2/payments")).StatusCode);
        var large = await PostAsync("/epayment/v1/payments", new string(' ', 70_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    private async Task<HttpStatusCode> RuleAsync(string rule) =>
        (await PostAsync("/simulator/faults", rule)).StatusCode;

    private void Fault(FaultRule rule) => _host.World.Faults.Add(rule);

    private Payment? Payment() => _host.World.Find("123456", Reference);

    private Task<HttpResponseMessage> CreateAsync(string key = "create-1", CancellationToken cancellation = default) =>
        PostAsync("/epayment/v1/payments", Merchant.CreateBody(Reference).ToJsonString(), key, cancellation);

    private Task<HttpResponseMessage> CaptureAsync() => PostAsync(
        $"/epayment/v1/payments/{Reference}/capture",
        """{"modificationAmount":{"currency":"NOK","value":20000}}""",
        "capture-1");

    private async Task<HttpResponseMessage> PostAsync(
        string path, string body, string? key = null, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await _http.SendAsync(request, cancellation);
    }
}
