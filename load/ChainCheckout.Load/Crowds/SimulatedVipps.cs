using System.Collections.Immutable;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainCheckout.Load.Crowds;

/// <summary>What the simulated Vipps has counted.</summary>
/// <param name="Calls">By name: token, exchange, create, get, events, capture, cancel, refund, approve,
/// webhooks.</param>
public sealed record VippsStats(
    ImmutableSortedDictionary<string, long> Calls, long WebhookDeliveries, int WebhooksWaiting);

/// <summary>The simulator's control API: its people, its counters, its ledger.</summary>
public sealed class SimulatedVipps(Uri address, double timeFactor) : ICrowd, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 16 })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(20),
    };

    public async Task<IReadOnlyList<Shopper>> PeopleAsync(int count, int seed, CancellationToken cancellation) =>
        await _http.GetFromJsonAsync(
            $"/simulator/customers?count={count}&seed={seed}", CrowdJson.Default.ShopperArray, cancellation) ?? [];

    public async ValueTask TellAsync(
        Shopper shopper, ShopperAnswer answer, TimeSpan after, CancellationToken cancellation)
    {
        var body = new ToldBody(answer, after.TotalSeconds * timeFactor);
        using var response = await _http.PostAsJsonAsync(
            $"/simulator/customers/{shopper.Msisdn}/script", body, CrowdJson.Default.ToldBody, cancellation);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask TellLoginAsync(
        Shopper shopper, LoginAnswer answer, TimeSpan after, CancellationToken cancellation)
    {
        var body = new LoginBody(answer, after.TotalSeconds * timeFactor, Email: answer == LoginAnswer.Accept);
        using var response = await _http.PostAsJsonAsync(
            $"/simulator/customers/{shopper.Msisdn}/login", body, CrowdJson.Default.LoginBody, cancellation);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The Loyalty API is there again.</summary>
    public async Task BringLoyaltyBackAsync(CancellationToken cancellation)
    {
        using var response = await _http.PostAsync("/simulator/loyalty/back", content: null, cancellation);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Switches these faults on, beside those that are.</summary>
    /// <param name="rules">A JSON array, in the simulator's words.</param>
    public async Task AddFaultsAsync(string rules, CancellationToken cancellation)
    {
        using var body = new StringContent(rules, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync("/simulator/faults", body, cancellation);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>No call fails any more.</summary>
    public async Task ClearFaultsAsync(CancellationToken cancellation)
    {
        using var response = await _http.DeleteAsync("/simulator/faults", cancellation);
        response.EnsureSuccessStatusCode();
    }

    public async Task<VippsStats> StatsAsync(CancellationToken cancellation) =>
        await _http.GetFromJsonAsync("/simulator/stats", CrowdJson.Default.VippsStats, cancellation)
        ?? throw new JsonException("The simulator told no counters.");

    /// <summary>Returns when every effect so far is in the ledger's file.</summary>
    public async Task FlushLedgerAsync(CancellationToken cancellation)
    {
        using var response = await _http.PostAsync("/simulator/ledger/flush", content: null, cancellation);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();
}

/// <param name="AfterSeconds">Simulated seconds between the push and the answer.</param>
internal sealed record ToldBody(ShopperAnswer Answer, double AfterSeconds);

internal sealed record LoginBody(LoginAnswer Answer, double AfterSeconds, bool Email);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, Converters = [typeof(ShopperAnswerNames), typeof(LoginAnswerNames)])]
[JsonSerializable(typeof(Shopper[]))]
[JsonSerializable(typeof(ToldBody))]
[JsonSerializable(typeof(LoginBody))]
[JsonSerializable(typeof(VippsStats))]
internal sealed partial class CrowdJson : JsonSerializerContext;

internal sealed class LoginAnswerNames() : JsonStringEnumConverter<LoginAnswer>(JsonNamingPolicy.CamelCase);

internal sealed class ShopperAnswerNames() : JsonStringEnumConverter<ShopperAnswer>(JsonNamingPolicy.CamelCase);
