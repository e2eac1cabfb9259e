using System.Net;
using System.Text.Json.Nodes;
using ChainCheckout.Gateway.Admin;
using ChainCheckout.Gateway.Webhooks;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Tests.EndToEnd;
using ChainCheckout.Tests.Tidy;
using Microsoft.Extensions.DependencyInjection;

namespace ChainCheckout.Tests.Gateway;

/// <summary>A shop that lets itself be scraped from outside, too.</summary>
public sealed class ScrapedShop : ShopFixture
{
    internal int MetricsPort { get; } = Shop.FreePort();

    private protected override void Change(JsonObject settings) =>
        settings["Gateway"]!["Metrics"] = new JsonObject { ["Address"] = "127.0.0.1", ["Port"] = MetricsPort };
}

public sealed class MetricsTests(ScrapedShop fixture) : IClassFixture<ScrapedShop>
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task ThePage_NeedsNoTokenAndIsInTheTextFormat()
    {
        using var admin = _shop.Admin(null);

        var answer = await admin.GetAsync("/metrics");
        var families = MetricsText.Read(await answer.Content.ReadAsStringAsync());

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.All(families.Values, family => Assert.EndsWith(family.Type == "counter" ? "_total" : "", family.Name, StringComparison.Ordinal));
        Assert.All(families.Values, family => Assert.True(family.Help.Length > 0));
        Assert.Equal(HttpStatusCode.Unauthorized, (await admin.PostAsync("/metrics", null)).StatusCode);
    }

    [Fact]
    public async Task ASale_IsCountedWhereItPassed()
    {
        var before = await ScrapeAsync();
        var till = await _shop.TillAsync(1);
        await till.SellsAsync(_shop, "sale-1");
        await Shop.UntilAsync(() => _shop.Services.GetRequiredService<WebhookEndpoint>().Received > before.Of("chaincheckout_webhooks_total", "result=\"taken\""), "a webhook");

        var after = await ScrapeAsync();

        Assert.Equal(1, after.Of("chaincheckout_ready"));
        Assert.True(Rise("chaincheckout_saves_total") > 3);
        Assert.True(Rise("chaincheckout_saved_bytes_total") > 100);
        Assert.True(Rise("chaincheckout_sqlite_batches_total") > 0);
        Assert.True(Rise("chaincheckout_till_commands_total", "outcome=\"done\"") >= 2);
        Assert.True(Rise("chaincheckout_till_hellos_total", "result=\"welcomed\"") >= 1);
        Assert.True(Rise("chaincheckout_vipps_calls_total", "api=\"epayment\",call=\"capture\",outcome=\"ok\"") >= 1);
        Assert.True(Rise("chaincheckout_vipps_call_seconds_total", "api=\"epayment\",call=\"capture\",outcome=\"ok\"") > 0);
        Assert.True(after.Of("chaincheckout_actors", "kind=\"till\"") >= 1);
        Assert.True(after.Of("chaincheckout_till_sessions") >= 1);
        Assert.True(after["chaincheckout_till_command_seconds"].Samples.Single(sample => sample.Name.EndsWith("_count", StringComparison.Ordinal)).Value >= 2);
        Assert.True(after.Of("process_cpu_seconds_total") > 0);

        double Rise(string name, string labels = "") => after.Of(name, labels) - before.Of(name, labels);
    }

    [Fact]
    public async Task WhatIsRefused_IsCountedByItsReason()
    {
        var before = await ScrapeAsync();
        using var vipps = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_shop.WebhookPort}") };
        await vipps.PostAsync($"/vipps/webhooks/{Shop.Msn}", new StringContent("{}"));
        await vipps.GetAsync("/elsewhere");
        await using var stranger = await RawTill.ConnectAsync(_shop);
        await stranger.ShakeAsync(99, _shop.SecretOf(1));
        await stranger.ShakeAsync(1, _shop.SecretOf(2));

        var after = await ScrapeAsync();

        Assert.True(Rise("chaincheckout_webhooks_total", "result=\"forged\"") >= 1);
        Assert.True(Rise("chaincheckout_webhooks_total", "result=\"astray\"") >= 1);
        Assert.True(Rise("chaincheckout_till_hellos_total", "result=\"unknown_till\"") >= 1);
        Assert.True(Rise("chaincheckout_till_hellos_total", "result=\"wrong_credential\"") >= 1);

        double Rise(string name, string labels) => after.Of(name, labels) - before.Of(name, labels);
    }

    [Fact]
    public async Task AHeldTill_IsAFlaggedActorUntilItIsReleased()
    {
        await using var till = await RawTill.WelcomeAsync(_shop, 9, lastEpoch: 7);
        using var admin = _shop.Admin();

        var held = (await ScrapeAsync()).Of("chaincheckout_flagged_actors", "flag=\"Held\"");
        await admin.PostAsync("/admin/tills/1/9/release", null);
        var released = (await ScrapeAsync()).Of("chaincheckout_flagged_actors", "flag=\"Held\"");

        Assert.Equal((1, 0), (held, released));
    }

    [Fact]
    public async Task FurtherSales_BringNoFurtherSeriesAndNothingThatNamesAnybody()
    {
        var first = await SellAsync(2, "4791234601");
        var before = Series(await ScrapeAsync());

        var second = await SellAsync(3, "4791234602");
        using var admin = _shop.Admin(null);
        var text = await admin.GetStringAsync("/metrics");

        Assert.Equal(before, Series(MetricsText.Read(text)));
        foreach (var name in new[] { first, second, "91234601", "91234602", "0001-02", "0001-03", "s1-t", "Storgata", Shop.Msn, "unheard-of" })
            Assert.DoesNotContain(name, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(_shop.AllSecrets, secret => text.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheDoorForScrapers_HasMetricsAndHealthAndNothingElse()
    {
        using var outside = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{fixture.MetricsPort}") };
        outside.DefaultRequestHeaders.Authorization = new("Bearer", Shop.AdminToken);

        Assert.NotEmpty(MetricsText.Read(await outside.GetStringAsync("/metrics")));
        Assert.Equal(HttpStatusCode.OK, (await outside.GetAsync("/health/ready")).StatusCode);
        foreach (var page in new[] { "/admin/figures", "/admin/flagged", "/", "/metrics/more", $"/vipps/webhooks/{Shop.Msn}" })
            Assert.Equal(HttpStatusCode.NotFound, (await outside.GetAsync(page)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await outside.PostAsync("/admin/tills/1/1/release", null)).StatusCode);
    }

    [Fact]
    public async Task EveryFamily_IsInTheOperatorsTable()
    {
        var told = (await ScrapeAsync()).Values.Where(family => family.Name.StartsWith("chaincheckout_", StringComparison.Ordinal))
            .Select(family => $"{family.Name} {family.Type} {string.Join(' ', LabelsOf(family))}".TrimEnd()).Order(StringComparer.Ordinal);
        var rows = MetricsDocTests.Rows.Where(row => row.Where != "cluster")
            .Select(row => $"{row.Name} {row.Type} {string.Join(' ', row.Labels)}".TrimEnd()).Order(StringComparer.Ordinal);

        Assert.Equal(rows, told);
    }

    [Fact]
    public async Task AQuestionThatFails_TakesItsFamilyAloneOutOfTheScrape()
    {
        var isAway = false;
        var board = new MetricsBoard([new Asking(() => isAway ? throw new IOException("away") : 7)], TimeProvider.System);

        var there = await ReadAsync(board);
        isAway = true;
        var away = await ReadAsync(board);
        isAway = false;
        var back = await ReadAsync(board);

        Assert.Equal(7, there.Of("asked", "of=\"storage\""));
        Assert.Empty(away["asked"].Samples);
        Assert.Equal(1, away.Of("known"));
        Assert.Equal(7, back.Of("asked", "of=\"storage\""));
    }

    private static IEnumerable<string> LabelsOf(Family family) => family.Samples
        .SelectMany(sample => sample.Labels.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(label => label[..label.IndexOf('=', StringComparison.Ordinal)])
        .Where(name => name != "le").Distinct();

    private static string[] Series(Dictionary<string, Family> families) =>
        [.. families.Values.SelectMany(family => family.Samples.Select(sample => $"{sample.Name}{{{sample.Labels}}}")).Order(StringComparer.Ordinal)];

    private static async Task<Dictionary<string, Family>> ReadAsync(MetricsBoard board)
    {
        var page = new MemoryStream();
        await board.WriteAsync(page, CancellationToken.None);
        return MetricsText.Read(System.Text.Encoding.UTF8.GetString(page.ToArray()));
    }

    private async Task<string> SellAsync(int number, string customer)
    {
        var till = await _shop.TillAsync(number);
        var reference = await till.AsksForPaymentAsync(_shop, $"unheard-of-{number}", customer: customer);
        await till.SeesAsync("paid");
        await till.GetsDoneAsync(new TillCommand.Refund(reference, 500, "NOK", "Kari", "broken"));
        await till.SeesAsync(view => view.Refund?.Stage == "refunded");
        return reference;
    }

    private async Task<Dictionary<string, Family>> ScrapeAsync()
    {
        using var admin = _shop.Admin(null);
        return MetricsText.Read(await admin.GetStringAsync("/metrics"));
    }

    private sealed class Asking(Func<double> ask) : IMetricsSource
    {
        public void Register(MetricsBoard board)
        {
            board.Gauge("known", "Known.", () => 1);
            board.Gauge("asked", "Asked.", ["of"], async cancellation =>
            {
                await Task.Yield();
                cancellation.ThrowIfCancellationRequested();
                return (IReadOnlyList<Sample>)[new Sample(ask(), "storage")];
            });
        }
    }
}
